/** The 28x28 pictures that the network sees: base64 of bytes, ink 255 on 0. */

import { contextOf, element } from "./elements.js";

const SIDE = 28;
const SIZE = SIDE * SIDE;

/** Bytes of base64. */
export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) bytes[k] = text.charCodeAt(k);
  return bytes;
}

/** Base64 of bytes. */
export function base64Of(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * The picture of a letter that was read.
 * @param {{at: [string, number], glyphs: Blob}} seen
 */
export async function glyphOf({ at: [, number], glyphs }) {
  return new Uint8Array(await glyphs.slice(number * SIZE, (number + 1) * SIZE).arrayBuffer());
}

/**
 * A canvas of 28x28 pixels with a glyph, light on dark as the network sees it.
 * @param {Uint8Array | Promise<Uint8Array>} bytes
 * @param {string} label
 */
export function glyphPicture(bytes, label) {
  const canvas = element("canvas", {
    class: "glyph pixels",
    width: SIDE,
    height: SIDE,
    role: "img",
    "aria-label": label,
  });
  const paint = (glyph) => {
    const context = contextOf(canvas);
    const image = context.createImageData(SIDE, SIDE);
    for (const [k, ink] of glyph.entries()) image.data.set([ink, ink, ink, 255], 4 * k);
    context.putImageData(image, 0, 0);
  };
  if (bytes instanceof Promise) bytes.then(paint, () => null);
  else paint(bytes);
  return canvas;
}
