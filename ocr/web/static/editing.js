/** Putting a reading right: letters, words, what was missed; kept as examples where it is known what to learn. */

import { placeFor } from "./adding.js";
import { keep } from "./corrections.js";
import { byId, element } from "./elements.js";
import { base64Of } from "./glyph_picture.js";
import { crop, letBoxBeDrawn } from "./picture_view.js";
import { putRight, replaceWords, whereIs, wordAfter, wordOf, wordText } from "./reading.js";
import { retyped, sideBySide } from "./retyping.js";

const CROP = 192;
const UNEVEN = "Not kept as examples: it has another number of letters than were found.";
const UNLEARNT = "Nothing is learned from this.";
const REMOVED = "Removed. Nothing is learned from this; “Not a letter” says that a mark is none.";

let now = null;
let changed = null;
/** How to take back what was done, the last at the end. */
let undos = [];

/**
 * @param tools {now() returns {reading, page}, changed(page, letter to choose, focus)}
 * @returns what can be done to letters and words
 */
export function startEditing(tools) {
  ({ now, changed } = tools);
  byId("add").addEventListener("click", () => showAdding(byId("add").getAttribute("aria-pressed") === "false"));
  byId("add-form").addEventListener("submit", add);
  byId("add-cancel").addEventListener("click", () => byId("add-dialog").close());
  document.addEventListener("keydown", shortcut);
  return { letter: putLetter, notLetter, remove, word: putWord, join };
}

/** Ctrl+Z takes back what was done last, Escape stops adding. */
function shortcut(event) {
  if (byId("read").hidden || event.target.closest("input, select, textarea, dialog")) return;
  if (event.key === "Escape") showAdding(false);
  if (!(event.ctrlKey || event.metaKey) || event.key !== "z" || !undos.length) return;
  event.preventDefault();
  undos.at(-1)();
}

/**
 * Put words in the place of others.
 * @param wanted what is to be kept of letters, as `keep` takes it
 * @param next the letter to choose
 */
function edit({ page, line, before, after, place }, next, wanted, told) {
  const { reading } = now();
  replaceWords(page, { line, before, after, place });
  changed(page, next, true);
  const revert = () => {
    undos = undos.filter((one) => one !== undo);
    const focus = byId("text").contains(document.activeElement);
    const isBack = replaceWords(page, { line, before: after, after: before, place });
    if (isBack) changed(page, before[0]?.letters[0] ?? null, focus);
    return isBack;
  };
  const { undo } = keep(reading.source, wanted.filter(({ letter }) => letter), revert, told);
  undos.push(undo);
}

const example = ({ seen }, label) => ({ letter: seen, label, glyph: seen && base64Of(seen.glyph) });

/** A word, where it stands, and what is to be in its place. */
function inPlaceOf(page, letter, after) {
  const { line, word } = whereIs(page, letter);
  return { page, line, before: [word], after, place: line.words.indexOf(word) };
}

/** Put one letter right, and go on to the next. */
function putLetter(letter, text) {
  const { page } = now();
  const fresh = putRight(letter, text.normalize());
  const { word, place } = whereIs(page, letter);
  const letters = word.letters.map((one) => (one === letter ? fresh : one));
  const isInPanel = byId("chosen").contains(document.activeElement);
  edit(inPlaceOf(page, letter, [wordOf(letters)]), fresh, [example(letter, fresh.text)]);
  const next = page.letters[place + 1];
  if (!isInPanel && next) changed(page, next, true);
}

/** Take a letter out of the text; `label` is what to keep of it. */
function takeOut(letter, label, told) {
  const { page } = now();
  const { word, place } = whereIs(page, letter);
  const letters = word.letters.filter((one) => one !== letter);
  const next = page.letters[place + 1] ?? page.letters[place - 1] ?? null;
  edit(inPlaceOf(page, letter, letters.length ? [wordOf(letters)] : []), next, [example(letter, label)], told);
}

const remove = (letter) => takeOut(letter, null, { what: REMOVED });
const notLetter = (letter) => takeOut(letter, "");

/** Put a word right, to several where there are spaces in `text`, to none where it is empty. */
function putWord(word, text) {
  const { page } = now();
  const { words, isEven } = retyped(word, text);
  const known = new Map(words.flatMap(({ letters }) => letters).map((letter) => [letter.seen, letter.text]));
  const wanted = word.letters.map((letter) => {
    // what was kept of it stays
    const isSame = !isEven && known.get(letter.seen) === letter.text;
    return isSame ? null : example(letter, isEven ? known.get(letter.seen) : null);
  });
  const told = words.length ? { note: isEven ? "" : UNEVEN } : { what: "Removed.", note: UNLEARNT };
  const { place } = whereIs(page, word.letters[0]);
  const next = words[0]?.letters[0] ?? page.letters[place + word.letters.length] ?? page.letters[place - 1] ?? null;
  edit(inPlaceOf(page, word.letters[0], words), next, wanted.filter(Boolean), told);
}

/** Join a word with the one after it, or with the one before where `step` is -1. */
function join(word, step) {
  const { page } = now();
  const { line } = whereIs(page, word.letters[0]);
  const first = step > 0 ? word : line.words[line.words.indexOf(word) - 1];
  const second = first && wordAfter(line, first);
  if (!first || !second) {
    changed(page, word.letters[0], true);
    return;
  }
  const joined = wordOf([...first.letters, ...second.letters]);
  const where = { page, line, before: [first, second], after: [joined], place: line.words.indexOf(first) };
  edit(where, joined.letters[0], [], { what: `Joined: “${wordText(joined)}”.` });
}

/** Let a box be drawn round what was missed. */
function showAdding(begins) {
  byId("add").setAttribute("aria-pressed", begins);
  byId("add-means").hidden = !begins;
  letBoxBeDrawn(begins ? askWhatItSays : null);
}

let box = null;

function askWhatItSays(drawn) {
  box = drawn;
  showAdding(false);
  byId("add-picture").replaceChildren(crop(box, CROP, "What was missed"));
  byId("add-text").value = "";
  byId("add-dialog").showModal();
}

function add(event) {
  event.preventDefault();
  // it gives the keyboard back to where it was
  byId("add-dialog").close();
  const { page } = now();
  const parts = byId("add-text").value.normalize().split(/\s+/).filter(Boolean).map((part) => [...part]);
  if (!parts.length) return;
  const letters = sideBySide(parts.flat(), box);
  let count = 0;
  const words = parts.map(({ length }) => wordOf(letters.slice(count, (count += length))));
  edit({ page, before: [], after: words, ...placeFor(page, box) }, letters[0], [], { what: "Added.", note: UNLEARNT });
}
