/**
 * What was read, as the page works with it: a document of pages of lines of words of letters.
 *
 * None of them is ever changed. What is put right is another document, which shares with the former one all that is
 * the same in both; so a history of documents costs little, and each can be shown again. `seen` of a letter is what
 * the reader saw, the same for all that it is put right to; it is null for letters that were added.
 */

import { blobOf } from "./blobs.js";
import { bytesOf } from "./glyph_picture.js";

/** Letters that are less sure than this are marked. */
export const UNSURE = 0.9;

let count = 0;

/** A key that no other reading has. */
export function freshKey() {
  count += 1;
  return `${Date.now().toString(36)}-${count.toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}

/**
 * @param {any} answer one page, or several, as `/api/inspect` gives them
 * @returns {ReadPage[]}
 */
export function pagesOf({ document, pages }) {
  return document.pages.map((page, k) => pageOf(page, pages[k]));
}

/** @returns {ReadPage} */
function pageOf(read, { picture, scale, stages: images, glyphs: encoded, votes = [] }) {
  const glyphs = new Blob([bytesOf(encoded)]);
  const stages = images.map(({ name, image }) => ({ name, image: blobOf(image) }));
  const key = freshKey();
  /** @type {Sight} */
  const sight = { key, picture: blobOf(picture), scale, stages, glyphs, seen: [] };
  const letterOf = ({ text, box, confidence, alternatives }) => {
    const number = sight.seen.length;
    /** @type {Seen} */
    const seen = { at: [key, number], glyphs, alternatives, votes: votes[number] ?? null };
    sight.seen.push(seen);
    return { text, box, confidence, alternatives, corrected: false, seen };
  };
  const wordOfRead = ({ glyphs: letters, alternatives, confidence }) => ({
    letters: letters.map(letterOf),
    alternatives,
    confidence,
  });
  const lines = read.lines.map(({ words }) => ({ words: words.map(wordOfRead) }));
  const page = { number: read.number, width: read.width, height: read.height, sight, lines, blocks: read.blocks ?? [] };
  return { ...page, was: textOf(page) };
}

/**
 * A page that is not read yet: its picture alone.
 * @returns {ReadPage}
 */
export function unreadPage({ number, width, height, picture, scale }) {
  const sight = { key: null, picture, scale, stages: [], seen: [] };
  return { number, width, height, sight, lines: [], blocks: [], was: "", isUnread: true };
}

/** @type {WeakMap<ReadPage, {letters: Letter[], where: Map<Letter, Place>}>} */
const layouts = new WeakMap();

/** The letters of a page, and of each where it stands: its place among them, its row, its line and its word. */
function layoutOf(page) {
  const known = layouts.get(page);
  if (known) return known;
  /** @type {{letters: Letter[], where: Map<Letter, Place>}} */
  const layout = { letters: [], where: new Map() };
  shownLines(page).forEach((line, row) => {
    for (const word of line.words) {
      for (const letter of word.letters) {
        layout.where.set(letter, { place: layout.letters.length, row, line, word });
        layout.letters.push(letter);
      }
    }
  });
  layouts.set(page, layout);
  return layout;
}

/** @type {(page: ReadPage) => Letter[]} */
export const lettersOf = (page) => layoutOf(page).letters;

/**
 * Where a letter stands; undefined where it is not on the page.
 * @type {(page: ReadPage, letter: Letter) => any}
 */
export const whereIs = (page, letter) => layoutOf(page).where.get(letter);

/**
 * The lines that have words.
 * @type {(page: {lines: Line[]}) => Line[]}
 */
export const shownLines = ({ lines }) => lines.filter(({ words }) => words.length);

/**
 * The word of a line after another; undefined where it is the last.
 * @type {(line: Line, word: Word) => Word | undefined}
 */
export const wordAfter = ({ words }, word) => words[words.indexOf(word) + 1];

/**
 * A page with other lines in the place of one; with none, that is gone.
 * @param {ReadPage} page
 * @param {Line} line
 * @param {Line[]} fresh
 */
export function withLine(page, line, ...fresh) {
  return { ...page, lines: page.lines.toSpliced(page.lines.indexOf(line), 1, ...fresh) };
}

/**
 * A page with other words in the place of some that follow each other in a line, or at a place of it.
 * @param {ReadPage} page
 * @param {{line: Line, before: Word[], after: Word[], place?: any}} change
 * @returns {ReadPage}
 */
export function withWords(page, { line, before, after, place }) {
  const found = before.length ? line.words.indexOf(before[0]) : place;
  return withLine(page, line, { ...line, words: line.words.toSpliced(found, before.length, ...after) });
}

/**
 * A page on which some letters are others.
 * @param {ReadPage} page
 * @param {Map<Letter, Letter>} changes
 * @returns {ReadPage}
 */
export function withLetters(page, changes) {
  const changedWord = (word) =>
    word.letters.some((one) => changes.has(one)) ? wordOf(word.letters.map((one) => changes.get(one) ?? one)) : word;
  const changedLine = (line) => {
    const words = line.words.map(changedWord);
    return words.every((word, k) => word === line.words[k]) ? line : { ...line, words };
  };
  return { ...page, lines: page.lines.map(changedLine) };
}

/** @type {(letter: Letter) => boolean} */
export const isUnsure = (letter) => letter.confidence < UNSURE && !letter.corrected;

/** @type {(word: {letters: Letter[]}) => string} */
export const wordText = ({ letters }) => letters.map(({ text }) => text).join("");

/** @type {(line: Line) => string} */
export const lineText = ({ words }) => words.map(wordText).join(" ");

/** @type {(page: {lines: Line[]}) => string} */
const textOf = (page) => shownLines(page).map(lineText).join("\n");

/** @type {WeakMap<ReadPage, string>} */
const texts = new WeakMap();

/**
 * @param {ReadPage} page
 * @returns {string}
 */
export function pageText(page) {
  const text = texts.get(page) ?? textOf(page);
  texts.set(page, text);
  return text;
}

/** The text of a whole document: a form feed between pages and lines that end before it, as in the text format. */
export function readingText({ pages }) {
  return pages
    .map(pageText)
    .map((text) => text && `${text}\n`)
    .join("\f")
    .replace(/\n$/, "");
}

/** Whether something of a document was put right. */
export const isPutRight = ({ pages }) => pages.some((page) => pageText(page) !== page.was);

/**
 * A word of letters that were put right, or not all of them.
 * @param {Letter[]} letters
 * @returns {Word}
 */
export function wordOf(letters) {
  const word = { letters, confidence: Math.min(...letters.map(({ confidence }) => confidence)) };
  return { ...word, alternatives: [{ text: wordText(word), confidence: word.confidence }] };
}

/**
 * A letter put right to another text, in its box or another.
 * @type {(letter: Letter, text: string, box?: Box) => Letter}
 */
export const putRight = (letter, text, box = letter.box) => ({ ...sure(text, box), seen: letter.seen });

/**
 * A letter that was not read.
 * @type {(text: string, box: Box) => Letter}
 */
export const added = (text, box) => ({ ...sure(text, box), seen: null });

export function sure(text, box) {
  return { text, box, confidence: 1, alternatives: [{ text, confidence: 1 }], corrected: true };
}

/**
 * The smallest box that holds some.
 * @param {Box[]} boxes
 * @returns {Box}
 */
export function around(boxes) {
  const sides = (k) => boxes.map((box) => box[k]);
  return [Math.min(...sides(0)), Math.min(...sides(1)), Math.max(...sides(2)), Math.max(...sides(3))];
}

/** @type {(word: Word) => Box} */
export const boxOfWord = ({ letters }) => around(letters.map(({ box }) => box));

/** @type {(line: Line) => Box} */
export const boxOfLine = ({ words }) => around(words.map(boxOfWord));

/** Some pages of a document in the project's JSON. */
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
  return { text: lineText(line), box: boxOfLine(line), confidence: mean, words };
}

function wordDocument(word) {
  const glyphs = word.letters.map(({ text, box, confidence, alternatives }) => ({
    text,
    box,
    confidence,
    alternatives,
  }));
  const { confidence, alternatives } = word;
  return { text: wordText(word), box: boxOfWord(word), confidence, alternatives, glyphs };
}
