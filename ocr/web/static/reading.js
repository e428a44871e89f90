/**
 * What was read, as the page works with it: pages of lines of words of letters.
 *
 * Words and letters are never changed: what is put right are other words in their place, so that undoing puts the
 * former ones back. `seen` of a letter is what the reader saw, the same for all that it is put right to; it is null
 * for letters that were added.
 */

import { glyphsOf } from "./glyph_picture.js";

/** Letters that are less sure than this are marked. */
export const UNSURE = 0.9;

/** @param answer one page, or several, as `/api/inspect` gives them */
export function pagesOf({ document, pages }) {
  return document.pages.map((page, k) => pageOf(page, pages[k]));
}

function pageOf(read, seen) {
  const pictures = glyphsOf(seen.glyphs);
  let count = 0;
  const letterOf = ({ text, box, confidence, alternatives }) => {
    const sight = { glyph: pictures[count], alternatives };
    count += 1;
    return { text, box, confidence, alternatives, corrected: false, seen: sight };
  };
  const wordOf = ({ glyphs, alternatives, confidence }) => ({ letters: glyphs.map(letterOf), alternatives, confidence });
  const { picture, scale, stages } = seen;
  const page = { number: read.number, width: read.width, height: read.height, picture, scale, stages };
  page.lines = read.lines.map((line) => ({ words: line.words.map(wordOf) }));
  page.was = page.saved = pageText(page);
  arrange(page);
  return page;
}

/** List the letters of a page, and tell of each where it stands: its place among them, its line and its word. */
function arrange(page) {
  page.letters = [];
  page.where = new Map();
  shownLines(page).forEach((line, row) => {
    for (const word of line.words) {
      for (const letter of word.letters) {
        page.where.set(letter, { place: page.letters.length, row, line, word });
        page.letters.push(letter);
      }
    }
  });
}

/** The lines that have words. */
export function shownLines({ lines }) {
  return lines.filter(({ words }) => words.length);
}

/** Where a letter stands; undefined where it is no longer on the page. */
export function whereIs(page, letter) {
  return page.where.get(letter);
}

/** The word of a line after another; undefined where it is the last. */
export function wordAfter({ words }, word) {
  return words[words.indexOf(word) + 1];
}

/**
 * Put other words in the place of some that follow each other in a line.
 * @returns whether they still stand there
 */
export function replaceWords(page, { line, before, after, place }) {
  const found = before.length ? line.words.indexOf(before[0]) : Math.min(place, line.words.length);
  if (found < 0 || before.some((word, k) => line.words[found + k] !== word)) return false;
  line.words = line.words.toSpliced(found, before.length, ...after);
  arrange(page);
  return true;
}

export function isUnsure(letter) {
  return letter.confidence < UNSURE && !letter.corrected;
}

export function wordText({ letters }) {
  return letters.map(({ text }) => text).join("");
}

const lineText = ({ words }) => words.map(wordText).join(" ");

function pageText(page) {
  return shownLines(page).map(lineText).join("\n");
}

/** The text of a whole reading: a form feed between pages and lines that end before it, as in the text format. */
export function readingText({ pages }) {
  return pages.map(pageText).map((text) => text && `${text}\n`).join("\f").replace(/\n$/, "");
}

/** Whether something of a reading was put right. */
export function isPutRight({ pages }) {
  return pages.some((page) => pageText(page) !== page.was);
}

/** Whether something was put right since it was downloaded. */
export function isUnsaved({ pages }) {
  return pages.some((page) => pageText(page) !== page.saved);
}

export function markSaved(pages) {
  for (const page of pages) page.saved = pageText(page);
}

/** A word of letters that were put right, or not all of them. */
export function wordOf(letters) {
  const word = { letters, confidence: Math.min(...letters.map(({ confidence }) => confidence)) };
  return { ...word, alternatives: [{ text: wordText(word), confidence: word.confidence }] };
}

/** A letter put right to another text, in its box or another. */
export function putRight(letter, text, box = letter.box) {
  return { ...sure(text, box), seen: letter.seen };
}

/** A letter that was not read. */
export function added(text, box) {
  return { ...sure(text, box), seen: null };
}

function sure(text, box) {
  return { text, box, confidence: 1, alternatives: [{ text, confidence: 1 }], corrected: true };
}

/** The smallest box that holds some. */
export function around(boxes) {
  const sides = (k) => boxes.map((box) => box[k]);
  return [Math.min(...sides(0)), Math.min(...sides(1)), Math.max(...sides(2)), Math.max(...sides(3))];
}

/** Some pages of a reading as a document in the project's JSON. */
export function documentOf({ source }, pages) {
  return { format: "ocr-json", version: 1, source, pages: pages.map(pageDocument) };
}

function pageDocument(page) {
  const { number, width, height } = page;
  return { number, width, height, text: pageText(page), lines: shownLines(page).map(lineDocument) };
}

function lineDocument(line) {
  const words = line.words.map(wordDocument);
  const mean = words.reduce((sum, { confidence }) => sum + confidence, 0) / words.length;
  return { text: lineText(line), box: around(words.map(({ box }) => box)), confidence: mean, words };
}

function wordDocument(word) {
  const glyphs = word.letters.map(({ text, box, confidence, alternatives }) => ({ text, box, confidence, alternatives }));
  const { confidence, alternatives } = word;
  return { text: wordText(word), box: around(glyphs.map(({ box }) => box)), confidence, alternatives, glyphs };
}
