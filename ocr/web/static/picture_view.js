/** The picture that was read, with a box round every letter, and the stages of reading over it. */

import { byId, element, shape } from "./elements.js";
import { isPutRight, isUnsure } from "./reading.js";

const REACH_PX = 24;
const STAGES = {
  picture: ["Picture", ""],
  light: ["Light", "Uneven light is evened out."],
  binary: ["Ink", "Ink is told from paper."],
  segments: ["Segments", "Ink is gathered into letters, and cut where they touch."],
};

let page = null;
let boxes = [];

/** @param point called with a letter and whether it was chosen or only pointed at */
export function startPicture(point) {
  const svg = byId("picture-boxes");
  svg.addEventListener("pointermove", (event) => {
    const letter = event.pointerType === "mouse" ? letterAt(event) : null;
    if (letter) point(letter, false);
  });
  svg.addEventListener("click", (event) => {
    const letter = letterAt(event);
    if (letter) point(letter, true);
  });
  byId("strength").addEventListener("input", showStrength);
}

export function showPicture(shown) {
  page = shown;
  byId("picture-image").src = page.picture;
  const svg = byId("picture-boxes");
  svg.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
  boxes = page.letters.map(({ box: [left, top, right, bottom] }) =>
    shape("rect", { x: left, y: top, width: right - left, height: bottom - top }),
  );
  svg.replaceChildren(...boxes);
  showBoxes();
  const names = ["picture", ...page.stages.map((stage) => stage.name)];
  byId("stages").replaceChildren(byId("stages").firstElementChild, ...names.map(stageChoice));
  showStage("picture");
}

/** Bring the boxes up to date with the letters. */
export function showBoxes(chosen = null) {
  page.letters.forEach((letter, k) => {
    const kinds = [isUnsure(letter) && "unsure", isPutRight(letter) && "corrected", letter === chosen && "chosen"];
    boxes[k].setAttribute("class", kinds.filter(Boolean).join(" "));
  });
}

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

/** Once the picture can be cropped. */
export function pictureReady() {
  return byId("picture-image").decode();
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

/** The letter under the pointer, or the nearest one within reach. */
function letterAt(event) {
  const frame = byId("picture-boxes").getBoundingClientRect();
  const unit = page.width / frame.width;
  const x = (event.clientX - frame.left) * unit;
  const y = (event.clientY - frame.top) * unit;
  let nearest = null;
  let least = REACH_PX * unit;
  for (const letter of page.letters) {
    const [left, top, right, bottom] = letter.box;
    const away = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    if (away < least) [nearest, least] = [letter, away];
  }
  return nearest;
}
