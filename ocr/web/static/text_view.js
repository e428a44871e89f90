/** The text that was read: every letter a button, moved between by arrow keys, put right where it stands. */

import { byId, element, percent } from "./elements.js";
import { isPutRight, isUnsure, wordText } from "./reading.js";

let page = null;
let buttons = [];
let spans = new Map();
let chosen = null;
let marked = null;
let act = null;

/** @param actions {choose(letter), point(letter), letter(letter, text), word(word, text)} */
export function startText(actions) {
  act = actions;
  const text = byId("text");
  text.addEventListener("click", (event) => choose(letterOf(event)));
  text.addEventListener("focusin", (event) => choose(letterOf(event)));
  text.addEventListener("pointerover", (event) => {
    const letter = event.pointerType === "mouse" ? letterOf(event) : null;
    if (letter && letter !== chosen) act.point(letter);
  });
  text.addEventListener("dblclick", (event) => letterOf(event) && editWord(letterOf(event).word));
  text.addEventListener("keydown", pressed);
}

export function showText(shown) {
  page = shown;
  chosen = marked = null;
  buttons = page.letters.map((_, k) => element("button", { type: "button", "data-place": k, tabindex: k ? -1 : 0 }));
  spans = new Map();
  const lines = page.lines.map((line) => {
    const words = line.words.map((word) => {
      spans.set(word, element("span", { class: "word" }));
      return spans.get(word);
    });
    return element("p", { class: "line" }, ...words.flatMap((word, k) => (k ? [" ", word] : [word])));
  });
  byId("text").replaceChildren(...lines);
  for (const word of spans.keys()) fill(word);
}

/** Show a word anew after a correction. */
export function refreshWord(word) {
  fill(word);
}

/** Mark a letter as the one looked at; `focus` takes the keyboard there too. */
export function markChosen(letter, focus) {
  if (marked) {
    marked.tabIndex = -1;
    marked.classList.remove("chosen");
  }
  chosen = letter;
  marked = buttonOf(letter);
  marked.tabIndex = 0;
  marked.classList.add("chosen");
  if (focus) marked.focus({ preventScroll: true });
  if (focus) marked.scrollIntoView({ block: "nearest" });
}

/** Put a field in the place of a word. */
export function editWord(word) {
  const span = spans.get(word);
  const before = wordText(word);
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
    const text = field.value.trim().replace(/\s+/g, " ");
    fill(word);
    if (saves && text && text !== before) act.word(word, text);
    word.letters.map(buttonOf).find((button) => !button.hidden)?.focus({ preventScroll: true });
  };
  field.addEventListener("input", size);
  field.addEventListener("blur", () => close(true));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close(false);
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

/** The button of a letter; a typed word has but one, its first. */
function buttonOf({ word, place }) {
  return buttons[word.typed === null ? place : word.letters[0].place];
}

function fill(word) {
  const parts = [];
  let before = "";
  word.letters.forEach((letter, k) => {
    const text = word.typed === null ? letter.text : k ? "" : word.typed;
    const gap = letter.spaced && word.typed === null && before;
    const button = buttons[letter.place];
    const unsure = isUnsure(letter);
    const corrected = isPutRight(letter);
    button.textContent = text;
    button.hidden = !text;
    button.classList.toggle("unsure", unsure);
    button.classList.toggle("corrected", corrected);
    const state = corrected ? "put right" : percent(letter.confidence) + (unsure ? ", unsure" : "");
    button.setAttribute("aria-label", `${text}, ${state}`);
    if (gap) parts.push(" ");
    before = text || (gap ? "" : before);
    parts.push(button);
  });
  spans.get(word).replaceChildren(...parts);
}

function letterOf(event) {
  const button = event.target.closest("button[data-place]");
  return button ? page.letters[button.dataset.place] : null;
}

function choose(letter) {
  if (letter && letter !== chosen) act.choose(letter);
}

function pressed(event) {
  const letter = letterOf(event);
  if (!letter || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = moved(letter, event.key);
  const erases = event.key === "Delete" || event.key === "Backspace";
  const writes = [...event.key].length === 1 && event.key !== " ";
  const typed = letter.word.typed !== null;
  if (target) markAndGo(target);
  else if (event.key === "Enter" || event.key === "F2" || typed && (erases || writes)) editWord(letter.word);
  else if (erases || writes) put(letter, erases ? "" : event.key);
  else return;
  event.preventDefault();
}

/** Put a letter right and go on to the next. */
function put(letter, text) {
  const next = moved(letter, "ArrowRight") ?? moved(letter, "ArrowLeft");
  act.letter(letter, text);
  if (next) markAndGo(next);
}

function markAndGo(letter) {
  buttonOf(letter).focus({ preventScroll: true });
  buttonOf(letter).scrollIntoView({ block: "nearest" });
}

/** The letter that a key leads to from another; undefined where it leads nowhere. */
function moved(letter, key) {
  const { letters } = page;
  const seen = letters.filter((one) => !buttons[one.place].hidden);
  const inLine = (line) => seen.filter((one) => one.line === line);
  const middle = ({ box }) => (box[0] + box[2]) / 2;
  const below = (line) =>
    inLine(line).sort((a, b) => Math.abs(middle(a) - middle(letter)) - Math.abs(middle(b) - middle(letter)))[0];
  const place = seen.indexOf(letter);
  switch (key) {
    case "ArrowLeft": return seen[place - 1];
    case "ArrowRight": return seen[place + 1];
    case "ArrowUp": return below(letter.line - 1);
    case "ArrowDown": return below(letter.line + 1);
    case "Home": return inLine(letter.line)[0];
    case "End": return inLine(letter.line).at(-1);
    default: return undefined;
  }
}
