/** Lines and words put elsewhere on a page: split, joined and moved. Each gives another page, or null where it cannot be. */

import { boxOfLine, boxOfWord, shownLines, whereIs, withLine, withWords, wordAfter, wordOf } from "./reading.js";

const lineOf = (page, word) => whereIs(page, word.letters[0]).line;

/** A word joined with the one after it, or with the one before where `step` is -1: {page, word}. */
export function wordsJoined(page, word, step) {
  const line = lineOf(page, word);
  const first = step > 0 ? word : line.words[line.words.indexOf(word) - 1];
  const second = first && wordAfter(line, first);
  if (!first || !second) return null;
  const joined = wordOf([...first.letters, ...second.letters]);
  return { page: withWords(page, { line, before: [first, second], after: [joined] }), word: joined };
}

/** A word split before a letter. */
export function wordSplit(page, letter) {
  const { line, word } = whereIs(page, letter);
  const at = word.letters.indexOf(letter);
  if (at < 1) return null;
  const after = [wordOf(word.letters.slice(0, at)), wordOf(word.letters.slice(at))];
  return withWords(page, { line, before: [word], after });
}

/** A line split before a word. */
export function lineSplit(page, word) {
  const line = lineOf(page, word);
  const at = line.words.indexOf(word);
  if (at < 1) return null;
  return withLine(page, line, { ...line, words: line.words.slice(0, at) }, { ...line, words: line.words.slice(at) });
}

/** The line of a word joined with the one after it. */
export function linesJoined(page, word) {
  const line = lineOf(page, word);
  const lines = shownLines(page);
  const next = lines[lines.indexOf(line) + 1];
  if (!next) return null;
  return withLine(withLine(page, next), line, { ...line, words: [...line.words, ...next.words] });
}

/** A word moved by one place along its line. */
export function wordShifted(page, word, step) {
  const line = lineOf(page, word);
  const at = line.words.indexOf(word);
  if (at + step < 0 || at + step >= line.words.length) return null;
  const others = line.words.toSpliced(at, 1);
  return withLine(page, line, { ...line, words: others.toSpliced(at + step, 0, word) });
}

/** A word moved to the line above or below, to where it stands on the picture. */
export function wordLifted(page, word, step) {
  const line = lineOf(page, word);
  const lines = shownLines(page);
  const target = lines[lines.indexOf(line) + step];
  if (!target) return null;
  const x = middle(boxOfWord(word));
  const place = target.words.filter((one) => middle(boxOfWord(one)) < x).length;
  const rest = line.words.filter((one) => one !== word);
  const lifted = withLine(page, target, { ...target, words: target.words.toSpliced(place, 0, word) });
  return rest.length ? withLine(lifted, line, { ...line, words: rest }) : withLine(lifted, line);
}

/** The line of a word moved by one place in the order of the text. */
export function lineShifted(page, word, step) {
  const line = lineOf(page, word);
  const lines = shownLines(page);
  const at = lines.indexOf(line);
  if (at + step < 0 || at + step >= lines.length) return null;
  return { ...page, lines: lines.toSpliced(at, 1).toSpliced(at + step, 0, line) };
}

/** The lines of a word's block moved past those of the block before, or after, in the order of the text. */
export function blockShifted(page, word, step) {
  const runs = blockRuns(page);
  const at = runs.findIndex((run) => run.includes(lineOf(page, word)));
  if (runs.length < 2 || at + step < 0 || at + step >= runs.length) return null;
  return {
    ...page,
    lines: runs
      .toSpliced(at, 1)
      .toSpliced(at + step, 0, runs[at])
      .flat(),
  };
}

/** The lines of a page in runs: those that follow each other in one block. */
function blockRuns(page) {
  /** @type {Line[][]} */
  const runs = [];
  let before = null;
  for (const line of shownLines(page)) {
    const block = blockOf(page, line);
    if (runs.length && block && block === before) runs[runs.length - 1].push(line);
    else runs.push([line]);
    before = block;
  }
  return runs;
}

/** The smallest block of a page in which the middle of a line is; undefined where there is none. */
function blockOf({ blocks }, line) {
  const [left, top, right, bottom] = boxOfLine(line);
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const size = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);
  const holding = blocks.filter(({ box }) => box[0] <= x && x <= box[2] && box[1] <= y && y <= box[3]);
  return holding.sort((a, b) => size(a) - size(b))[0];
}

/** @type {(box: Box) => number} */
const middle = ([left, , right]) => (left + right) / 2;
