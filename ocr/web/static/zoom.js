/**
 * A picture that is zoomed and moved in its pane: by wheel, pinch, drag, double click, keys and buttons.
 *
 * The sheet that holds the picture and its boxes gets a size and a CSS translation, nothing more: the browser scales one
 * picture of a page well, and boxes stay vectors above it. A viewer such as OpenSeadragon brings tiles for pictures of
 * gigabytes and its own canvas, and weighs more than all of this page together.
 */

const STEP = 1.25;
const MOST = 16;
const SLACK_PX = 4;
const NEAR_PX = 24;
const WHEEL = 0.0016;
/** Pixels of one notch of a wheel that counts in lines. */
const LINE_PX = 33;

export class Zoom {
  /**
   * @param {HTMLElement} pane what the picture is seen in
   * @param {HTMLElement} sheet what is moved in it
   * @param {Actions} tools `canPan()`: whether a drag moves the picture; `changed(scale)`
   */
  constructor(pane, sheet, tools) {
    this.pane = pane;
    this.sheet = sheet;
    this.tools = tools;
    this.size = [1, 1];
    this.scale = 1;
    this.at = [0, 0];
    this.fit = "page";
    /** Where the pointers are that are down, and whether they were moved. */
    this.pointers = new Map();
    this.hasMoved = false;
    pane.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    pane.addEventListener("pointerdown", (event) => this.down(event));
    pane.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of /** @type {const} */ (["pointerup", "pointercancel"]))
      pane.addEventListener(kind, (event) => this.pointers.delete(event.pointerId));
    pane.addEventListener("click", (event) => this.hasMoved && event.stopPropagation(), true);
    pane.addEventListener("dblclick", (event) => this.by(event.shiftKey ? 0.5 : 2, this.inPane(event)));
    pane.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.refit()).observe(pane);
  }

  /** Show another sheet, of so many pixels of the picture, as a whole; the same size stays as it is. */
  show(width, height) {
    const isSame = this.size[0] === width && this.size[1] === height;
    this.size = [width, height];
    if (!isSame) this.fit = "page";
    this.refit();
  }

  get room() {
    return [this.pane.clientWidth, this.pane.clientHeight];
  }

  get wholeScale() {
    return Math.min(...this.room.map((side, k) => side / this.size[k]));
  }

  fitTo(fit) {
    this.fit = fit;
    this.refit();
  }

  refit() {
    const [wide] = this.room;
    if (!wide) return;
    if (this.fit === "page") this.set(this.wholeScale, [0, 0]);
    else if (this.fit === "width") this.set(wide / this.size[0], [0, this.at[1]]);
    else this.set(this.scale, this.at);
  }

  /** Make the picture larger by a factor, while a point of the pane, by default its middle, stays where it is. */
  by(factor, point = this.room.map((side) => side / 2)) {
    const scale = Math.min(MOST, Math.max(Math.min(this.wholeScale, 1) / 2, this.scale * factor));
    const share = scale / this.scale;
    this.fit = "free";
    this.set(
      scale,
      this.at.map((side, k) => point[k] - (point[k] - side) * share),
    );
  }

  pan(x, y) {
    if (this.fit === "page") this.fit = "free";
    this.set(this.scale, [this.at[0] + x, this.at[1] + y]);
  }

  /** Bring a box of the picture into view, and near enough for a height to be `least`, in pixels of the screen. */
  reveal([left, top, right, bottom], height, least) {
    const high = height * this.scale;
    if (high < least) {
      this.fit = "free";
      this.scale = Math.min(MOST, (2 * least) / Math.max(1, height));
    }
    const sides = [
      [left, right],
      [top, bottom],
    ];
    const isIn = sides.every(
      ([low, far], k) => this.at[k] + low * this.scale >= 0 && this.at[k] + far * this.scale <= this.room[k],
    );
    const centred = sides.map(([low, far], k) => this.room[k] / 2 - ((low + far) / 2) * this.scale);
    if (high < least || !isIn) {
      if (this.fit === "page") this.fit = "free";
      this.set(this.scale, centred);
    }
  }

  /** Scale and place the sheet: in the middle where there is room, and else with no room beside it. */
  set(scale, at) {
    this.scale = scale;
    const sides = this.size.map((side) => side * scale);
    this.at = at.map((side, k) => {
      const spare = this.room[k] - sides[k];
      return spare >= 0 ? spare / 2 : Math.min(0, Math.max(spare, side));
    });
    [this.sheet.style.width, this.sheet.style.height] = sides.map((side) => `${side}px`);
    this.sheet.style.transform = `translate(${this.at[0]}px, ${this.at[1]}px)`;
    // while all is in view, a finger scrolls the page
    this.pane.style.touchAction = sides.some((side, k) => side > this.room[k] + 1) ? "none" : "pan-x pan-y";
    this.tools.changed(scale);
  }

  inPane({ clientX, clientY }) {
    const box = this.pane.getBoundingClientRect();
    return [clientX - box.left - this.pane.clientLeft, clientY - box.top - this.pane.clientTop];
  }

  wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode ? LINE_PX : 1;
    const turned = Math.max(-240, Math.min(240, event.deltaY * unit));
    if (event.shiftKey) this.pan(-(event.deltaX || event.deltaY) * unit, 0);
    // a pinch on a touch pad is a wheel of small steps with Ctrl
    else this.by(Math.exp(-turned * WHEEL * (event.ctrlKey ? 5 : 1)), this.inPane(event));
  }

  down(event) {
    if (event.button !== 0) return;
    if (!this.pointers.size) this.hasMoved = false;
    this.pointers.set(event.pointerId, this.inPane(event));
  }

  move(event) {
    const from = this.pointers.get(event.pointerId);
    if (!from) return;
    const to = this.inPane(event);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      /** @type {(point: number[]) => number} */
      const apart = ([x, y]) => Math.max(1, Math.hypot(x - other[0], y - other[1]));
      this.by(
        apart(to) / apart(from),
        [0, 1].map((k) => (to[k] + other[k]) / 2),
      );
    } else {
      if (!this.tools.canPan()) return;
      if (!this.hasMoved && Math.hypot(to[0] - from[0], to[1] - from[1]) < SLACK_PX) return;
      this.pan(to[0] - from[0], to[1] - from[1]);
    }
    if (!this.hasMoved) this.pane.setPointerCapture(event.pointerId);
    this.hasMoved = true;
    this.pointers.set(event.pointerId, to);
  }

  get isDragging() {
    return this.hasMoved && this.pointers.size > 0;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = 0.2 * Math.min(...this.room) + NEAR_PX;
    const actions = {
      "+": () => this.by(STEP),
      "=": () => this.by(STEP),
      "-": () => this.by(1 / STEP),
      0: () => this.fitTo("page"),
      1: () => this.by(1 / this.scale),
      w: () => this.fitTo("width"),
      ArrowLeft: () => this.pan(far, 0),
      ArrowRight: () => this.pan(-far, 0),
      ArrowUp: () => this.pan(0, far),
      ArrowDown: () => this.pan(0, -far),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }
}
