/** Pictures of numbers: tiles, histograms, curves and a table of mix-ups; more is blue, less than 0 is orange. */

import { element, shape } from "./elements.js";
import { bytesOf } from "./glyph_picture.js";

/**
 * @typedef {{count: number, height: number, width: number, largest: number, values: string}} Tiles
 * @typedef {{name: string, mean: number, spread: number, largest: number, counts: number[]}} Weights
 * @typedef {[number, number]} Point
 */

const WIDE = 320;
const HIGH = 150;
const BEND = 0.7;
const LETTERS_PX = 16;
const LETTERED = 40;

/**
 * A colour of the page as numbers.
 * @param {Element} place
 * @param {string} name
 * @returns {number[]}
 */
function colour(place, name) {
  return (
    getComputedStyle(place)
      .getPropertyValue(name)
      .match(/[\d.]+/g) ?? ["0", "0", "0"]
  )
    .slice(0, 3)
    .map(Number);
}

/** How the tiles lie that are painted on a canvas: so many in a row, so high and wide with the gap behind them. */
const grids = new WeakMap();

/**
 * Paint tiles in rows, a pixel for a number.
 * @param {HTMLCanvasElement} canvas
 * @param {Tiles} tiles
 * @param {number} aspect how much wider than high the whole may be
 * @param {number} [marked] the number of a tile to be framed
 */
export function paintTiles(canvas, { count, height, width, values }, aspect = 1, marked = -1) {
  const gap = count > 1 ? 1 : 0;
  const columns = Math.min(
    count,
    Math.max(1, Math.round(Math.sqrt((aspect * count * (height + gap)) / (width + gap)))),
  );
  const rows = Math.ceil(count / columns);
  canvas.width = columns * (width + gap) - gap;
  canvas.height = rows * (height + gap) - gap;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(canvas.width, canvas.height);
  const more = colour(canvas, "--right");
  const less = colour(canvas, "--wrong");
  const numbers = new Int8Array(bytesOf(values).buffer);
  numbers.forEach((number, place) => {
    const tile = Math.floor(place / (height * width));
    const inside = place % (height * width);
    const x = (tile % columns) * (width + gap) + (inside % width);
    const y = Math.floor(tile / columns) * (height + gap) + Math.floor(inside / width);
    const alpha = 255 * (Math.abs(number) / 127) ** BEND;
    image.data.set([...(number > 0 ? more : less), alpha], 4 * (y * canvas.width + x));
  });
  const [row, column] = [Math.floor(marked / columns), marked % columns];
  if (marked >= 0) frame(image, column * (width + gap) - 1, row * (height + gap) - 1, width + 2, height + 2, canvas);
  context.putImageData(image, 0, 0);
  grids.set(canvas, { columns, high: height + gap, wide: width + gap });
}

/** Draw a frame of one pixel into a picture, as far as it is in it. */
function frame(image, left, top, width, height, canvas) {
  const ink = [...colour(canvas, "--mark"), 255];
  for (let y = top; y < top + height; y += 1)
    for (let x = left; x < left + width; x += 1) {
      const isEdge = x === left || y === top || x === left + width - 1 || y === top + height - 1;
      if (isEdge && x >= 0 && y >= 0 && x < image.width && y < image.height)
        image.data.set(ink, 4 * (y * image.width + x));
    }
}

/**
 * Paint numbers in rows, a pixel for each.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} numbers
 * @param {number} height
 * @param {number} width
 * @param {number} most the number that has the full colour; 0 for the largest of them
 * @param {{left: number, top: number, width: number, height: number}} [marked] what is to be framed
 */
export function paintNumbers(canvas, numbers, height, width, most, marked) {
  canvas.width = width;
  canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  const [more, less] = [colour(canvas, "--right"), colour(canvas, "--wrong")];
  const full = most || Math.max(...Array.from(numbers, Math.abs), 1e-9);
  Array.from(numbers).forEach((number, place) => {
    const alpha = 255 * Math.min(1, Math.abs(number) / full) ** BEND;
    image.data.set([...(number > 0 ? more : less), alpha], 4 * place);
  });
  if (marked) frame(image, marked.left - 1, marked.top - 1, marked.width + 2, marked.height + 2, canvas);
  context.putImageData(image, 0, 0);
}

/**
 * The number of the tile of a canvas under a pointer; null where there is none.
 * @param {HTMLCanvasElement} canvas
 * @param {PointerEvent} event
 * @returns {number | null}
 */
export function tileAt(canvas, event) {
  const grid = grids.get(canvas);
  if (!grid) return null;
  const box = canvas.getBoundingClientRect();
  const unit = canvas.width / box.width;
  const [x, y] = [(event.clientX - box.left) * unit, (event.clientY - box.top) * unit];
  const [row, column] = [Math.floor(y / grid.high), Math.floor(x / grid.wide)];
  return row < 0 || column < 0 || column >= grid.columns ? null : row * grid.columns + column;
}

/**
 * The pixel of a square picture under a pointer.
 * @param {HTMLCanvasElement} canvas
 * @param {PointerEvent} event
 * @param {number} side
 */
export function cellAt(canvas, event, side) {
  const box = canvas.getBoundingClientRect();
  const on = (offset, length) => Math.min(side - 1, Math.max(0, Math.floor((side * offset) / length)));
  return { x: on(event.clientX - box.left, box.width), y: on(event.clientY - box.top, box.height) };
}

/**
 * How the weights of a layer are spread.
 * @param {Weights} weights
 * @param {number} reach the largest weight of all steps seen, so that steps can be compared
 * @returns {SVGElement}
 */
export function histogram({ name, largest, counts, mean, spread }, reach) {
  const most = Math.max(...counts);
  const bin = (WIDE * largest) / reach / counts.length;
  const left = (WIDE - bin * counts.length) / 2;
  const bars = counts.map((count, k) => {
    const high = (HIGH * 0.4 * count) / most;
    return `M${left + k * bin} ${HIGH * 0.4}v${-high}h${bin}v${high}z`;
  });
  const said = `Weights of ${name}: mean ${mean.toPrecision(2)}, standard deviation ${spread.toPrecision(2)}`;
  return shape(
    "svg",
    {
      viewBox: `0 0 ${WIDE} ${HIGH * 0.4}`,
      preserveAspectRatio: "none",
      class: "lab-histogram",
      role: "img",
      "aria-label": said,
    },
    shape("path", { d: bars.join(""), class: "lab-bars" }),
    shape("path", { d: `M${WIDE / 2} 0V${HIGH * 0.4}`, class: "lab-axis" }),
  );
}

/**
 * Curves over the steps, with a line at the step that is looked at.
 * @param {{name: string, kind: string, points: Point[]}[]} curves
 * @param {{steps: number, step: number, top?: number, said: string, write: (value: number) => string}} how
 * @returns {HTMLElement}
 */
export function chart(curves, { steps, step, top, said, write }) {
  const values = curves.flatMap(({ points }) => points.map((point) => point[1]));
  const high = top ?? Math.max(1e-9, ...values);
  const x = (/** @type {number} */ at) => (WIDE * at) / Math.max(1, steps);
  const y = (/** @type {number} */ value) => HIGH * (1 - Math.min(1, value / high) * 0.96);
  const line = (/** @type {Point[]} */ points) =>
    points.map(([at, value], k) => `${k ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  return element(
    "figure",
    { class: "lab-chart" },
    element(
      "figcaption",
      {},
      ...curves.map(({ name, kind, points }) => {
        const last = points.at(-1);
        return element("span", { class: `lab-key ${kind}` }, name, element("b", {}, last ? write(last[1]) : "–"));
      }),
    ),
    shape(
      "svg",
      { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", role: "img", "aria-label": said },
      shape("path", { d: `M0 0V${HIGH}H${WIDE}`, class: "lab-axis" }),
      shape("path", { d: `M${x(step)} 0V${HIGH}`, class: "lab-here" }),
      ...curves.map(({ kind, points }) => shape("path", { d: line(points), class: `lab-line ${kind}` })),
    ),
    element(
      "p",
      { class: "lab-scale", "aria-hidden": "true" },
      element("span", {}, values.length ? `0 to ${write(high)}` : ""),
      `${steps.toLocaleString("en")} steps`,
    ),
  );
}

/**
 * What is read as what: a row is what it is, a column what it is read as.
 * @param {HTMLCanvasElement} canvas
 * @param {string[]} classes
 * @param {[number, number, number][]} counts
 */
export function paintMixUps(canvas, classes, counts) {
  const side = canvas.clientWidth;
  if (!side) return;
  const ratio = devicePixelRatio || 1;
  canvas.width = canvas.height = Math.round(side * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  const lettered = classes.length <= LETTERED;
  const edge = lettered ? LETTERS_PX : 0;
  const cell = (side - edge) / classes.length;
  const totals = classes.map(() => 0);
  for (const [truth, , count] of counts) totals[truth] += count;
  for (const [truth, read, count] of counts) {
    context.fillStyle = `rgb(${colour(canvas, truth === read ? "--right" : "--wrong")})`;
    context.globalAlpha = Math.min(1, 0.12 + Math.sqrt(count / totals[truth]));
    context.fillRect(edge + read * cell, edge + truth * cell, cell - 0.5, cell - 0.5);
  }
  if (!lettered) return;
  context.globalAlpha = 1;
  context.fillStyle = `rgb(${colour(canvas, "--quiet")})`;
  context.font = `${Math.min(12, cell)}px ${getComputedStyle(canvas).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  classes.forEach((name, k) => {
    const middle = edge + (k + 0.5) * cell;
    context.fillText(name, middle, edge / 2);
    context.fillText(name, edge / 2, middle);
  });
}
