/** The 28x28 pictures that the network sees: base64 of bytes, ink 255 on 0. */

import { contextOf, element } from "./elements.js";

const SIDE = 28;
const SIZE = SIDE * SIDE;

/** Bytes of base64. */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Base64 of bytes. */
export function base64Of(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** The pictures of many glyphs, one after another in `base64`. */
export function glyphsOf(base64) {
  const bytes = bytesOf(base64);
  return Array.from({ length: bytes.length / SIZE }, (_, k) => bytes.subarray(k * SIZE, (k + 1) * SIZE));
}

/** A canvas of 28x28 pixels with a glyph, light on dark as the network sees it. */
export function glyphPicture(bytes, label) {
  const canvas = element("canvas", {
    class: "glyph pixels",
    width: SIDE,
    height: SIDE,
    role: "img",
    "aria-label": label,
  });
  const context = contextOf(canvas);
  const image = context.createImageData(SIDE, SIDE);
  for (const [k, ink] of bytes.entries()) image.data.set([ink, ink, ink, 255], 4 * k);
  context.putImageData(image, 0, 0);
  return canvas;
}
