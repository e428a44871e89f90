/** One part of a page read anew, and nothing else of it. */

import { upload } from "./api.js";
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

/** Left, top, width and height of a box with a margin, within the page. */
function regionOf({ width, height }, [left, top, right, bottom]) {
  const margin = Math.ceil(MARGIN * (bottom - top)) + 2;
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)];
  return [x, y, Math.min(width, right + margin) - x, Math.min(height, bottom + margin) - y];
}

/** The box of some words. */
export const boxOfWords = (words) => around(words.map(boxOfWord));
