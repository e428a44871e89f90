/** Strokes of finger, pen or mouse on a canvas, crisp on any screen. */

import { contextOf } from "./elements.js";

const WIDTH = 10;
const MARGIN = 24;

/** A canvas that is drawn on. */
export class Strokes {
  /**
   * @param canvas the canvas; its size on the page is its size in strokes' coordinates
   * @param changed called when a stroke is done, or undone, or all are cleared
   * @param began called when a stroke begins
   * @param {{width?: number, moved?: () => void}} [more] the width of the pen; `moved` is called while it moves
   */
  constructor(canvas, changed, began, { width = WIDTH, moved = () => {} } = {}) {
    this.canvas = canvas;
    this.changed = changed;
    this.began = began;
    this.width = width;
    this.moved = moved;
    this.strokes = [];
    /** What was drawn before it was cleared. */
    this.former = [];
    /** What was taken back, the last one first to come again: a stroke, or null where all are to be cleared again. */
    this.undone = [];
    this.running = null;
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.go(event));
    canvas.addEventListener("pointerup", (event) => this.end(event));
    canvas.addEventListener("pointercancel", (event) => this.end(event));
    new ResizeObserver(() => this.fit()).observe(canvas);
    addEventListener("themechange", () => this.show());
  }

  get empty() {
    return this.strokes.length === 0;
  }

  get canUndo() {
    return !this.empty || this.former.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }

  /** How much smaller strokes are shown than they were drawn: on a sheet that was larger then, so that none is off it. */
  get scale() {
    const points = this.strokes.flat();
    const sides = [this.canvas.clientWidth, this.canvas.clientHeight];
    return Math.min(1, ...sides.map((side, k) => side / Math.max(1, ...points.map((point) => point[k]))));
  }

  begin(event) {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.running = [this.at(event)];
    this.former = [];
    this.undone = [];
    this.strokes.push(this.running);
    this.began();
    this.show();
  }

  go(event) {
    if (!this.running || !event.isPrimary) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) this.running.push(this.at(one));
    this.show();
    this.moved();
  }

  end(event) {
    if (!this.running || !event.isPrimary) return;
    this.running = null;
    this.changed();
  }

  /** Take the last stroke back, or else that all were cleared. */
  undo() {
    if (this.empty) {
      [this.strokes, this.former] = [this.former, []];
      this.undone.push(null);
    } else this.undone.push(this.strokes.pop());
    this.show();
    this.changed();
  }

  /** Draw again what was taken back last, or clear all again. */
  redo() {
    const stroke = this.undone.pop();
    if (stroke === undefined) return;
    if (stroke) this.strokes.push(stroke);
    else [this.strokes, this.former] = [[], this.strokes];
    this.show();
    this.changed();
  }

  clear() {
    if (!this.empty) this.former = this.strokes;
    this.set([]);
  }

  /** Show these strokes, arrays of [x, y], in place of those that are there. */
  set(strokes) {
    this.strokes = strokes;
    this.undone = [];
    this.running = null;
    this.show();
    this.changed();
  }

  /** Where a pointer is, on the sheet. */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const on = (side, length) => Math.min(length, Math.max(0, side)) / this.scale;
    return [on(event.clientX - box.left, box.width), on(event.clientY - box.top, box.height)];
  }

  fit() {
    const { clientWidth, clientHeight } = this.canvas;
    const ratio = devicePixelRatio || 1;
    if (!clientWidth) return;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.show();
  }

  show() {
    const context = contextOf(this.canvas);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const ratio = (this.scale * this.canvas.width) / (this.canvas.clientWidth || 1);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(context, this.strokes, getComputedStyle(this.canvas).color, this.width);
  }

  /** The drawing as a PNG, dark on white, one pixel for each of the page's. */
  async toFile() {
    const points = this.strokes.flat();
    const wide = Math.max(this.canvas.clientWidth, ...points.map(([x]) => x + MARGIN));
    const high = Math.max(this.canvas.clientHeight, ...points.map(([, y]) => y + MARGIN));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(wide);
    canvas.height = Math.ceil(high);
    const context = contextOf(canvas);
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    paint(context, this.strokes, "black", this.width);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    return new File([blob], "drawing.png", { type: "image/png" });
  }
}

/** Each stroke as a smooth line through the middles between its points. */
function paint(context, strokes, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const [first, ...rest] of strokes) {
    context.beginPath();
    context.moveTo(...first);
    rest.forEach(([x, y], k) => {
      const [nextX, nextY] = rest[k + 1] ?? [x, y];
      context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    });
    if (!rest.length) context.lineTo(first[0] + 0.1, first[1]);
    context.stroke();
  }
}
