/** Draw: strokes in, letters out after each. */

import { upload } from "./api.js";
import { bars } from "./bars.js";
import { isLost } from "./connection.js";
import { exampleOf, keep, takeChangeBack } from "./corrections.js";
import { setCurrentLetter } from "./current_letter.js";
import { byId, element, percent } from "./elements.js";
import { exampleStrokes } from "./example_strokes.js";
import { bytesOf, glyphPicture } from "./glyph_picture.js";
import { letterForm } from "./letter_form.js";
import { closeErrors, showError, tell } from "./notices.js";
import { Strokes } from "./strokes.js";

const PAUSE_MS = 120;
const STROKE_MS = 220;

let strokes;
let pause;
let asked = null;
let showing = null;
let unread = false;

export function startDraw() {
  const began = () => {
    stopExample();
    wait();
    showButtons();
  };
  strokes = new Strokes(byId("paper"), changed, began);
  byId("undo").addEventListener("click", undo);
  byId("clear").addEventListener("click", clear);
  byId("example").addEventListener("click", showExample);
  document.addEventListener("keydown", shortcut);
}

/** Read what was drawn while the server was not there. */
export function showDraw() {
  if (unread) predict();
}

function undo() {
  stopExample();
  strokes.undo();
}

function clear() {
  stopExample();
  strokes.clear();
  closeErrors();
}

function shortcut(event) {
  if (byId("draw").hidden || event.target.closest("input, select, textarea") || !strokes.canUndo) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
  else if (event.key === "Escape") clear();
  else return;
  event.preventDefault();
}

function changed() {
  wait();
  showButtons();
  if (strokes.empty) showNothing();
  else pause = setTimeout(predict, PAUSE_MS);
}

/** Drop what was asked: the drawing is another by now. */
function wait() {
  clearTimeout(pause);
  unread = false;
  asked?.abort();
}

function showButtons() {
  byId("undo").disabled = !strokes.canUndo;
  byId("clear").disabled = strokes.empty;
  byId("paper-hint").hidden = !strokes.empty;
}

async function predict() {
  asked = new AbortController();
  unread = false;
  try {
    const answer = await upload("/api/predict", { file: await strokes.toFile() }, { signal: asked.signal });
    showPrediction(await answer.json());
  } catch (error) {
    unread = error.name !== "AbortError" && isLost();
    showError(error);
  }
}

function showNothing() {
  byId("drawn-text").replaceChildren(element("span", { class: "nothing" }, "nothing yet"));
  byId("drawn-sure").textContent = "";
  byId("drawn-letters").replaceChildren();
  frame(null);
}

function showPrediction({ text, confidence, letters, alternatives }) {
  frame(null);
  if (!letters.length) {
    showNothing();
    byId("drawn-sure").textContent = "No letter is seen in this yet.";
    return;
  }
  byId("drawn-text").textContent = text;
  const others = letters.length > 1 ? alternatives.filter((one) => one.text !== text).slice(0, 2) : [];
  const instead = others.length ? `, or else ${others.map((one) => one.text).join(", ")}` : "";
  byId("drawn-sure").textContent = `${percent(confidence)} sure${instead}`;
  byId("drawn-letters").replaceChildren(...letters.map(letterCard));
  byId("desk").classList.toggle("single", letters.length === 1);
  setCurrentLetter(letters.at(-1));
}

function letterCard(letter) {
  const show = () => card.classList.toggle("kept", Boolean(exampleOf(letter)));
  const corrected = async (label) => {
    const change = { wanted: [{ letter, label }] };
    const undo = async () => {
      try {
        await takeChangeBack("drawing", change);
        show();
        tell("Taken back.");
      } catch (error) {
        showError(error);
      }
    };
    await keep("drawing", change, { undo });
    show();
  };
  const see = () => {
    frame(letter.box);
    setCurrentLetter(letter);
  };
  const card = element(
    "li",
    { class: "letter", onpointerenter: see, onfocusin: see, onpointerleave: () => frame(null) },
    element(
      "figure",
      {},
      glyphPicture(bytesOf(letter.glyph), `What the network saw of ${letter.text}`),
      element("figcaption", {}, "28 × 28"),
    ),
    bars(letter.top, corrected),
    letterForm(letter.text, corrected),
  );
  return card;
}

/** Draw a frame round a letter of the drawing, or none. */
function frame(box) {
  const [rectangle] = byId("paper-box").children;
  rectangle.classList.toggle("shown", box !== null);
  if (!box) return;
  const [left, top, right, bottom] = box.map((side) => side * strokes.scale);
  const sides = { x: left - 6, y: top - 6, width: right - left + 12, height: bottom - top + 12, rx: 6 };
  for (const [name, value] of Object.entries(sides)) rectangle.setAttribute(name, String(value));
}

/** Draw a word stroke by stroke, or at once where motion is unwanted. */
function showExample() {
  stopExample();
  strokes.clear();
  const paper = byId("paper");
  const word = exampleStrokes(paper.clientWidth, paper.clientHeight);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    strokes.set(word);
    return;
  }
  let count = 0;
  showing = setInterval(() => {
    count += 1;
    strokes.set(word.slice(0, count));
    if (count === word.length) stopExample();
  }, STROKE_MS);
}

function stopExample() {
  clearInterval(showing);
}
