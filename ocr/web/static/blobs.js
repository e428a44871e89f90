/**
 * Pictures as files: the browser keeps them on its disk, and a document of many pages takes little memory.
 *
 * An address is made for one when it is shown, and is given up again once many others were shown since.
 */

import { bytesOf } from "./glyph_picture.js";

const MOST = 60;
/** The addresses of files, those that were asked for last at the end. */
const addresses = new Map();

/** A `data:` URL as a file. */
export function blobOf(url) {
  const [head, content] = url.split(",", 2);
  return new Blob([bytesOf(content)], { type: head.slice("data:".length).split(";")[0] });
}

/**
 * Where a picture can be loaded from: a file, or what is an address already.
 * @param {Blob | string} picture
 * @returns {string}
 */
export function addressOf(picture) {
  if (typeof picture === "string") return picture;
  const address = addresses.get(picture) ?? URL.createObjectURL(picture);
  addresses.delete(picture);
  addresses.set(picture, address);
  const [eldest] = addresses;
  if (addresses.size > MOST) {
    URL.revokeObjectURL(eldest[1]);
    addresses.delete(eldest[0]);
  }
  return address;
}
