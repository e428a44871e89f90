/** What is done to letters, words and lines, without a browser. */

import assert from "node:assert/strict";
import { test } from "node:test";

const scripts = new URL("../../../../../ocr/web/static/", import.meta.url);
const { placeFor } = await import(`${scripts}adding.js`);
const { History } = await import(`${scripts}history.js`);
const { lineShifted, lineSplit, linesJoined, wordLifted, wordShifted, wordSplit, wordsJoined } = await import(
  `${scripts}layout_edits.js`
);
const { added, isUnsure, lettersOf, pageText, putRight, whereIs, withLetters, wordOf } = await import(
  `${scripts}reading.js`
);
const { retyped, sideBySide } = await import(`${scripts}retyping.js`);

const SIDE = 10;

/** A page whose letters stand in a grid: a row for each line, a column for each character. */
function pageOf(text) {
  const lines = text.split("\n").map((line, row) => {
    let column = 0;
    const words = line.split(" ").map((word) => {
      const letters = [...word].map((letter) => {
        const left = SIDE * column++;
        return added(letter, [left, 2 * SIDE * row, left + SIDE, 2 * SIDE * row + SIDE]);
      });
      column += 1;
      return wordOf(letters);
    });
    return { words };
  });
  return { number: 1, width: 400, height: 400, lines, blocks: [] };
}

const textOf = (page) => page && pageText(page);
const wordAt = (page, line, word) => page.lines[line].words[word];

test("words are joined and split, and where they cannot be there is no other page", () => {
  const page = pageOf("to day\nis");
  assert.equal(textOf(wordsJoined(page, wordAt(page, 0, 0), 1).page), "today\nis");
  assert.equal(textOf(wordsJoined(page, wordAt(page, 0, 1), -1).page), "today\nis");
  assert.equal(wordsJoined(page, wordAt(page, 0, 1), 1), null);
  assert.equal(textOf(wordSplit(page, wordAt(page, 0, 1).letters[1])), "to d ay\nis");
  assert.equal(wordSplit(page, wordAt(page, 0, 1).letters[0]), null);
});

test("lines are joined, split and moved", () => {
  const page = pageOf("a b\nc");
  assert.equal(textOf(lineSplit(page, wordAt(page, 0, 1))), "a\nb\nc");
  assert.equal(lineSplit(page, wordAt(page, 0, 0)), null);
  assert.equal(textOf(linesJoined(page, wordAt(page, 0, 0))), "a b c");
  assert.equal(linesJoined(page, wordAt(page, 1, 0)), null);
  assert.equal(textOf(lineShifted(page, wordAt(page, 1, 0), -1)), "c\na b");
  assert.equal(lineShifted(page, wordAt(page, 1, 0), 1), null);
});

test("a word is moved along its line, or to where it stands in another", () => {
  const page = pageOf("a b\nc d e");
  assert.equal(textOf(wordShifted(page, wordAt(page, 0, 0), 1)), "b a\nc d e");
  assert.equal(wordShifted(page, wordAt(page, 0, 0), -1), null);
  assert.equal(textOf(wordLifted(page, wordAt(page, 1, 2), -1)), "a b e\nc d");
  const alone = pageOf("a\nb");
  assert.equal(wordLifted(alone, wordAt(alone, 0, 0), -1), null);
  assert.equal(textOf(wordLifted(alone, wordAt(alone, 0, 0), 1)), "a b");
});

test("no page is changed by what is made of it", () => {
  const page = pageOf("a b\nc");
  const [letter] = lettersOf(page);
  const other = withLetters(page, new Map([[letter, putRight(letter, "x")]]));
  assert.deepEqual([textOf(page), textOf(other)], ["a b\nc", "x b\nc"]);
  assert.equal(other.lines[1], page.lines[1]);
  assert.equal(whereIs(other, letter), undefined);
});

test("a word that is typed anew keeps the letters that are the same", () => {
  const word = wordAt(pageOf("letrer"), 0, 0);
  const same = retyped(word, "letter");
  assert.equal(same.isEven, true);
  assert.deepEqual(
    same.words[0].letters.map(({ box }) => box),
    word.letters.map(({ box }) => box),
  );
  const longer = retyped(word, "let rers");
  assert.equal(longer.isEven, false);
  assert.deepEqual(
    longer.words.map(({ letters }) => letters.map(({ text }) => text).join("")),
    ["let", "rers"],
  );
  assert.deepEqual(longer.words[0].letters[0].box, word.letters[0].box);
  assert.deepEqual(retyped(word, " ").words, []);
});

test("letters in one box stand side by side, none without a width", () => {
  assert.deepEqual(
    sideBySide([..."abc"], [0, 0, 2, 5]).map(({ box }) => box),
    [
      [0, 0, 1, 5],
      [0, 0, 1, 5],
      [1, 0, 2, 5],
    ],
  );
});

test("what was missed goes into the line and between the words where it stands", () => {
  const page = pageOf("ab cd\nef");
  const { line, place } = placeFor(page, [SIDE * 2, 0, SIDE * 3, SIDE]);
  assert.deepEqual([page.lines.indexOf(line), place], [0, 1]);
  const below = placeFor(page, [0, 300, SIDE, 310]);
  assert.deepEqual([below.lines.length, below.lines.indexOf(below.line), below.place], [3, 2, 0]);
});

test("a letter that was put right is not unsure", () => {
  const unsure = { text: "a", confidence: 0.5, corrected: false, box: [0, 0, 1, 1], seen: null };
  assert.deepEqual([isUnsure(unsure), isUnsure(putRight(unsure, "b"))], [true, false]);
});

test("a history goes back and forth, and what was taken back is given up by another step", () => {
  const history = new History([{ name: "a" }]);
  history.commit({ name: "b" }, "to b");
  history.commit({ name: "c" }, "to c");
  assert.equal(history.undo(), "to c");
  assert.deepEqual([history.present.name, history.last, history.next], ["b", "to b", "to c"]);
  assert.equal(history.redo(), "to c");
  history.undo();
  history.commit({ name: "d" }, "to d");
  assert.deepEqual([history.present.name, history.canRedo, history.last], ["d", false, "to d"]);
});

test("a history keeps its last three hundred steps", () => {
  const history = new History([0]);
  for (let step = 1; step <= 400; step += 1) history.commit(step, step);
  assert.deepEqual([history.documents.length, history.present, history.last], [301, 400, 400]);
  while (history.canUndo) history.undo();
  assert.equal(history.present, 100);
});
