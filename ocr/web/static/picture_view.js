/** The picture of a page, with a box round every letter and every block, and the stages of reading over it. */

import { addressOf } from "./blobs.js";
import { byId, element, shape } from "./elements.js";
import { orderOf, overlayOf } from "./overlay.js";
import { isUnsure, lettersOf } from "./reading.js";
import { Zoom } from "./zoom.js";

const REACH_PX = 24;
const STAGES = {
  picture: ["Picture", ""],
  light: ["Light", "Uneven light is evened out."],
  binary: ["Ink", "Ink is told from paper."],
  segments: ["Segments", "Ink is gathered into letters, and cut where they touch."],
};

let page = null;
let zoom = null;
let boxes = new Map();
let chosen = null;
let pointed = null;
/** What is called with the box that is drawn next; null where none is to be drawn. */
let drawn = null;
let start = null;
/** Whether a box was drawn since the pointer was put down: that is no click on a letter. */
let hasDrawn = false;

/** @param {Actions} actions `choose(letter)`, `point(letter or null)` */
export function startPicture({ choose, point }) {
  const svg = byId("picture-boxes");
  const changed = (scale) => (byId("zoom-scale").textContent = `${Math.round(100 * scale)}\u00a0%`);
  zoom = new Zoom(byId("picture"), byId("picture-sheet"), { canPan: () => !drawn, changed });
  svg.addEventListener("pointermove", (event) => {
    if (start) drawTo(event);
    else if (event.pointerType === "mouse" && !drawn && !zoom.isDragging) point(letterAt(event));
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
  const buttons = {
    "zoom-in": () => zoom.by(1.5),
    "zoom-out": () => zoom.by(1 / 1.5),
    "zoom-page": () => zoom.fitTo("page"),
    "zoom-width": () => zoom.fitTo("width"),
  };
  for (const [id, action] of Object.entries(buttons)) byId(id).addEventListener("click", action);
  for (const kind of ["letters", "blocks", "overlay"])
    byId(`show-${kind}`).addEventListener("click", () => toggle(kind));
}

function toggle(kind) {
  const button = byId(`show-${kind}`);
  const shows = button.getAttribute("aria-pressed") === "false";
  button.setAttribute("aria-pressed", String(shows));
  byId("picture").classList.toggle(`no-${kind}`, !shows);
  if (kind === "overlay") showOverlay();
}

/** It is made only where it is seen: a page may have thousands of words. */
function showOverlay() {
  const shows = byId("show-overlay").getAttribute("aria-pressed") === "true";
  byId("picture-text").replaceChildren(...(shows ? overlayOf(page) : []));
}

/** Show a page: its picture, unless it is there already, and its boxes. */
export function showPicture(shown, picture = shown.sight.picture) {
  const isOther = page?.sight !== shown.sight;
  page = shown;
  const address = addressOf(picture);
  if (byId("picture-image").getAttribute("src") !== address) byId("picture-image").src = address;
  byId("picture-boxes").setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
  zoom.show(page.width, page.height);
  if (isOther) {
    letBoxBeDrawn(null);
    showStages();
  }
  showBoxes();
}

function showStages() {
  const names = page.sight.stages.length ? ["picture", ...page.sight.stages.map((stage) => stage.name)] : [];
  byId("stages").replaceChildren(byId("stages").children[0], ...names.map(stageChoice));
  showStage("picture");
}

function showBoxes() {
  chosen = pointed = null;
  boxes = new Map(lettersOf(page).map((letter) => [letter, shape("rect", sides(letter.box))]));
  for (const letter of boxes.keys()) showKind(letter);
  byId("picture-letters").replaceChildren(...boxes.values());
  byId("picture-blocks").replaceChildren(...page.blocks.flatMap(blockShapes), ...orderOf(page));
  byId("show-blocks").hidden = !page.blocks.length;
  showOverlay();
}

/** The frame of a block, with those of its cells, and its name. */
function blockShapes({ kind, box, level, rows = [] }) {
  const [left, top] = box;
  const cells = rows.flat().map((cell) => shape("rect", { class: "cell", ...sides(cell.box) }));
  const name = shape("text", { x: left, y: top }, level ? `${kind} ${level}` : kind);
  return [shape("rect", { class: kind, ...sides(box) }), ...cells, name];
}

/** Mark the letter that was chosen, and the one that is pointed at, or none. */
export function markBoxes(nowChosen, nowPointed) {
  const former = [chosen, pointed];
  [chosen, pointed] = [nowChosen, nowPointed];
  for (const letter of new Set([...former, chosen, pointed])) if (letter) showKind(letter);
}

/** Bring a letter into view; its word, in the box `around` it, must be `least` high, in pixels of the screen. */
export const reveal = (box, around, least) => zoom.reveal(box, around[3] - around[1], least);

function showKind(letter) {
  const kinds = {
    unsure: isUnsure(letter),
    corrected: letter.corrected,
    chosen: letter === chosen,
    pointed: letter === pointed,
  };
  boxes.get(letter)?.setAttribute(
    "class",
    Object.keys(kinds)
      .filter((kind) => kinds[kind])
      .join(" "),
  );
}

/** @type {(box: Box) => Record<string, number>} */
const sides = ([left, top, right, bottom]) => ({ x: left, y: top, width: right - left, height: bottom - top });

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

/**
 * The box from where it was begun, on the picture.
 * @returns {Box}
 */
function boxTo(event) {
  const limits = [page.width, page.height];
  const [one, other] = [start.at, pointOf(event)].map((point) =>
    point.map((side, k) => Math.min(limits[k], Math.max(0, Math.round(side)))),
  );
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[0], other[0]),
    Math.max(one[1], other[1]),
  ];
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
  const input = {
    type: "radio",
    name: "stage",
    value: name,
    checked: name === "picture",
    onchange: () => showStage(name),
  };
  return element("label", {}, element("input", input), element("span", {}, STAGES[name]?.[0] ?? name));
}

function showStage(name) {
  const stage = page.sight.stages.find((one) => one.name === name);
  const image = byId("picture-stage");
  image.hidden = !stage;
  if (stage) image.src = addressOf(stage.image);
  byId("strength-label").hidden = !stage;
  byId("stage-means").textContent = STAGES[name]?.[1] ?? "";
  showStrength();
}

function showStrength() {
  byId("picture-stage").style.opacity = `${byId("strength").value}%`;
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
  for (const letter of lettersOf(page)) {
    const [left, top, right, bottom] = letter.box;
    const away = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    if (away < least) [nearest, least] = [letter, away];
  }
  return nearest;
}
