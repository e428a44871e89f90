/** Draw: strokes in, letters out while the pen moves. */

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

const STROKE_MS = 220;
/** While the pen moves, the drawing is read no more often, and reading takes at most this part of the time. */
const MOVING_MS = 150;
const MOVING_SHARE = 0.25;

let strokes;
let showing = null;
/** Whether there is another drawing than the one that was read last, and whether one is being read, or one begun. */
let unread = false;
let reading = false;
let glancing = false;
/** Count the drawings that were sent, and up to which of them answers were shown. */
let sent = 0;
let answered = 0;
/** Counts the drawings that are no longer there: what is read of them is not shown. */
let gone = 0;
let askedAt = 0;
let tookMs = 0;

export function startDraw() {
  const began = () => {
    stopExample();
    showButtons();
    showWaiting(true);
  };
  strokes = new Strokes(byId("paper"), changed, began, { moved: glance });
  byId("undo").addEventListener("click", undo);
  byId("redo").addEventListener("click", redo);
  byId("clear").addEventListener("click", clear);
  byId("example").addEventListener("click", showExample);
  document.addEventListener("keydown", shortcut);
  addEventListener("modelchange", () => {
    unread = !strokes.empty;
  });
}

/** Read what was drawn while the server was not there, or another network was used. */
export function showDraw() {
  if (unread) predict();
}

function undo() {
  stopExample();
  strokes.undo();
}

function redo() {
  stopExample();
  strokes.redo();
}

function clear() {
  stopExample();
  strokes.clear();
  closeErrors();
}

function shortcut(event) {
  if (byId("draw").hidden || event.target.closest("input, select, textarea")) return;
  const [isControl, key] = [event.ctrlKey || event.metaKey, event.key.toLowerCase()];
  if (isControl && (key === "y" || (key === "z" && event.shiftKey)) && strokes.canRedo) redo();
  else if (isControl && key === "z" && !event.shiftKey && strokes.canUndo) undo();
  else if (key === "escape" && !strokes.empty) clear();
  else return;
  event.preventDefault();
}

function changed() {
  showButtons();
  if (strokes.empty) {
    gone += 1;
    unread = false;
    showNothing();
    showWaiting(false);
  } else predict();
}

/** Say that there is more to come than what is shown. */
function showWaiting(waits) {
  byId("drawn").setAttribute("aria-busy", String(waits));
}

function showButtons() {
  byId("undo").disabled = !strokes.canUndo;
  byId("redo").disabled = !strokes.canRedo;
  byId("clear").disabled = strokes.empty;
  byId("paper-hint").hidden = !strokes.empty;
}

/** Read what is being drawn, now and then. */
async function glance() {
  const isTime = performance.now() > askedAt + Math.max(MOVING_MS, tookMs / MOVING_SHARE);
  if (!isTime || reading || glancing) return;
  glancing = true;
  await readOnce();
  glancing = false;
}

/** Read the drawing: beside one that was only begun, for a stroke that is done does not wait, but after any other. */
async function predict() {
  unread = true;
  showWaiting(true);
  if (reading) return;
  reading = true;
  while (unread) await readOnce();
  reading = false;
  showWaiting(!strokes.empty && strokes.running !== null);
  if (isLost()) unread = true;
}

async function readOnce() {
  const [mine, number, began] = [gone, ++sent, performance.now()];
  askedAt = began;
  unread = false;
  try {
    const answer = await (await upload("/api/predict", { file: await strokes.toFile() })).json();
    tookMs = performance.now() - began;
    if (mine !== gone || number < answered) return;
    answered = number;
    showPrediction(answer);
  } catch (error) {
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
