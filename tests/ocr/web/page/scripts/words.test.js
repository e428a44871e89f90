/** What is done to letters, words and lines, without a browser. */

import assert from "node:assert/strict";
import { test } from "node:test";

const scripts = new URL("../../../../../ocr/web/static/", import.meta.url);
const { placeFor } = await import(`${scripts}adding.js`);
const { History } = await import(`${scripts}history.js`);
const { answersOf, patchAt } = await import(`${scripts}filter_view.js`);
const { blockShifted, lineShifted, lineSplit, linesJoined, wordLifted, wordShifted, wordSplit, wordsJoined } =
  await import(`${scripts}layout_edits.js`);
const { added, isUnsure, lettersOf, pageText, putRight, whereIs, withLetters, wordOf } = await import(
  `${scripts}reading.js`
);
const { pagesAfter } = await import(`${scripts}reading_queue.js`);
const { turnedBack } = await import(`${scripts}region.js`);
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

test("the lines of a block are moved together", () => {
  const block = (top, bottom) => ({ box: [0, top, 100, bottom] });
  const page = { ...pageOf("a\nb\nc"), blocks: [block(0, 30), block(40, 50)] };
  assert.equal(textOf(blockShifted(page, wordAt(page, 0, 0), 1)), "c\na\nb");
  assert.equal(textOf(blockShifted(page, wordAt(page, 2, 0), -1)), "c\na\nb");
  assert.equal(blockShifted(page, wordAt(page, 2, 0), 1), null);
  const alone = pageOf("a");
  assert.equal(blockShifted(alone, wordAt(alone, 0, 0), 1), null);
});

test("a box on a picture that was turned is put back to where it was", () => {
  const [wide, high] = [30, 20];
  // the upper left corner is at the upper right once turned clockwise, and so on
  assert.deepEqual(turnedBack([high - 4, 0, high, 3], wide, high, 1), [0, 0, 3, 4]);
  assert.deepEqual(turnedBack([wide - 3, high - 4, wide, high], wide, high, 2), [0, 0, 3, 4]);
  assert.deepEqual(turnedBack([0, wide - 3, 4, wide], wide, high, 3), [0, 0, 3, 4]);
  assert.deepEqual(turnedBack([0, 0, 3, 4], wide, high, 0), [0, 0, 3, 4]);
});

test("what is left of some pages after one of them was read", () => {
  assert.equal(pagesAfter("", 20), "21-");
  assert.equal(pagesAfter(undefined, 1), "2-");
  assert.equal(pagesAfter("1-3,7, 10-", 2), "3,7,10-");
  assert.equal(pagesAfter("1-8", 3), "4-8");
  assert.equal(pagesAfter("1-3", 3), "");
});

test("a filter gives the sum of a patch times its weights, with nothing round the picture", () => {
  const picture = new Float32Array(28 * 28);
  picture[0] = 1;
  picture[29] = 2;
  assert.deepEqual([...patchAt(picture, 0, 0, 3, 3)], [0, 0, 0, 0, 1, 0, 0, 0, 2]);
  const filter = [0, 0, 0, 0, 10, 0, 0, 0, 100];
  assert.equal(answersOf(picture, filter, 3, 3)[0], 210);
  assert.equal(answersOf(picture, filter, 3, 3)[29], 20);
});
