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

function wordOf({ glyphs, alternatives, confidence }) {
  const letters = glyphs.map((glyph) => ({
    text: glyph.text,
    box: glyph.box,
    confidence: glyph.confidence,
    top: glyph.alternatives,
    corrected: false,
  }));
  return { letters, alternatives, confidence, was: letters.map(({ text }) => text).join(""), typed: null };
}

export function isUnsure(letter) {
  return letter.confidence < UNSURE && !letter.corrected && letter.word.typed === null;
}

/** What of a word changes when it is put right, for `restore`. */
export function stateOf(word) {
  return { word, typed: word.typed, letters: word.letters.map(({ text, corrected }) => ({ text, corrected })) };
}

/** Undo what was put right in a word since `stateOf`. */
export function restore({ word, typed, letters }) {
  word.typed = typed;
  word.letters.forEach((letter, k) => Object.assign(letter, letters[k]));
}

/** A word as it stands, corrections and all. */
export function wordText(word) {
  return word.typed ?? word.letters.map((letter) => letter.text).join("");
}

/** The text of a whole reading: a form feed between pages, as in the text format. */
export function readingText({ pages }) {
  const lineText = (line) => line.words.map(wordText).filter(Boolean).join(" ");
  return pages.map((page) => page.lines.map(lineText).filter(Boolean).join("\n")).join("\f");
}

/** The words that were put right, as `/api/read` takes them. */
export function corrections({ pages }) {
  const words = pages.flatMap((page) => page.lines.flatMap((line) => line.words));
  return words
    .map((word, place) => ({ word: place, was: word.was, text: wordText(word) }))
    .filter(({ was, text }) => was !== text);
}

/** Put one letter right; an empty text says that it is none. */
export function correctLetter(letter, text) {
  letter.text = text.normalize();
  letter.corrected = true;
}

/**
 * Put a word right; returns the letters that are known by it: all of them, or none where there are more or
 * fewer characters than letters were found, so that which belongs to which is not known.
 */
export function correctWord(word, text) {
  const characters = [...text.normalize()];
  if (characters.length !== word.letters.length) {
    word.typed = characters.join("");
    return [];
  }
  word.typed = null;
  word.letters.forEach((letter, k) => correctLetter(letter, characters[k]));
  return word.letters;
}
