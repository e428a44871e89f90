/** The text laid over the picture, each word where it stands, and the order in which lines are read. */

import { shape } from "./elements.js";
import { boxOfLine, boxOfWord, shownLines, wordOf, wordText } from "./reading.js";

/** Heights of letters, and how deep some go below the line, as shares of the size of the type. */
const [CAPITAL, SMALL, BELOW] = [0.73, 0.54, 0.21];

/** @param {ReadPage} page */
export function overlayOf(page) {
  return shownLines(page).flatMap((line) => {
    const [left, top, right, bottom] = boxOfLine(line);
    const ground = shape("rect", { class: "paper", x: left, y: top, width: right - left, height: bottom - top });
    const runsDown = bottom - top > 2 * (right - left);
    const parts = runsDown
      ? line.words.flatMap(({ letters }) => letters.map((letter) => wordOf([letter])))
      : line.words;
    const sizes = parts.map(sizeOf).sort((a, b) => a - b);
    const size = Math.min(sizes[sizes.length >> 1], (bottom - top) / SMALL);
    return [ground, ...parts.map((part) => textOf(part, size))];
  });
}

const belowOf = (text) => (/[gjpqyçQ,;]/.test(text) ? BELOW : 0);

/** The size of type in which a word is as high as its box. */
function sizeOf(word) {
  const [, top, , bottom] = boxOfWord(word);
  const text = wordText(word);
  const above = /[\p{Lu}\p{N}bdfhklt!?]/u.test(text) ? CAPITAL : SMALL;
  return (bottom - top) / (above + belowOf(text));
}

/** A word as wide as its box, and standing where its letters do. */
function textOf(word, size) {
  const [left, , right, bottom] = boxOfWord(word);
  const text = wordText(word);
  const placed = { x: left, y: bottom - belowOf(text) * size, "font-size": size };
  return shape("text", { ...placed, textLength: right - left, lengthAdjust: "spacingAndGlyphs" }, text);
}

/** The number of each line, at its beginning. */
export function orderOf(page) {
  return shownLines(page).map((line, k) => {
    const [left, top, , bottom] = boxOfLine(line);
    const high = Math.min(bottom - top, page.height / 20);
    return shape(
      "text",
      { class: "order", x: left - 0.2 * high, y: (top + bottom) / 2, "font-size": 0.6 * high },
      String(k + 1),
    );
  });
}
