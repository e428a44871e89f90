/** What was read on a picture, as the page works with it: pages of lines of words of letters, and corrections. */

import { glyphsOf } from "./glyph_picture.js";

/** Letters that are less sure than this are marked. */
export const UNSURE = 0.9;

/** @param answer what `/api/inspect` gives */
export function readingOf({ document, pages }) {
  return {
    source: document.source,
    pages: document.pages.map((page, k) => pageOf(page, pages[k])),
  };
}

function pageOf(page, seen) {
  const pictures = glyphsOf(seen.glyphs);
  const letters = [];
  const lines = page.lines.map((line) => ({ words: line.words.map(wordOf) }));
  lines.forEach((line, number) => {
    for (const word of line.words) {
      for (const letter of word.letters) {
        Object.assign(letter, { word, line: number, glyph: pictures[letters.length], place: letters.length });
        letters.push(letter);
      }
    }
  });
  const { picture, scale, stages } = seen;
  return { number: page.number, width: page.width, height: page.height, picture, scale, stages, lines, letters };
}

/** `typed` is the text of a word that was put right to more or fewer letters; `spaced`, a space put before a letter. */
function wordOf({ glyphs, alternatives, confidence }) {
  const letters = glyphs.map((glyph) => ({
    text: glyph.text,
    box: glyph.box,
    confidence: glyph.confidence,
    top: glyph.alternatives,
    corrected: false,
    spaced: false,
  }));
  return { letters, alternatives, confidence, was: letters.map(({ text }) => text).join(""), typed: null };
}

export function isPutRight(letter) {
  return letter.corrected || letter.word.typed !== null;
}

export function isUnsure(letter) {
  return letter.confidence < UNSURE && !isPutRight(letter);
}

/** What changes of a word when these letters of it are put right, for `restore`. */
export function stateOf(word, letters) {
  const states = letters.map((letter) => [letter, { text: letter.text, corrected: letter.corrected, spaced: letter.spaced }]);
  return { word, typed: word.typed, states };
}

/** Undo what was put right since `stateOf`. */
export function restore({ word, typed, states }) {
  word.typed = typed;
  for (const [letter, state] of states) Object.assign(letter, state);
}

/** A word as it stands, corrections and all. */
export function wordText(word) {
  const text = word.letters.map((letter) => (letter.spaced ? " " : "") + letter.text).join("");
  return word.typed ?? text.trim().replace(/ +/g, " ");
}

/** The text of a whole reading: a form feed between pages and lines that end before it, as in the text format. */
export function readingText({ pages }) {
  const lineText = (line) => line.words.map(wordText).filter(Boolean).join(" ");
  const texts = pages.map((page) => page.lines.map(lineText).filter(Boolean).join("\n"));
  return texts.map((text) => text && `${text}\n`).join("\f").replace(/\n$/, "");
}

/** The words that were put right, as `/api/read` takes them. */
export function corrections({ pages }) {
  const words = pages.flatMap((page) => page.lines.flatMap((line) => line.words));
  return words
    .map((word, place) => ({ word: place, was: word.was, text: wordText(word) }))
    .filter(({ was, text }) => was !== text);
}

/** Put one letter right, of a word that was not typed anew; an empty text says that it is none. */
export function correctLetter(letter, text) {
  letter.text = text.normalize();
  letter.corrected = true;
}

/**
 * Put a word right, to several where there are spaces in `text`; returns whether its letters are known by it:
 * not where there are more or fewer characters than letters were found, which is then a typed word.
 */
export function correctWord(word, text) {
  const parts = text.normalize().split(" ").map((part) => [...part]);
  const characters = parts.flat();
  if (characters.length !== word.letters.length) {
    word.typed = text.normalize();
    return false;
  }
  let count = 0;
  const ends = new Set(parts.map((part) => (count += part.length)));
  word.typed = null;
  word.letters.forEach((letter, k) => {
    correctLetter(letter, characters[k]);
    letter.spaced = ends.has(k);
  });
  return true;
}
