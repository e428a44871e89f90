/** Putting a document right: letters, words and lines; kept as examples where it is known what to learn. */

import { byId, foundIn } from "./elements.js";
import {
  blockShifted,
  lineShifted,
  lineSplit,
  linesJoined,
  wordLifted,
  wordShifted,
  wordSplit,
  wordsJoined,
} from "./layout_edits.js";
import { showError, tell } from "./notices.js";
import { boxOfLine, lettersOf, putRight, whereIs, withLine, withWords, wordOf, wordText } from "./reading.js";
import { boxOfWords, readRegion, readTurned } from "./region.js";
import { retyped } from "./retyping.js";
import { commit, now } from "./work.js";

const UNEVEN = "Not kept as examples: it has another number of letters than were found.";
const UNLEARNT = "Nothing is learned from this.";
const REMOVED = "Removed. Nothing is learned from this; “Not a letter” says that a mark is none.";

const example = ({ seen }, label) => ({ letter: seen, label });

/** Put other words in the place of a letter's word. */
function inPlaceOf(page, letter, after) {
  const { line, word } = whereIs(page, letter);
  return withWords(page, { line, before: [word], after });
}

/** The words of a page with a letter's word spelled otherwise. */
function withLetterAs(page, letter, fresh) {
  const { word } = whereIs(page, letter);
  const letters = word.letters.flatMap((one) => (one === letter ? fresh : [one]));
  return inPlaceOf(page, letter, letters.length ? [wordOf(letters)] : []);
}

/** Put one letter right, and go on to the next. */
export function putLetter(letter, text) {
  const { page } = now();
  const fresh = putRight(letter, text.normalize());
  const isInPanel = byId("chosen").contains(document.activeElement);
  const next = isInPanel ? fresh : (lettersOf(page)[whereIs(page, letter).place + 1] ?? fresh);
  commit([[page, withLetterAs(page, letter, [fresh])]], { next, wanted: [example(letter, fresh.text)] });
}

/** Say that a letter is what it was read as. */
export function confirmLetter(letter, next) {
  const { page } = now();
  const fresh = putRight(letter, letter.text);
  commit([[page, withLetterAs(page, letter, [fresh])]], {
    next: next ?? fresh,
    wanted: [example(letter, fresh.text)],
    told: { what: "Confirmed." },
  });
}

/** Take a letter out of the text; `label` is what to keep of it. */
function takeOut(letter, label, told) {
  const { page } = now();
  const letters = lettersOf(page);
  const { place } = whereIs(page, letter);
  const next = letters[place + 1] ?? letters[place - 1] ?? null;
  commit([[page, withLetterAs(page, letter, [])]], { next, wanted: [example(letter, label)], told });
}

export const removeLetter = (letter) => takeOut(letter, null, { what: REMOVED });
export const notLetter = (letter) => takeOut(letter, "", { what: "Removed: no letter." });

/** Put a word right, to several where there are spaces in `text`, to none where it is empty. */
export function putWord(word, text) {
  const { page } = now();
  const { words, isEven } = retyped(word, text);
  const known = new Map(words.flatMap(({ letters }) => letters).map((letter) => [letter.seen, letter.text]));
  const wanted = word.letters.map((letter) => {
    // what was kept of it stays
    const isSame = !isEven && known.get(letter.seen) === letter.text;
    return isSame ? null : example(letter, isEven ? known.get(letter.seen) : null);
  });
  const told = words.length ? { note: isEven ? "" : UNEVEN } : { what: "Removed.", note: UNLEARNT };
  const letters = lettersOf(page);
  const { place } = whereIs(page, word.letters[0]);
  const next = words[0]?.letters[0] ?? letters[place + word.letters.length] ?? letters[place - 1] ?? null;
  commit([[page, inPlaceOf(page, word.letters[0], words)]], { next, wanted: wanted.filter(Boolean), told });
}

/** Join a word with the one after it, or with the one before where `step` is -1. */
export function joinWords(word, step) {
  const { page } = now();
  const joined = wordsJoined(page, word, step);
  if (joined) arrange(joined.page, word, `Joined: “${wordText(joined.word)}”.`);
  else foundIn("text", "button.chosen")?.focus();
}

/** Go on with a page on which words stand otherwise, if there is one. */
function arrange(fresh, word, what, next = word.letters[0]) {
  if (fresh) commit([[now().page, fresh]], { next, told: { what } });
}

export const splitWord = (letter) => arrange(wordSplit(now().page, letter), null, "Split.", letter);
export const splitLine = (word) => arrange(lineSplit(now().page, word), word, "A new line begins here.");
export const joinLines = (word) => arrange(linesJoined(now().page, word), word, "Joined with the next line.");
export const shiftWord = (word, step) => arrange(wordShifted(now().page, word, step), word, "Moved.");
export const liftWord = (word, step) => arrange(wordLifted(now().page, word, step), word, "Moved.");
export const shiftLine = (word, step) => arrange(lineShifted(now().page, word, step), word, "Line moved.");

export const shiftBlock = (word, step) => arrange(blockShifted(now().page, word, step), word, "Block moved.");

/** Remove the line of a word. */
export function removeLine(word) {
  const { page } = now();
  const { line } = whereIs(page, word.letters[0]);
  const wanted = line.words.flatMap(({ letters }) => letters).map((letter) => example(letter, null));
  const fresh = withLine(page, line);
  commit([[page, fresh]], {
    next: lettersOf(fresh)[0] ?? null,
    wanted,
    told: { what: "Line removed.", note: UNLEARNT },
  });
}

/** Read a word anew, in its box or in another. */
export async function readWordAnew(word, box = boxOfWords([word]), read = readRegion, remember = (_) => {}) {
  await anew(
    read,
    box,
    "word",
    (page, lines) => {
      const words = lines.flatMap((line) => line.words);
      for (const one of words) remember(one);
      return words.length ? [inPlaceOf(page, word.letters[0], words), words] : null;
    },
    word.letters,
  );
}

/** By how many quarters lines, and words, were turned to be read. */
const turns = new WeakMap();

/** What reads a part as turned by a quarter more than it was. */
function turnedOnce(part) {
  const quarters = ((turns.get(part) ?? 0) + 1) % 4;
  turns.set(part, quarters);
  return {
    read: (item, page, box, pipeline) => readTurned(item, page, box, pipeline, quarters),
    remember: (fresh) => turns.set(fresh, quarters),
  };
}

/** Read a word anew, as turned clockwise by a quarter. */
export function turnWord(word) {
  const { read, remember } = turnedOnce(word);
  return readWordAnew(word, boxOfWords([word]), read, remember);
}

/** Read the line of a word anew, as turned clockwise by a quarter. */
export function turnLine(word) {
  const { line } = whereIs(now().page, word.letters[0]);
  const { read, remember } = turnedOnce(line);
  return readLineAnew(word, read, remember);
}

/** Read the line of a word anew. */
export async function readLineAnew(word, read = readRegion, remember = (_) => {}) {
  const { page } = now();
  const { line } = whereIs(page, word.letters[0]);
  await anew(
    read,
    boxOfLine(line),
    "line",
    (current, lines) => {
      const words = lines.flatMap((one) => one.words);
      const fresh = { ...line, words };
      remember(fresh);
      return words.length ? [withLine(current, line, fresh), words] : null;
    },
    line.words.flatMap(({ letters }) => letters),
  );
}

/** Read a box anew, and put what is found there in its place, unless the page was changed meanwhile. */
async function anew(read, box, pipeline, replaced, letters) {
  const { item, page } = now();
  byId("picture").classList.add("rereading");
  try {
    const { lines, sight } = await read(item, page, box, pipeline);
    const found = replaced(page, lines);
    if (now().page !== page) tell("The page was changed while this was read; read it once more.");
    else if (!found) tell("No letters were found there.");
    else {
      const [fresh, words] = found;
      const text = words.map(wordText).join(" ");
      const told = { what: `Read anew: “${text}”.`, note: UNLEARNT };
      commit([[page, withSight(fresh, sight)]], {
        next: words[0].letters[0],
        wanted: letters.map((letter) => example(letter, null)),
        told,
      });
    }
  } catch (error) {
    showError(error);
  } finally {
    byId("picture").classList.remove("rereading");
  }
}

/** A page with something more that was seen of it. */
export const withSight = (page, sight) => ({ ...page, others: [...(page.others ?? []), sight] });
