/** A sheet to write one's letters on, a cell for each: what is written is kept as examples of what the cell asks for. */

import { upload } from "./api.js";
import { keep, takeChangeBack } from "./corrections.js";
import { counted, element, percent } from "./elements.js";
import { showError, tell } from "./notices.js";
import { Strokes } from "./strokes.js";

const PEN = 5;
/** A letter is read once its strokes are so long done. */
const PAUSE_MS = 600;
const SETS = {
  "A to Z and 0 to 9": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  "a to z": "abcdefghijklmnopqrstuvwxyz",
};

/** @type {Cell[]} */
let cells = [];
/** What is being read, one cell after another. */
let turn = Promise.resolve();

const title = element("h2", { id: "sheet-title" });
const told = element("p", { class: "quiet", role: "status" });
const grid = element("ol", { class: "sheet-cells", tabindex: 0, "aria-label": "Letters to write" });
const choice = element(
  "select",
  { "aria-label": "What to write", onchange: () => lay(choice.value) },
  ...Object.keys(SETS).map((name) => element("option", {}, name)),
);
const keeping = element("button", { type: "button", class: "primary", disabled: true, onclick: keepAll });
const dialog = element(
  "dialog",
  { class: "sheet-dialog", "aria-labelledby": "sheet-title" },
  element("div", { class: "wall-head" }, element("div", {}, title), choice),
  grid,
  element(
    "div",
    { class: "wall-foot" },
    told,
    element("button", { type: "button", onclick: () => dialog.close() }, "Close"),
    keeping,
  ),
);

/** Show the sheet; what was written on it is still there. */
export function showSheet() {
  if (!dialog.isConnected) {
    document.body.append(dialog);
    lay(choice.value);
  }
  dialog.showModal();
}

/** Lay another sheet. */
function lay(name) {
  title.textContent = `Write ${name} here`;
  cells = [...SETS[name]].map((label) => new Cell(label));
  grid.replaceChildren(...cells.map(({ node }) => node));
  showCount();
}

function showCount() {
  const count = cells.filter(({ glyph }) => glyph).length;
  keeping.textContent = count ? `Keep ${counted(count, "letter")}` : "Keep";
  keeping.disabled = !count;
  told.textContent = count
    ? `${count} of ${cells.length} are written. Leave out what you like.`
    : "As you always write them. Leave out what you like.";
}

async function keepAll() {
  const written = cells.filter(({ glyph }) => glyph);
  const wanted = written.map(({ label, glyph }) => ({ letter: { glyph }, label }));
  const change = { wanted };
  const undo = () => takeChangeBack("a sheet", change).then(() => tell("Taken back."), showError);
  dialog.close();
  await keep("a sheet", change, { what: "Written.", undo });
  for (const cell of written) cell.clear();
}

/** A place for one letter. */
class Cell {
  constructor(label) {
    this.label = label;
    /** @type {string | null} */
    this.glyph = null;
    this.canvas = element("canvas", { role: "img", "aria-label": `Write ${label} here` });
    this.says = element("small", {}, label);
    this.again = element(
      "button",
      { type: "button", class: "bare", "aria-label": `Write ${label} again`, title: "Again", hidden: true },
      "✕",
    );
    this.again.addEventListener("click", () => this.clear());
    this.node = element(
      "li",
      {},
      element("div", { class: "cell-head" }, this.says, this.again),
      element("div", { class: "cell-paper" }, element("span", { "aria-hidden": "true" }, label), this.canvas),
    );
    this.strokes = new Strokes(
      this.canvas,
      () => this.changed(),
      () => clearTimeout(this.waiting),
      { width: PEN },
    );
  }

  clear() {
    this.strokes.clear();
  }

  changed() {
    clearTimeout(this.waiting);
    this.again.hidden = this.strokes.empty;
    if (this.strokes.empty) this.show(null, this.label);
    else this.waiting = setTimeout(() => (turn = turn.then(() => this.read())), PAUSE_MS);
  }

  /** Have what is written made a glyph, as pictures are. */
  async read() {
    if (this.strokes.empty) return;
    try {
      const { letters } = await (await upload("/api/predict", { file: await this.strokes.toFile() })).json();
      if (letters.length !== 1) {
        this.show(null, letters.length ? `${letters.length} letters?` : "no letter?");
        return;
      }
      const [{ glyph, text, confidence }] = letters;
      this.show(glyph, text === this.label ? `${text} ${percent(confidence)}` : `reads ${text}`);
    } catch (error) {
      showError(error);
    }
  }

  /** @param {string | null} glyph @param {string} says */
  show(glyph, says) {
    this.glyph = glyph;
    this.says.textContent = says;
    this.node.className = glyph ? "written" : this.strokes.empty ? "" : "doubtful";
    showCount();
  }
}
