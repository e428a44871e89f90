/** The text that was read: every letter a button, moved between by arrow keys, put right where it stands. */

import { byId, element, percent } from "./elements.js";
import { isUnsure, lettersOf, shownLines, whereIs, wordText } from "./reading.js";

let page = null;
let buttons = [];
let spans = new Map();
let chosen = null;
let act = null;

/** What keys do with Alt. */
const ALT = {
  ArrowLeft: (letter) => act.shift(wordOf(letter), -1),
  ArrowRight: (letter) => act.shift(wordOf(letter), 1),
  ArrowUp: (letter) => act.lift(wordOf(letter), -1),
  ArrowDown: (letter) => act.lift(wordOf(letter), 1),
  PageUp: (letter) => act.shiftLine(wordOf(letter), -1),
  PageDown: (letter) => act.shiftLine(wordOf(letter), 1),
  Enter: (letter) => act.splitLine(wordOf(letter)),
  Delete: (letter) => act.joinLines(wordOf(letter)),
  r: (letter) => act.readAnew(wordOf(letter)),
};

/**
 * @param {Actions} actions `choose(letter)`, `point(letter or null)`, `letter(letter, text)`, `confirm()`,
 *   `remove(letter)`, `word(word, text)`, `join(word, step)`, and what `ALT` names
 */
export function startText(actions) {
  act = actions;
  const text = byId("text");
  text.addEventListener("click", (event) => choose(letterOf(event)));
  text.addEventListener("focusin", (event) => choose(letterOf(event)));
  text.addEventListener("pointerover", (event) => event.pointerType === "mouse" && act.point(letterOf(event)));
  text.addEventListener("pointerleave", () => act.point(null));
  text.addEventListener("dblclick", (event) => letterOf(event) && editWord(wordOf(letterOf(event))));
  text.addEventListener("keydown", pressed);
}

/** Show the text of a page, as it stands by now. */
export function showText(shown) {
  page = shown;
  buttons = lettersOf(page).map(buttonOf);
  spans = new Map();
  chosen = null;
  const wordSpan = (word) => {
    const span = element("span", { class: "word" }, ...word.letters.map((letter) => buttons[placeOf(letter)]));
    spans.set(word, span);
    return span;
  };
  const lines = shownLines(page).map(({ words }) =>
    element("p", { class: "line" }, ...words.flatMap((word, k) => (k ? [" ", wordSpan(word)] : [wordSpan(word)]))),
  );
  const said = page.isUnread ? "Not read yet." : "No letters were found.";
  const nothing = element("p", { class: "quiet" }, said);
  byId("text").replaceChildren(...(lines.length ? lines : [nothing]));
}

function buttonOf(letter, place) {
  const unsure = isUnsure(letter);
  const state = letter.corrected ? "put right" : percent(letter.confidence) + (unsure ? ", unsure" : "");
  const kinds = [unsure && "unsure", letter.corrected && "corrected"].filter(Boolean).join(" ");
  const label = `${letter.text}, ${state}`;
  return element(
    "button",
    { type: "button", class: kinds, "data-place": place, tabindex: place ? -1 : 0, "aria-label": label },
    letter.text,
  );
}

/** Mark a letter as the one that was chosen; `focus` takes the keyboard there too. */
export function markChosen(letter, focus) {
  if (chosen && whereIs(page, chosen)) {
    buttons[placeOf(chosen)].tabIndex = -1;
    buttons[placeOf(chosen)].classList.remove("chosen");
  }
  chosen = letter;
  const button = buttons[placeOf(letter)];
  button.tabIndex = 0;
  button.classList.add("chosen");
  if (focus) goTo(letter);
}

/** Mark a letter as the one that is pointed at, or none. */
export function markPointed(letter) {
  byId("text").querySelector(".pointed")?.classList.remove("pointed");
  if (letter) buttons[placeOf(letter)].classList.add("pointed");
}

/** Put a field in the place of a word. */
export function editWord(word) {
  const span = spans.get(word);
  const before = wordText(word);
  const first = word.letters[0];
  const field = element("input", {
    value: before,
    "aria-label": `Put right the word ${before}`,
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
  });
  const size = () => (field.style.width = `${[...field.value].length + 2}ch`);
  let open = true;
  const close = (saves) => {
    if (!open) return;
    open = false;
    const text = field.value.trim();
    span.replaceChildren(...word.letters.map((letter) => buttons[placeOf(letter)]));
    if (saves && text !== before) act.word(word, text);
    else goTo(first);
  };
  const join = (step) => {
    if (field.value !== before) return false;
    open = false;
    span.replaceChildren(...word.letters.map((letter) => buttons[placeOf(letter)]));
    act.join(word, step);
    return true;
  };
  field.addEventListener("input", size);
  field.addEventListener("blur", () => close(true));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const isAt = (place) => field.selectionStart === place && field.selectionEnd === place;
    const joins =
      (event.key === "Backspace" && isAt(0) && join(-1)) ||
      (event.key === "Delete" && isAt(field.value.length) && join(1));
    if (joins) event.preventDefault();
    else if (event.key === "Escape") close(false);
  });
  const submitted = (event) => {
    event.preventDefault();
    close(true);
  };
  span.replaceChildren(element("form", { class: "word-form", onsubmit: submitted }, field));
  size();
  field.focus();
  field.select();
}

const placeOf = (letter) => whereIs(page, letter).place;
const wordOf = (letter) => whereIs(page, letter).word;

function letterOf(event) {
  const button = event.target.closest("button[data-place]");
  return button ? lettersOf(page)[button.dataset.place] : null;
}

function choose(letter) {
  if (letter && letter !== chosen) act.choose(letter);
}

function pressed(event) {
  const letter = letterOf(event);
  if (!letter || event.ctrlKey || event.metaKey) return;
  if (event.altKey) {
    if (!Object.hasOwn(ALT, event.key)) return;
    event.preventDefault();
    ALT[event.key](letter);
    return;
  }
  const target = moved(letter, event.key);
  if (target) goTo(target);
  else if (event.key === "Enter" || event.key === "F2") editWord(wordOf(letter));
  else if (event.key === "Delete" || event.key === "Backspace") act.remove(letter);
  else if (event.key === " ") act.confirm();
  else if ([...event.key].length === 1) act.letter(letter, event.key);
  else return;
  event.preventDefault();
}

function goTo(letter) {
  const button = buttons[placeOf(letter)];
  button.focus({ preventScroll: true });
  button.scrollIntoView({ block: "nearest" });
}

/** The letter that a key leads to from another; undefined where it leads nowhere. */
function moved(letter, key) {
  const letters = lettersOf(page);
  const { place, row } = whereIs(page, letter);
  const inRow = (number) => letters.filter((one) => whereIs(page, one).row === number);
  const middle = ({ box }) => (box[0] + box[2]) / 2;
  const nearest = (number) =>
    inRow(number).sort((a, b) => Math.abs(middle(a) - middle(letter)) - Math.abs(middle(b) - middle(letter)))[0];
  switch (key) {
    case "ArrowLeft":
      return letters[place - 1];
    case "ArrowRight":
      return letters[place + 1];
    case "ArrowUp":
      return nearest(row - 1);
    case "ArrowDown":
      return nearest(row + 1);
    case "Home":
      return inRow(row)[0];
    case "End":
      return inRow(row).at(-1);
    default:
      return undefined;
  }
}
