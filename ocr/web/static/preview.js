/** The picture of a file as the browser itself can show it. */

import { unreadPage } from "./reading.js";

/** What of a file can be shown before the server has seen it: a picture that the browser knows. */
export async function previewOf(item) {
  if (!/^image\/(png|jpeg|webp|gif|bmp|avif)$/.test(item.file.type)) return;
  const image = new Image();
  image.src = item.address ??= URL.createObjectURL(item.file);
  try {
    await image.decode();
    item.preview ??= unreadPage({
      number: 1,
      width: image.naturalWidth,
      height: image.naturalHeight,
      picture: image.src,
      scale: 1,
    });
  } catch {
    // it may be of a kind that the server alone can read
  }
}

/** The file itself where it is one picture that the browser knows: it is finer than what the server sends of it. */
export function pictureOf(item, document, page) {
  const isWhole = document?.pages.length === 1 && item.count === 1;
  const isSame = item.preview?.width === page.width && item.preview?.height === page.height;
  return isWhole && isSame && item.address ? item.address : page.sight.picture;
}
