/** A letter that is drawn, and what every layer gives for it at the step that is looked at. */

import { ask, upload } from "./api.js";
import { element, percent, say } from "./elements.js";
import { bytesOf, glyphPicture } from "./glyph_picture.js";
import { paintTiles } from "./lab_pictures.js";
import { panel } from "./lab_step.js";
import { showError } from "./notices.js";
import { outputBars } from "./output_bars.js";
import { Strokes } from "./strokes.js";

/**
 * @typedef {{text: string, confidence: number}} Likely
 * @typedef {{name: string, shape: number[], tiles: import("./lab_pictures.js").Tiles}} Layer
 * @typedef {{step: number, layers: Layer[], top: Likely[]}} Answers
 */

const PAUSE_MS = 150;
const FOLLOW_MS = 3000;
const POINTS = 8;
/** @type {Record<string, [number, number][][]>} */
const EXAMPLES = {
  A: [
    [
      [0, 1],
      [0.36, 0],
      [0.72, 1],
    ],
    [
      [0.15, 0.62],
      [0.58, 0.61],
    ],
  ],
  7: [
    [
      [0, 0.02],
      [0.6, 0],
      [0.22, 1],
    ],
  ],
};

/**
 * A stroke with as many points as a hand leaves, so that its corners stay corners.
 * @param {[number, number][]} stroke
 * @returns {[number, number][]}
 */
function dense(stroke) {
  return stroke.flatMap(([x, y], k) => {
    const [nextX, nextY] = stroke[k + 1] ?? [x, y];
    return Array.from(
      { length: k + 1 < stroke.length ? POINTS : 1 },
      (_, n) => /** @type {[number, number]} */ ([x + ((nextX - x) * n) / POINTS, y + ((nextY - y) * n) / POINTS]),
    );
  });
}

/** The panel with the sheet, the answers and how the reading came about. */
export class LetterPanel {
  /** @param {(glyph: Uint8Array | null) => void} seen called with another glyph, or null where there is none */
  constructor(seen) {
    this.seen = seen;
    this.paper = element("canvas", {
      class: "lab-paper",
      role: "img",
      "aria-label": "Drawing area for finger, pen or mouse",
    });
    this.hint = element("p", { class: "lab-hint", "aria-hidden": "true" }, "Draw a letter");
    this.clearing = element("button", { type: "button", disabled: true, onclick: () => this.strokes.clear() }, "Clear");
    this.example = element("button", { type: "button", onclick: () => this.drawExample() }, "Example");
    this.reads = element("p", { class: "lab-reads" });
    this.top = element("ol", { class: "lab-top-five", "aria-label": "Most probable characters" });
    this.course = element("ol", { class: "lab-course", "aria-hidden": "true" });
    this.layers = element("div", { class: "lab-layers" });
    this.panel = panel(
      "Your letter, layer by layer",
      "Draw one, then move the step: blue is more than 0, orange less.",
      element(
        "div",
        { class: "lab-letter" },
        element(
          "div",
          { class: "lab-sheet" },
          this.paper,
          this.hint,
          element("div", { class: "row" }, this.clearing, this.example),
        ),
        element("div", { class: "lab-said" }, this.reads, this.top, this.course),
      ),
      this.layers,
    );
    this.panel.classList.add("lab-whole");
    this.strokes = new Strokes(
      this.paper,
      () => this.changed(),
      () => (this.hint.hidden = true),
    );
    /** @type {string | null} */
    this.glyph = null;
    /** @type {Map<number, Answers>} */
    this.known = new Map();
    this.step = 0;
    this.followed = 0;
    /** @type {string[]} */
    this.classes = [];
    /** @type {Answers | null} */
    this.shown = null;
  }

  /**
   * Look at another step.
   * @param {number} step
   * @param {string[]} classes
   */
  at(step, classes) {
    this.step = step;
    this.classes = classes;
    this.answer();
    for (const cell of this.course.children)
      cell.classList.toggle("here", Number(cell.getAttribute("data-step")) === step);
  }

  /** Forget the answers of the run before. */
  clear() {
    this.known.clear();
    this.shown = null;
    this.layers.replaceChildren();
    this.top.replaceChildren();
    this.course.replaceChildren();
  }

  drawExample() {
    const name = this.classes.includes("A") || !this.classes.includes("7") ? "A" : "7";
    const side = 0.7 * Math.min(this.paper.clientWidth, this.paper.clientHeight);
    const [left, top] = [(this.paper.clientWidth - 0.7 * side) / 2, (this.paper.clientHeight - side) / 2];
    this.strokes.set(EXAMPLES[name].map((stroke) => dense(stroke).map(([x, y]) => [left + side * x, top + side * y])));
  }

  changed() {
    this.hint.hidden = !this.strokes.empty;
    this.clearing.disabled = this.strokes.empty;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.read().catch(showError), PAUSE_MS);
  }

  /** Have the drawing made a glyph, as pictures are. */
  async read() {
    this.clear();
    this.glyph = null;
    if (!this.strokes.empty) {
      const { letters } = await (await upload("/api/predict", { file: await this.strokes.toFile() })).json();
      this.glyph = letters[0]?.glyph ?? null;
    }
    this.seen(this.glyph ? bytesOf(this.glyph) : null);
    this.reads.replaceChildren(this.strokes.empty || this.glyph ? "" : "No letter is seen in this yet.");
    await this.answer();
    say(this.reads.textContent);
    await this.follow();
  }

  async answer() {
    const [glyph, step] = [this.glyph, this.step];
    if (!glyph) return;
    try {
      if (!this.known.has(step)) {
        const found = await ask(`/api/lab/steps/${step}/answers`, { method: "POST", json: { glyph } });
        if (glyph !== this.glyph) return;
        this.known.set(step, found);
      }
      if (step === this.step) this.show(/** @type {Answers} */ (this.known.get(step)));
    } catch (error) {
      if (![404, 409].includes(error.status)) showError(error);
    }
  }

  /** @param {Answers} answers */
  show(answers) {
    this.shown = answers;
    const [best] = answers.top;
    this.reads.replaceChildren(element("b", {}, best.text || "no character"), ` ${percent(best.confidence)}`);
    this.top.replaceChildren(...outputBars(answers.top));
    this.paint();
  }

  /** Paint what depends on light or dark. */
  paint() {
    if (!this.shown || !this.glyph) return;
    const seen = glyphPicture(bytesOf(this.glyph), "What the network sees");
    seen.classList.add("lab-tiles");
    const first = element("figure", {}, seen, element("figcaption", {}, element("b", {}, "input"), "28 × 28"));
    const canvases = this.shown.layers.map(({ name }) =>
      element("canvas", { class: "pixels lab-tiles", role: "img", "aria-label": `What ${name} gives` }),
    );
    const figures = this.shown.layers.map(({ name, shape }, k) =>
      element(
        "figure",
        {},
        canvases[k],
        element(
          "figcaption",
          {},
          element("b", {}, name.replaceAll("_", " ")),
          shape.filter((side) => side > 1).join(" × "),
        ),
      ),
    );
    this.layers.replaceChildren(first, ...figures);
    for (const [k, { tiles }] of this.shown.layers.entries()) paintTiles(canvases[k], tiles);
  }

  /** Follow again after a while, as there are more steps by then. */
  followOn() {
    if (performance.now() > this.followed + FOLLOW_MS) this.follow();
  }

  /** Tell what the letter was read as after each step. */
  async follow() {
    const glyph = this.glyph;
    if (!glyph) return;
    this.followed = performance.now();
    try {
      /** @type {(Likely & {step: number})[]} */
      const course = await ask("/api/lab/course", { method: "POST", json: { glyph } });
      if (glyph !== this.glyph) return;
      this.course.replaceChildren(
        ...course.map(({ step, text, confidence }) => {
          const cell = element(
            "li",
            {
              "data-step": step,
              class: step === this.step && "here",
              title: `Step ${step}: ${text} ${percent(confidence)}`,
            },
            text || "–",
          );
          cell.style.setProperty("--share", String(confidence));
          return cell;
        }),
      );
    } catch (error) {
      if (![404, 409].includes(error.status)) showError(error);
    }
  }
}
