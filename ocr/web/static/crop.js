/** Parts of the pictures of pages. */

import { contextOf, element } from "./elements.js";

/** So many pictures are decoded at a time: a wall has crops of hundreds of pages. */
const LANES = 4;
/** @type {Promise<unknown>[]} */
const lanes = new Array(LANES).fill(Promise.resolve());
let next = 0;
const images = new WeakMap();

/** The picture of a page, once it can be drawn. */
export async function imageOf({ sight }) {
  if (!images.has(sight)) {
    const lane = next++ % LANES;
    const image = lanes[lane].then(() => decoded(sight.picture));
    images.set(sight, image);
    lanes[lane] = image.catch(() => images.delete(sight));
  }
  return images.get(sight);
}

/** @param {Blob | string} picture a file, or its address */
async function decoded(picture) {
  const image = new Image();
  const address = typeof picture === "string" ? picture : URL.createObjectURL(picture);
  image.src = address;
  try {
    await image.decode();
    return image;
  } finally {
    if (address !== picture) URL.revokeObjectURL(address);
  }
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
