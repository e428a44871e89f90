/** The picture that was read, with a box round every letter, and the stages of reading over it. */

import { byId, element, shape } from "./elements.js";
import { isUnsure } from "./reading.js";

const REACH_PX = 24;
const STAGES = {
  picture: ["Picture", ""],
  light: ["Light", "Uneven light is evened out."],
  binary: ["Ink", "Ink is told from paper."],
  segments: ["Segments", "Ink is gathered into letters, and cut where they touch."],
};

let page = null;
let boxes = new Map();
let chosen = null;
let pointed = null;
/** What is called with the box that is drawn next; null where none is to be drawn. */
let drawn = null;
let start = null;
/** Whether a box was drawn since the pointer was put down: that is no click on a letter. */
let hasDrawn = false;

/** @param actions {choose(letter), point(letter or null)} */
export function startPicture({ choose, point }) {
  const svg = byId("picture-boxes");
  svg.addEventListener("pointermove", (event) => {
    if (start) drawTo(event);
    else if (event.pointerType === "mouse" && !drawn) point(letterAt(event));
  });
  svg.addEventListener("pointerleave", () => start || point(null));
  svg.addEventListener("click", (event) => {
    const letter = drawn || hasDrawn ? null : letterAt(event);
    if (letter) choose(letter);
  });
  svg.addEventListener("pointerdown", begin);
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", forget);
  byId("strength").addEventListener("input", showStrength);
}

export function showPicture(shown) {
  page = shown;
  byId("picture-image").src = page.picture;
  byId("picture-boxes").setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
  letBoxBeDrawn(null);
  showLetters();
  const names = ["picture", ...page.stages.map((stage) => stage.name)];
  byId("stages").replaceChildren(byId("stages").firstElementChild, ...names.map(stageChoice));
  showStage("picture");
}

/** Bring the boxes up to date with the letters. */
export function showLetters() {
  chosen = pointed = null;
  boxes = new Map(page.letters.map((letter) => [letter, shape("rect", sides(letter.box))]));
  for (const letter of boxes.keys()) showKind(letter);
  byId("picture-boxes").replaceChildren(...boxes.values());
}

/** Mark the letter that was chosen, and the one that is pointed at, or none. */
export function markBoxes(nowChosen, nowPointed) {
  const former = [chosen, pointed];
  [chosen, pointed] = [nowChosen, nowPointed];
  for (const letter of new Set([...former, chosen, pointed])) if (letter) showKind(letter);
}

function showKind(letter) {
  const kinds = { unsure: isUnsure(letter), corrected: letter.corrected, chosen: letter === chosen, pointed: letter === pointed };
  boxes.get(letter).setAttribute("class", Object.keys(kinds).filter((kind) => kinds[kind]).join(" "));
}

const sides = ([left, top, right, bottom]) => ({ x: left, y: top, width: right - left, height: bottom - top });

/** The part of the picture in a box and a little around it, as a canvas; `what` is in it. */
export function crop([left, top, right, bottom], size, what) {
  const { scale } = page;
  const side = 1.3 * scale * Math.max(right - left, bottom - top);
  const x = (scale * (left + right)) / 2 - side / 2;
  const y = (scale * (top + bottom)) / 2 - side / 2;
  const canvas = element("canvas", { class: "crop", width: size, height: size, role: "img", "aria-label": `${what} on the picture` });
  canvas.getContext("2d").drawImage(byId("picture-image"), x, y, side, side, 0, 0, size, size);
  return canvas;
}

/** Once the picture can be cropped; or another has come. */
export function pictureReady() {
  return byId("picture-image").decode().catch(() => null);
}

/** Have a box be drawn on the picture, and `done` called with it; null ends this. */
export function letBoxBeDrawn(done) {
  drawn = done;
  forget();
  byId("picture").classList.toggle("drawing", done !== null);
}

function begin(event) {
  hasDrawn = false;
  if (!drawn || !event.isPrimary || event.button !== 0) return;
  event.preventDefault();
  byId("picture-boxes").setPointerCapture(event.pointerId);
  start = { at: pointOf(event), rect: shape("rect", { class: "fresh" }) };
  byId("picture-boxes").append(start.rect);
}

function drawTo(event) {
  for (const [name, value] of Object.entries(sides(boxTo(event)))) start.rect.setAttribute(name, value);
}

/** The box from where it was begun, on the picture. */
function boxTo(event) {
  const limits = [page.width, page.height];
  const [one, other] = [start.at, pointOf(event)].map((point) => point.map((side, k) => Math.min(limits[k], Math.max(0, Math.round(side)))));
  return [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[0], other[0]), Math.max(one[1], other[1])];
}

function end(event) {
  if (!start || !event.isPrimary) return;
  const box = boxTo(event);
  const done = drawn;
  hasDrawn = true;
  forget();
  if (box[2] - box[0] > 1 && box[3] - box[1] > 1) done(box);
}

function forget() {
  start?.rect.remove();
  start = null;
}

function stageChoice(name) {
  const input = { type: "radio", name: "stage", value: name, checked: name === "picture", onchange: () => showStage(name) };
  return element("label", {}, element("input", input), element("span", {}, STAGES[name]?.[0] ?? name));
}

function showStage(name) {
  const stage = page.stages.find((one) => one.name === name);
  const image = byId("picture-stage");
  image.hidden = !stage;
  if (stage) image.src = stage.image;
  byId("strength-label").hidden = !stage;
  byId("stage-means").textContent = STAGES[name]?.[1] ?? "";
  showStrength();
}

function showStrength() {
  byId("picture-stage").style.opacity = byId("strength").value / 100;
}

/** Where a pointer is, in pixels of the document. */
function pointOf(event) {
  const frame = byId("picture-boxes").getBoundingClientRect();
  const unit = page.width / frame.width;
  return [(event.clientX - frame.left) * unit, (event.clientY - frame.top) * unit];
}

/** The letter under the pointer, or the nearest one within reach. */
function letterAt(event) {
  const [x, y] = pointOf(event);
  let nearest = null;
  let least = (REACH_PX * page.width) / byId("picture-boxes").getBoundingClientRect().width;
  for (const letter of page.letters) {
    const [left, top, right, bottom] = letter.box;
    const away = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    if (away < least) [nearest, least] = [letter, away];
  }
  return nearest;
}
