/** A filter of the first layer on a letter: a patch of the letter times the filter is what the layer gives there. */

import { element } from "./elements.js";
import { bytesOf } from "./glyph_picture.js";
import { cellAt, paintNumbers, paintTiles, tileAt } from "./lab_pictures.js";

/**
 * @typedef {import("./lab_pictures.js").Tiles} Tiles
 */

const SIDE = 28;
const HINT = "Point at a filter, and at a place of the letter.";
const NO_LETTER = "Draw a letter, and see here what each filter makes of it.";

/** The numbers of tiles, as they are. */
function numbersOf({ values, largest }) {
  return Float32Array.from(new Int8Array(bytesOf(values).buffer), (value) => (value * largest) / 127);
}

/**
 * What a filter gives at each place of a picture, with nothing around it.
 * @param {ArrayLike<number>} picture 28 x 28
 * @param {ArrayLike<number>} filter
 * @param {number} high
 * @param {number} wide
 */
export function answersOf(picture, filter, high, wide) {
  const found = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y += 1)
    for (let x = 0; x < SIDE; x += 1)
      found[y * SIDE + x] = patchAt(picture, x, y, high, wide).reduce((sum, value, k) => sum + value * filter[k], 0);
  return found;
}

/** The part of a picture that a filter sees at a place, which is its middle. */
export function patchAt(picture, x, y, high, wide) {
  const [left, top] = [x - (wide >> 1), y - (high >> 1)];
  const inside = (side) => side >= 0 && side < SIDE;
  return Float32Array.from({ length: high * wide }, (_, k) => {
    const [row, column] = [top + Math.floor(k / wide), left + (k % wide)];
    return inside(row) && inside(column) ? picture[row * SIDE + column] : 0;
  });
}

const canvas = (kind, label) =>
  element("canvas", { class: `pixels lab-tiles ${kind}`, role: "img", "aria-label": label });
const figure = (kind, picture, ...caption) =>
  element("figure", { class: kind }, picture, element("figcaption", {}, ...caption));

/** The filters as tiles, and one of them at work. */
export class FilterView {
  constructor() {
    this.tiles = canvas("filter-tiles", "The filters of the first layer, a tile each: blue adds, orange takes away");
    this.letter = canvas("filter-letter", "The letter, with the patch that the filter sees");
    this.answer = canvas("filter-letter", "What the filter gives at each place of the letter");
    this.patch = canvas("", "The patch");
    this.filter = canvas("", "The filter");
    this.product = canvas("", "Patch times filter");
    this.sum = element("output", {});
    this.hint = element("p", { class: "quiet" });
    this.sliders = {
      number: this.slider("Filter"),
      x: this.slider("Across", SIDE - 1),
      y: this.slider("Down", SIDE - 1),
    };
    const sign = (text) => element("span", { class: "filter-sign", "aria-hidden": "true" }, text);
    this.work = element(
      "div",
      { class: "filter-work", hidden: true },
      element(
        "div",
        { class: "filter-pair" },
        figure("", this.letter, "Letter"),
        figure("", this.answer, "What the filter gives"),
      ),
      element(
        "div",
        { class: "filter-sum" },
        figure("", this.patch, "Patch"),
        sign("×"),
        figure("", this.filter, "Filter"),
        sign("="),
        figure("", this.product, "Sum: ", this.sum),
      ),
    );
    this.controls = element(
      "div",
      { class: "filter-controls" },
      ...Object.values(this.sliders).map((input) => element("label", {}, input.name, input)),
    );
    this.node = element("div", { class: "filter-view" }, this.tiles, this.hint, this.controls, this.work);
    this.tiles.addEventListener("pointermove", (event) => this.set({ number: tileAt(this.tiles, event) }));
    this.tiles.addEventListener("pointerdown", (event) => this.set({ number: tileAt(this.tiles, event) }));
    for (const one of [this.letter, this.answer])
      for (const kind of /** @type {const} */ (["pointermove", "pointerdown"]))
        one.addEventListener(kind, (event) => this.set(cellAt(one, event, SIDE)));
    /** @type {Tiles | null} */
    this.kernels = null;
    /** @type {Float32Array | null} */
    this.picture = null;
    this.text = "";
    this.at = { number: 0, x: SIDE >> 1, y: SIDE >> 1 };
  }

  slider(name, most = 0) {
    const oninput = () =>
      this.set({
        number: Number(this.sliders.number.value),
        x: Number(this.sliders.x.value),
        y: Number(this.sliders.y.value),
      });
    return element("input", { type: "range", name, min: 0, max: most, value: 0, oninput });
  }

  /** @param {Tiles} kernels */
  show(kernels) {
    this.kernels = kernels;
    this.sliders.number.max = String(kernels.count - 1);
    this.at.number = Math.min(this.at.number, kernels.count - 1);
    this.paint();
  }

  /**
   * @param {Uint8Array | null} glyph 28 x 28 bytes; null where there is none
   * @param {string} text
   */
  showLetter(glyph, text) {
    this.text = text;
    this.picture = glyph && Float32Array.from(glyph, (ink) => ink / 255);
    if (this.picture && this.kernels) this.goToStrongest();
    this.paint();
  }

  /** Look where the filter answers most. */
  goToStrongest() {
    const answers = this.answers();
    const place = answers.reduce((best, value, k) => (Math.abs(value) > Math.abs(answers[best]) ? k : best), 0);
    Object.assign(this.at, { x: place % SIDE, y: Math.floor(place / SIDE) });
  }

  answers() {
    const { height, width } = /** @type {Tiles} */ (this.kernels);
    return answersOf(/** @type {Float32Array} */ (this.picture), this.numbers(), height, width);
  }

  numbers() {
    const kernels = /** @type {Tiles} */ (this.kernels);
    const size = kernels.height * kernels.width;
    return numbersOf(kernels).subarray(this.at.number * size, (this.at.number + 1) * size);
  }

  set(at) {
    const { kernels } = this;
    if (!kernels || at.number === null || at.number >= kernels.count) return;
    Object.assign(this.at, at);
    this.paint();
  }

  /** Paint all of it; also what depends on light or dark. */
  paint() {
    const { kernels, picture, at } = this;
    if (!kernels) return;
    const { height, width } = kernels;
    paintTiles(this.tiles, kernels, height > 9 ? 1 : 2, at.number);
    const isPlaced = height < SIDE && width < SIDE;
    if (!isPlaced) Object.assign(at, { x: SIDE >> 1, y: SIDE >> 1 });
    const isThere = picture !== null && height <= SIDE && width <= SIDE;
    this.work.hidden = this.controls.hidden = !isThere;
    this.hint.textContent = isThere ? HINT : NO_LETTER;
    for (const [name, input] of Object.entries(this.sliders)) input.value = String(at[name]);
    for (const name of ["x", "y"]) /** @type {any} */ (this.sliders[name].parentElement).hidden = !isPlaced;
    if (!isThere) return;
    const filter = this.numbers();
    const patch = patchAt(picture, at.x, at.y, height, width);
    const product = patch.map((value, k) => value * filter[k]);
    const frame = { left: at.x - (width >> 1), top: at.y - (height >> 1), width, height };
    const most = Math.max(...filter.map(Math.abs), 1e-9);
    paintNumbers(this.letter, picture, SIDE, SIDE, 1, frame);
    paintNumbers(this.answer, this.answers(), SIDE, SIDE, 0, { ...frame, left: at.x, top: at.y, width: 1, height: 1 });
    paintNumbers(this.patch, patch, height, width, 1);
    paintNumbers(this.filter, filter, height, width, most);
    paintNumbers(this.product, product, height, width, most);
    const sum = product.reduce((total, value) => total + value, 0);
    this.sum.textContent = `${sum < 0 ? "−" : ""}${Math.abs(sum).toFixed(2)}`;
    this.letter.setAttribute("aria-label", `The letter ${this.text}, with the patch that the filter sees`);
  }
}
