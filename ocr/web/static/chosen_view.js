/** The letter that was chosen on a picture, or is pointed at: its crop, what the network saw, what it may be, and why. */

import { bars } from "./bars.js";
import { cropOf } from "./crop.js";
import { byId, element, percent } from "./elements.js";
import { glyphOf, glyphPicture } from "./glyph_picture.js";
import { letterForm } from "./letter_form.js";
import { shownLines, whereIs, wordAfter, wordText } from "./reading.js";
import { votesOf } from "./votes.js";

const CROP = 192;

/**
 * @param page the page that it is on
 * @param {Actions} actions what can be done to letters, words and lines
 */
export function showChosen(page, letter, actions) {
  const place = whereIs(page, letter);
  const isOpen = byId("chosen").querySelector(".arrange")?.hasAttribute("open") ?? false;
  byId("chosen").replaceChildren(
    element("div", { class: "letter" }, ...letterParts(page, letter, actions)),
    ...votesOf(letter),
    wordRow(letter, place, actions),
    arrangeRow(page, letter, place, actions, isOpen),
  );
}

const figure = (picture, caption) => element("figure", {}, picture, element("figcaption", {}, caption));

function letterParts(page, letter, actions) {
  const put = (text) => actions.letter(letter, text);
  const glyph =
    letter.seen && figure(glyphPicture(glyphOf(letter.seen), `What the network saw of ${letter.text}`), "28 × 28");
  return [
    figure(cropOf(page, letter.box, CROP, "The letter"), letter.seen ? "On the picture" : "Added"),
    glyph,
    bars(letter.seen?.alternatives ?? letter.alternatives, put),
    letterForm(letter.text, put),
  ];
}

/** @type {(name: string, onclick: () => void, label: string, title?: string | null) => HTMLElement} */
const named = (name, onclick, label, title = null) =>
  element("button", { type: "button", class: name, onclick, title }, label);

function wordRow(letter, { line, word }, actions) {
  const text = wordText(word);
  const others = word.alternatives.filter((one) => one.text !== text).slice(0, 3);
  const take = ({ text: other, confidence }) =>
    element(
      "button",
      { type: "button", onclick: () => actions.word(word, other) },
      other,
      " ",
      element("small", {}, percent(confidence)),
    );
  const next = wordAfter(line, word);
  const state = letter.corrected ? "put right" : `${percent(word.confidence)} sure`;
  return element(
    "div",
    { class: "word-row" },
    element("p", {}, element("b", {}, text), element("span", { class: "quiet" }, ` ${state}`)),
    element(
      "div",
      { class: "row" },
      ...others.map(take),
      letter.seen && named("none", () => actions.notLetter(letter), "Not a letter"),
      next && named("join", () => actions.join(word, 1), `Join with ${wordText(next)}`),
      named("remove", () => actions.word(word, ""), "Remove word"),
      named("edit", () => actions.editWord(word), "Edit word"),
    ),
  );
}

/** What is done more rarely: words and lines put elsewhere, or read anew. */
function arrangeRow(page, letter, { line, word }, actions, isOpen) {
  const lines = shownLines(page);
  const [row, at] = [lines.indexOf(line), line.words.indexOf(word)];
  const places = [
    at > 0 && named("earlier", () => actions.shift(word, -1), "← Word", "Alt ←"),
    at < line.words.length - 1 && named("later", () => actions.shift(word, 1), "Word →", "Alt →"),
    row > 0 && named("up", () => actions.lift(word, -1), "Word to the line above", "Alt ↑"),
    row < lines.length - 1 && named("down", () => actions.lift(word, 1), "Word to the line below", "Alt ↓"),
    word.letters.indexOf(letter) > 0 && named("split", () => actions.splitWord(letter), `Split before ${letter.text}`),
    at > 0 && named("split-line", () => actions.splitLine(word), "New line here", "Alt Enter"),
    row < lines.length - 1 && named("join-lines", () => actions.joinLines(word), "Join with next line", "Alt Delete"),
    row > 0 && named("line-up", () => actions.shiftLine(word, -1), "Line ↑", "Alt Page Up"),
    row < lines.length - 1 && named("line-down", () => actions.shiftLine(word, 1), "Line ↓", "Alt Page Down"),
    page.blocks.length > 1 && named("block-up", () => actions.shiftBlock(word, -1), "Block ↑"),
    page.blocks.length > 1 && named("block-down", () => actions.shiftBlock(word, 1), "Block ↓"),
    named("remove-line", () => actions.removeLine(word), "Remove line"),
    named("anew", () => actions.readAnew(word), "Read word anew", "Alt R"),
    named("line-anew", () => actions.readLineAnew(word), "Read line anew"),
    named("turn-word", () => actions.turnWord(word), "Turn word ↻", "Read it as turned by a quarter"),
    named("turn-line", () => actions.turnLine(word), "Turn line ↻", "Read it as turned by a quarter"),
    named("redraw", () => actions.redraw(word), "Draw its box anew"),
  ];
  return element(
    "details",
    { class: "arrange", open: isOpen },
    element("summary", {}, "Words and lines"),
    element("div", { class: "row" }, ...places.filter(Boolean)),
  );
}
