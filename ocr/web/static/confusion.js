/** Which characters are read as which: a picture, and the same in words. */

import { element, percent } from "./elements.js";

const MOST = 12;
const SHOWN = 5;
const LABELS_PX = 42;
/** @type {[RegExp, string][]} */
const KINDS = [
  [/^\d$/, "0–9"],
  [/^[A-Z]$/, "A–Z"],
  [/^[a-z]$/, "a–z"],
  [/^/, "marks"],
];
const HINT = "Point at a cell, or choose a character.";

/**
 * @param {HTMLElement} place where it is shown
 * @param {{classes: string[], counts: [any, any, number][]}} confusion how often what was read as what, classes as
 *   numbers or as characters
 */
export function showConfusion(place, { classes: given, counts }) {
  const classes = [...given].sort((a, b) => kindOf(a) - kindOf(b) || (a < b ? -1 : 1));
  const number = (one) => classes.indexOf(typeof one === "number" ? given[one] : one);
  const cells = counts.map(([truth, read, count]) => ({ truth: number(truth), read: number(read), count }));
  const totals = classes.map(() => 0);
  for (const { truth, count } of cells) totals[truth] += count;
  const name = (k) => classes[k] || "no character";
  const told = element("p", { class: "quiet told", role: "status" }, HINT);
  const tellCell = (truth, read) => {
    const count = cells.find((cell) => cell.truth === truth && cell.read === read)?.count ?? 0;
    told.textContent = `${name(truth)} read as ${name(read)}: ${count} of ${totals[truth]}`;
  };
  const tellRow = (truth) => {
    const row = cells
      .filter((cell) => cell.truth === truth)
      .sort((a, b) => b.count - a.count)
      .slice(0, SHOWN);
    const share = ({ read, count }) => `${name(read)} ${percent(count / totals[truth])}`;
    told.textContent = row.length ? `${name(truth)} is read as ${row.map(share).join(", ")}` : HINT;
  };
  place.replaceChildren(
    element(
      "div",
      { class: "confusion" },
      element("div", {}, picture(classes, cells, totals, tellCell), chooser(classes, totals, name, tellRow), told),
      list(cells, totals, name),
    ),
  );
}

function picture(classes, cells, totals, tell) {
  const label = "Confusion matrix; the same is in the list and under “What is read for”";
  const canvas = element("canvas", { class: "matrix", role: "img", "aria-label": label });
  const paint = () => canvas.clientWidth && paintMatrix(canvas, classes, cells, totals);
  new ResizeObserver(paint).observe(canvas);
  addEventListener("themechange", paint);
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const cell = (box.width - LABELS_PX) / classes.length;
    const at = (offset) => Math.min(classes.length - 1, Math.floor((offset - LABELS_PX) / cell));
    const [truth, read] = [at(event.clientY - box.top), at(event.clientX - box.left)];
    if (truth >= 0 && read >= 0) tell(truth, read);
  });
  return canvas;
}

function paintMatrix(canvas, classes, cells, totals) {
  const ratio = devicePixelRatio || 1;
  const side = canvas.clientWidth;
  canvas.width = canvas.height = Math.round(side * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const colour = (name) => getComputedStyle(canvas).getPropertyValue(name);
  const cell = (side - LABELS_PX) / classes.length;
  paintKinds(context, kindsOf(classes), cell, side, colour);
  for (const { truth, read, count } of cells) {
    context.fillStyle = colour(truth === read ? "--right" : "--wrong");
    // by the square root, so that rare mix-ups show too
    context.globalAlpha = Math.min(1, 0.12 + Math.sqrt(count / totals[truth]));
    context.fillRect(LABELS_PX + read * cell, LABELS_PX + truth * cell, cell - 0.5, cell - 0.5);
  }
}

/** Lines between digits, capitals, small letters and marks, with their names at both sides. */
function paintKinds(context, kinds, cell, side, colour) {
  context.font = `12px ${colour("--text")}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { name, from, to } of kinds) {
    const [start, end] = [LABELS_PX + from * cell, LABELS_PX + to * cell];
    context.fillStyle = colour("--line");
    context.fillRect(start - 0.5, LABELS_PX / 3, 1, side);
    context.fillRect(LABELS_PX / 3, start - 0.5, side, 1);
    if (end - start < LABELS_PX) continue;
    context.fillStyle = colour("--quiet");
    context.fillText(name, (start + end) / 2, LABELS_PX / 2);
    context.fillText(name, LABELS_PX / 2 - 1, (start + end) / 2);
  }
}

const kindOf = (text) => KINDS.findIndex(([pattern]) => pattern.test(text));

/** Where each kind of classes begins and ends. */
function kindsOf(classes) {
  return KINDS.map(([, name], kind) => {
    const from = classes.findIndex((text) => kindOf(text) === kind);
    return { name, from, to: classes.findLastIndex((text) => kindOf(text) === kind) + 1 };
  }).filter(({ from }) => from >= 0);
}

function chooser(classes, totals, name, tell) {
  const options = classes.map((_, k) => k).filter((k) => totals[k]);
  const select = element(
    "select",
    { onchange: ({ target }) => tell(target.value === "" ? -1 : Number(target.value)) },
    element("option", { value: "" }, "–"),
    ...options.map((k) => element("option", { value: k }, name(k))),
  );
  return element("label", { class: "row quiet" }, "What is read for", select);
}

function list(cells, totals, name) {
  const wrong = cells
    .filter(({ truth, read }) => truth !== read)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST);
  const cell = (text) => element("td", {}, text);
  const row = ({ truth, read, count }) =>
    element(
      "tr",
      {},
      cell(name(truth)),
      cell(name(read)),
      element("td", { class: "number" }, `${count} of ${totals[truth]}`),
    );
  const head = (title, kind) => element("th", { scope: "col", class: kind }, title);
  return element(
    "table",
    {},
    element("caption", {}, "Mixed up most"),
    element("thead", {}, element("tr", {}, head("Is"), head("Read as"), head("Times", "number"))),
    element("tbody", {}, ...wrong.map(row)),
  );
}
