/** Which characters are read as which: a picture, and the same in words. */

import { element } from "./elements.js";

const CELL = 8;
const MOST = 12;

/** @param confusion {classes, counts: [[true, read, n], ...]}, classes as numbers or as characters */
export function showConfusion(place, { classes, counts }) {
  const number = (one) => (typeof one === "number" ? one : classes.indexOf(one));
  const cells = counts.map(([truth, read, count]) => ({ truth: number(truth), read: number(read), count }));
  const totals = classes.map(() => 0);
  for (const { truth, count } of cells) totals[truth] += count;
  const name = (k) => classes[k] || "none";
  const told = element("p", { class: "quiet told" }, "Point at a cell to see its letters.");
  const tell = (cell) => {
    told.textContent = cell
      ? `${name(cell.truth)} read as ${name(cell.read)}: ${cell.count} of ${totals[cell.truth]}`
      : "Point at a cell to see its letters.";
  };
  place.replaceChildren(
    element("div", { class: "confusion" }, element("div", {}, picture(classes, cells, totals, tell), told), list(cells, totals, name)),
  );
}

function picture(classes, cells, totals, tell) {
  const side = CELL * classes.length;
  const canvas = element("canvas", {
    class: "matrix",
    width: side,
    height: side,
    role: "img",
    "aria-label": "Confusion matrix; what is mixed up most stands in the list beside it",
  });
  const paint = () => paintCells(canvas, cells, totals);
  paint();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  const at = new Map(cells.map((cell) => [`${cell.truth} ${cell.read}`, cell]));
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const place = (offset, length) => Math.floor((offset / length) * classes.length);
    tell(at.get(`${place(event.clientY - box.top, box.height)} ${place(event.clientX - box.left, box.width)}`));
  });
  return canvas;
}

/** Shares of each row by the square root, so that rare mix-ups show too. */
function paintCells(canvas, cells, totals) {
  const context = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  context.clearRect(0, 0, canvas.width, canvas.height);
  for (const { truth, read, count } of cells) {
    context.fillStyle = style.getPropertyValue(truth === read ? "--right" : "--wrong");
    context.globalAlpha = Math.min(1, 0.12 + Math.sqrt(count / totals[truth]));
    context.fillRect(read * CELL, truth * CELL, CELL - 1, CELL - 1);
  }
}

function list(cells, totals, name) {
  const wrong = cells.filter(({ truth, read }) => truth !== read).sort((a, b) => b.count - a.count).slice(0, MOST);
  const cell = (text) => element("td", {}, text);
  const row = ({ truth, read, count }) =>
    element("tr", {}, cell(name(truth)), cell(name(read)), element("td", { class: "number" }, `${count} of ${totals[truth]}`));
  const head = ["Is", "Read as", "Times"].map((title) => element("th", { scope: "col" }, title));
  return element(
    "table",
    {},
    element("caption", {}, "Mixed up most"),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...wrong.map(row)),
  );
}
