/** Parts of the pictures of pages. */

import { addressOf } from "./blobs.js";
import { contextOf, element } from "./elements.js";

const images = new WeakMap();

/** The picture of a page, once it can be drawn. */
export async function imageOf({ sight }) {
  if (!images.has(sight)) {
    const image = new Image();
    image.src = addressOf(sight.picture);
    images.set(
      sight,
      image.decode().then(() => image),
    );
  }
  return images.get(sight);
}

/** The part of a page's picture in a box and a little around it, as a canvas; `what` is in it. */
export function cropOf(page, [left, top, right, bottom], size, what) {
  const canvas = element("canvas", {
    class: "crop",
    width: size,
    height: size,
    role: "img",
    "aria-label": `${what} on the picture`,
  });
  const draw = (image) => {
    const scale = image.naturalWidth / page.width;
    const side = 1.3 * scale * Math.max(right - left, bottom - top);
    const x = (scale * (left + right)) / 2 - side / 2;
    const y = (scale * (top + bottom)) / 2 - side / 2;
    contextOf(canvas).drawImage(image, x, y, side, side, 0, 0, size, size);
  };
  imageOf(page).then(draw, () => null);
  return canvas;
}
