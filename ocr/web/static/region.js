/** One part of a page read anew, and nothing else of it. */

import { upload } from "./api.js";
import { imageOf } from "./crop.js";
import { contextOf, element } from "./elements.js";
import { around, boxOfWord, pagesOf, shownLines } from "./reading.js";

/** Pixels round a box that are read with it, as a share of its height. */
const MARGIN = 0.15;

/**
 * Read the part of a page in a box.
 * @returns {Promise<{lines: Line[], sight: Sight}>} the lines found there, in the frame of the page, and what was seen of them
 */
export async function readRegion({ file, query }, page, box, pipeline) {
  const region = regionOf(page, box);
  const asked = { ...query, pipeline, pages: page.number, region: region.join(",") };
  const [read] = pagesOf(await (await upload("/api/inspect", { file }, { query: asked })).json());
  const lines = shownLines(read);
  // only the letters are wanted: the picture of the page is there already
  return { lines, sight: { ...read.sight, picture: null, stages: [] } };
}

/**
 * Read the part of a page in a box as turned clockwise by some quarters.
 * @returns {Promise<{lines: Line[], sight: Sight}>} as by `readRegion`
 */
export async function readTurned({ query }, page, box, pipeline, quarters) {
  const image = await imageOf(page);
  const scale = image.naturalWidth / page.width;
  const [left, top, width, height] = regionOf(page, box);
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  const isUpright = quarters % 2 === 0;
  const canvas = element("canvas", { width: isUpright ? wide : high, height: isUpright ? high : wide });
  const context = contextOf(canvas);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((quarters * Math.PI) / 2);
  context.drawImage(image, left * scale, top * scale, wide, high, -wide / 2, -high / 2, wide, high);
  /** @type {Blob} */
  const blob = await new Promise((done) => canvas.toBlob((made) => done(/** @type {Blob} */ (made)), "image/png"));
  const file = new File([blob], "part.png", { type: "image/png" });
  const answer = await upload("/api/inspect", { file }, { query: { ...query, pipeline, pages: null } });
  const [read] = pagesOf(await answer.json());
  /** @type {(box: Box) => Box} */
  const back = (found) => {
    const corners = turnedBack(found, wide, high, quarters);
    return /** @type {Box} */ (corners.map((side, k) => Math.round((k % 2 ? top : left) + side / scale)));
  };
  const letter = (one) => ({ ...one, box: back(one.box) });
  const word = (one) => ({ ...one, letters: one.letters.map(letter) });
  const lines = shownLines(read).map((line) => ({ ...line, words: line.words.map(word) }));
  return { lines, sight: { ...read.sight, picture: null, stages: [] } };
}

/** A box on a picture of `wide` x `high` pixels that was turned clockwise by some quarters, as it is on the picture. */
export function turnedBack([left, top, right, bottom], wide, high, quarters) {
  if (quarters === 1) return [top, high - right, bottom, high - left];
  if (quarters === 2) return [wide - right, high - bottom, wide - left, high - top];
  if (quarters === 3) return [wide - bottom, left, wide - top, right];
  return [left, top, right, bottom];
}

/** Left, top, width and height of a box with a margin, within the page. */
function regionOf({ width, height }, [left, top, right, bottom]) {
  const margin = Math.ceil(MARGIN * (bottom - top)) + 2;
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)];
  return [x, y, Math.min(width, right + margin) - x, Math.min(height, bottom + margin) - y];
}

/** The box of some words. */
export const boxOfWords = (words) => around(words.map(boxOfWord));
