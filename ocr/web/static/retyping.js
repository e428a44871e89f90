/** Words typed anew: which of the letters that were found are which of those that were typed. */

import { added, around, putRight, wordOf } from "./reading.js";

/**
 * The words that a typed text makes of a word, several where there is white space in it, none where it is empty.
 *
 * Letters keep what was seen of them where it is clear which they are; others share the box of those that they were
 * taken for.
 * @param {Word} word
 * @param {string} text
 * @returns {{words: Word[], isEven: boolean}} whether there are as many letters as were found, so that each is known
 */
export function retyped(word, text) {
  const parts = text
    .normalize()
    .split(/\s+/)
    .filter(Boolean)
    .map((part) => [...part]);
  const characters = parts.flat();
  const isEven = characters.length === word.letters.length;
  const letters = isEven
    ? word.letters.map((letter, k) => putRight(letter, characters[k]))
    : together(word.letters, characters).flatMap(([first, last, start, stop]) =>
        shared(word.letters.slice(first, last), characters.slice(start, stop)),
      );
  const words = parts.map(({ length }) => wordOf(letters.splice(0, length)));
  return { words, isEven };
}

/** Letters of a text in one box, side by side. */
export function sideBySide(characters, [left, top, right, bottom]) {
  const edge = (k) => left + Math.floor(((right - left) * k) / characters.length);
  return characters.map((text, k) => added(text, [edge(k), top, Math.max(edge(k + 1), edge(k) + 1), bottom]));
}

/** Characters in the place of letters: each its own, or where there are more or fewer, side by side in their box. */
function shared(letters, characters) {
  if (letters.length === characters.length) return letters.map((letter, k) => putRight(letter, characters[k]));
  const fresh = sideBySide(characters, around(letters.map(({ box }) => box)));
  if (letters.length !== 1) return fresh;
  // beside it something was missed
  const same = characters.indexOf(letters[0].text);
  return fresh.map((one, k) => (k === same ? putRight(letters[0], one.text, one.box) : one));
}

/**
 * Which letters and which characters belong together, as [first, last, start, stop]: the longest common sequence
 * one by one, what differs between as a whole; missed characters belong to the letter before, or else after.
 */
function together(letters, characters) {
  /** @type {[number, number, number, number][]} */
  const parts = [];
  let missed = 0;
  let [letter, character] = [0, 0];
  for (const [nextLetter, nextCharacter] of [...common(letters, characters), [letters.length, characters.length]]) {
    /** @type {[number, number, number, number]} */
    const differs = [letter, nextLetter, character, nextCharacter];
    if (nextLetter > letter && nextCharacter > character) parts.push(differs);
    else if (nextCharacter > character && parts.length) parts[parts.length - 1][3] = nextCharacter;
    else if (nextCharacter > character) missed = nextCharacter - character;
    if (nextLetter < letters.length) parts.push([nextLetter, nextLetter + 1, nextCharacter, nextCharacter + 1]);
    [letter, character] = [nextLetter + 1, nextCharacter + 1];
  }
  if (missed && parts.length) parts[0][2] -= missed;
  return parts;
}

/** The places of a longest common sequence of letters and characters. */
function common(letters, characters) {
  const [rows, columns] = [letters.length, characters.length];
  const lengths = Array.from({ length: rows + 1 }, () => new Array(columns + 1).fill(0));
  const same = (k, n) => letters[k].text === characters[n];
  for (let k = rows - 1; k >= 0; k -= 1) {
    for (let n = columns - 1; n >= 0; n -= 1) {
      lengths[k][n] = same(k, n) ? lengths[k + 1][n + 1] + 1 : Math.max(lengths[k + 1][n], lengths[k][n + 1]);
    }
  }
  const places = [];
  for (let [k, n] = [0, 0]; k < rows && n < columns; ) {
    if (same(k, n)) places.push([k++, n++]);
    else if (lengths[k + 1][n] >= lengths[k][n + 1]) k += 1;
    else n += 1;
  }
  return places;
}
