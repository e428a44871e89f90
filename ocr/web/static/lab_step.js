/** The network after a step: first-layer filters, weights, mix-ups. */

import { element, percent } from "./elements.js";
import { FilterView } from "./filter_view.js";
import { histogram, paintMixUps } from "./lab_pictures.js";

/**
 * @typedef {import("./lab_pictures.js").Tiles} Tiles
 * @typedef {import("./lab_pictures.js").Weights} Weights
 * @typedef {{counts: [number, number, number][], accuracy: number, count: number}} MixedUp
 * @typedef {{step: number, filters: Tiles, weights: Weights[], confusion: MixedUp}} Step
 */

const SHOWN = 5;

/** Three panels. */
export class StepPanels {
  constructor() {
    this.filters = new FilterView();
    this.weights = element("div", { class: "lab-weights" });
    this.matrix = element("canvas", {
      class: "lab-matrix",
      role: "img",
      "aria-label": "What is read as what; the same is in the list below",
    });
    this.right = element("p", { class: "quiet" });
    this.worst = element("ol", { class: "lab-worst", "aria-label": "Mixed up most" });
    this.panels = [
      element(
        "div",
        { class: "lab-stack" },
        panel("First-layer filters", "What it looks for first: blue adds, orange takes away.", this.filters.node),
        panel("Weights", "How many weights of each layer are how large, around 0.", this.weights),
      ),
      panel(
        "What it mixes up",
        "A row is what it is, a column what it is read as.",
        this.matrix,
        this.right,
        this.worst,
      ),
    ];
    /** @type {Map<string, number>} */
    this.reach = new Map();
    /** @type {Step | null} */
    this.step = null;
    /** @type {string[]} */
    this.classes = [];
    new ResizeObserver(() => this.paintMatrix()).observe(this.matrix);
  }

  /** Forget the run before. */
  clear() {
    this.reach.clear();
    this.step = null;
  }

  /**
   * @param {Step} step
   * @param {string[]} classes
   */
  show(step, classes) {
    this.step = step;
    this.classes = classes;
    this.paint();
    const { counts, accuracy, count } = step.confusion;
    this.right.textContent = `Of ${count.toLocaleString("en")} held out, ${percent(accuracy)} are read right.`;
    const wrong = counts
      .filter(([truth, read]) => truth !== read)
      .sort((a, b) => b[2] - a[2])
      .slice(0, SHOWN);
    const name = (/** @type {number} */ k) => classes[k] || "no character";
    this.worst.replaceChildren(
      ...wrong.map(([truth, read, times]) =>
        element("li", {}, element("b", {}, name(truth)), " as ", element("b", {}, name(read)), ` ${times}`),
      ),
    );
  }

  /** Paint what depends on light or dark. */
  paint() {
    if (!this.step) return;
    const { filters, weights } = this.step;
    this.filters.show(filters);
    for (const { name, largest } of weights) this.reach.set(name, Math.max(largest, this.reach.get(name) ?? 0));
    const row = (/** @type {Weights} */ one) =>
      element(
        "figure",
        {},
        element("figcaption", {}, one.name, element("span", {}, `± ${one.spread.toPrecision(2)}`)),
        histogram(one, this.reach.get(one.name) ?? 1),
      );
    this.weights.replaceChildren(...weights.map(row));
    this.paintMatrix();
  }

  paintMatrix() {
    if (this.step) paintMixUps(this.matrix, this.classes, this.step.confusion.counts);
  }
}

/**
 * @param {string} title
 * @param {string} means
 * @param {...HTMLElement} parts
 */
export function panel(title, means, ...parts) {
  return element(
    "div",
    { class: "panel" },
    element("h2", {}, title),
    element("p", { class: "quiet" }, means),
    ...parts,
  );
}
