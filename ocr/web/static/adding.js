/** Where a word belongs that was missed: in which line, and between which words. */

import { boxOfLine, boxOfWord, shownLines } from "./reading.js";

/** A word belongs to a line whose height it shares by so much of its own. */
const SHARED = 0.4;
/** It is at most so many heights of the line away from it: more is another column. */
const AWAY = 4;

/** @returns {{lines: Line[], line: Line, place: number}} the lines of the page, with one more where none is for it, that line, and the place in it */
export function placeFor(page, box) {
  const found = lineFor(page, box);
  const line = found ?? { words: [] };
  const lines = found ? page.lines : page.lines.toSpliced(placeOfLine(page, box), 0, line);
  return { lines, line, place: line.words.filter((word) => along(line, boxOfWord(word)) < along(line, box)).length };
}

const middle = ([left, top, right, bottom]) => [(left + right) / 2, (top + bottom) / 2];

/** How far along a line a box is, in the direction in which its words follow each other. */
function along(line, box) {
  const letters = line.words.flatMap((word) => word.letters);
  const [x, y] = middle(box);
  if (letters.length < 2) return x;
  const [[startX, startY], [endX, endY]] = [middle(letters[0].box), middle(letters.at(-1).box)];
  return (x - startX) * (endX - startX) + (y - startY) * (endY - startY);
}

function lineFor(page, box) {
  const fits = shownLines(page)
    .map((line) => ({ line, ...nearness(boxOfLine(line), box) }))
    .filter(({ shares, away }) => shares > SHARED && away < AWAY);
  return fits.sort((a, b) => a.away - b.away || b.shares - a.shares)[0]?.line;
}

/** How much of a box's height, or of its width where a line runs down, a line shares, and how far away it is. */
function nearness([left, top, right, bottom], box) {
  const runsDown = bottom - top > 2 * (right - left);
  const [low, high, from, to] = runsDown ? [left, right, top, bottom] : [top, bottom, left, right];
  const [boxLow, boxHigh, boxFrom, boxTo] = runsDown
    ? [box[0], box[2], box[1], box[3]]
    : [box[1], box[3], box[0], box[2]];
  const shares = (Math.min(high, boxHigh) - Math.max(low, boxLow)) / Math.max(1, boxHigh - boxLow);
  return { shares, away: Math.max(0, from - boxTo, boxFrom - to) / Math.max(1, high - low) };
}

/** After the last line above that is in the same column, before the first below, or at the end. */
function placeOfLine(page, box) {
  const y = middle(box)[1];
  const lines = page.lines
    .map((line, k) => ({ k, box: line.words.length ? boxOfLine(line) : null }))
    .filter((one) => one.box);
  const inColumn = lines.filter((one) => one.box[0] < box[2] && box[0] < one.box[2]);
  const column = inColumn.length ? inColumn : lines;
  const above = column.filter((one) => middle(one.box)[1] < y).sort((a, b) => middle(b.box)[1] - middle(a.box)[1])[0];
  const below = column.filter((one) => middle(one.box)[1] >= y).sort((a, b) => middle(a.box)[1] - middle(b.box)[1])[0];
  return above ? above.k + 1 : below ? below.k : page.lines.length;
}
