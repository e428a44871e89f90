/** Teach: the letters that were put right, and learning from them. */

import { ask } from "./api.js";
import { onKept, takeBack } from "./corrections.js";
import { byId, counted, element, say } from "./elements.js";
import { showExamples, shownLabel } from "./examples_view.js";
import { bytesOf, glyphPicture } from "./glyph_picture.js";
import { showError, tell } from "./notices.js";
import { enqueue } from "./reading_queue.js";
import { isOnlyRead } from "./shelf.js";
import { now } from "./work.js";

const POLL_MS = 500;
const measured = (share) => `${(100 * share).toFixed(1)}\u00a0%`;
let polling = null;
/**
 * The last request for the state of learning; the next one waits for its answer.
 * @type {Promise<any>}
 */
let lastLook = Promise.resolve();
let running = false;
let total = 0;
/** What is read with: "bundled" or "learned". */
let inUse = "bundled";
/** The button that offers what was learned; null before anything was. */
let useIt = null;

export function startTeach() {
  onKept(showKept);
  byId("kept-back").addEventListener("click", takeBack);
  byId("learn").addEventListener("click", learn);
  byId("sheet").addEventListener("click", () =>
    import("./sheet_view.js").then(({ showSheet }) => showSheet(), showError),
  );
  byId("model-used").addEventListener("change", ({ target }) => use(/** @type {any} */ (target).value));
}

export async function showTeach() {
  try {
    await Promise.all([look().then(follow), ask("/api/model").then(showModel), ask("/api/corrections").then(showKept)]);
  } catch (error) {
    showError(error);
  }
}

function showKept({ folder, total: count, classes }) {
  total = count;
  byId("kept-total").textContent = total.toLocaleString("en");
  byId("kept-unit").textContent = total === 1 ? "letter kept" : "letters kept";
  byId("kept-where").textContent = whereKept(folder);
  const chip = ([text, number]) => {
    const open = shownLabel() === text;
    const show = () => {
      for (const one of byId("kept-classes").querySelectorAll("button")) one.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", String(shownLabel() !== text));
      showExamples(shownLabel() === text ? null : text);
    };
    const button = element(
      "button",
      { type: "button", class: "chip", "aria-pressed": String(open), title: "Show them", onclick: show },
      element("b", {}, text || "no character"),
      ` ${number}`,
    );
    return element("li", {}, button);
  };
  byId("sheet").hidden = !folder;
  if (shownLabel() !== null) showExamples(shownLabel());
  byId("kept-classes").replaceChildren(...Object.entries(classes).map(chip));
  byId("kept-actions").hidden = !total;
  showWhetherToLearn();
  byId("learn").textContent = total ? `Learn from ${counted(total, "letter")}` : "Learn";
}

function whereKept(folder) {
  if (!folder)
    return "Corrections are not kept. To keep them and learn from them, start “ocr serve --corrections FOLDER”.";
  return total ? `In ${folder}` : `Put a letter right under Draw or Read and it is kept in ${folder}`;
}

function showWhetherToLearn() {
  byId("learn").disabled = running || !total;
}

async function learn() {
  byId("learn").disabled = true;
  byId("learn-result").replaceChildren();
  try {
    follow(await look({ method: "POST" }));
  } catch (error) {
    await showTeach();
    showWhetherToLearn();
    if (!running) showError(error);
  }
}

/** Ask how learning goes, or begin it. One request at a time: an old answer never hides a newer one. */
function look(options = {}) {
  const next = () => ask("/api/learn", options);
  lastLook = lastLook.then(next, next);
  return lastLook;
}

/** Show how far learning is, and look again until it is done. */
function follow({ state, progress, message, result }) {
  clearTimeout(polling);
  running = state === "running";
  showWhetherToLearn();
  byId("learn-run").hidden = !running;
  if (running) {
    byId("learn-progress").value = progress;
    byId("learn-message").textContent = message;
    polling = setTimeout(lookAgain, POLL_MS);
  } else if (state === "failed") {
    byId("learn-result").replaceChildren(element("p", { class: "bad" }, `It did not work: ${message}`));
  } else if (result) {
    showResult(result);
  }
}

async function lookAgain() {
  try {
    const state = await look();
    follow(state);
    if (state.state === "running") return;
    showModel(await ask("/api/model"));
    if (state.state === "done") say("Learned.");
  } catch (error) {
    if (error.status === 0) polling = setTimeout(lookAgain, POLL_MS);
    else showError(error);
  }
}

function showResult({ model, samples, seconds, before, after, changes = [], kept, left_out: leftOut = [] }) {
  /** @type {HTMLElement[]} */
  const parts = [element("p", {}, `Learned from ${counted(samples, "letter")} in ${Math.round(seconds)} s.`)];
  if (before != null && after != null) {
    const side = (name, share) => element("div", {}, element("dt", {}, name), element("dd", {}, measured(share)));
    parts.push(
      element("p", { class: "quiet" }, "Of those of your letters that were held back, right:"),
      element("dl", { class: "before-after" }, side("Before", before), side("After", after)),
    );
    if (changes.length) parts.push(changesList(changes));
  } else {
    parts.push(element("p", { class: "quiet" }, "Too few letters to hold some back and measure; keep more."));
  }
  if (leftOut.length) {
    const more = leftOut.length > 1 ? `, and ${leftOut.length - 1} more` : "";
    parts.push(element("p", { class: "bad" }, `Left out: ${leftOut[0]}${more}`));
  }
  if (typeof kept === "number") {
    parts.push(element("p", { class: "quiet" }, `Of what it knew before, ${measured(kept)} is read as it was.`));
  }
  useIt = element("button", { type: "button", class: "primary", onclick: () => use("learned") }, "Read with it");
  useIt.hidden = inUse === "learned";
  parts.push(
    element("div", { class: "row" }, useIt),
    element("p", { class: "quiet" }, "For the command: ", element("code", {}, `ocr read --model ${quoted(model)}`)),
  );
  byId("learn-result").replaceChildren(...parts);
}

/** Letters that are read otherwise than before, each beside what it was read as. */
function changesList(changes) {
  const name = (text) => text || "–";
  const verdict = (text, label) => element("b", { class: text === label ? "good" : "bad" }, name(text));
  const row = ({ label, before, after, glyph }) =>
    element(
      "li",
      { "aria-label": `${name(label)}: before ${name(before)}, after ${name(after)}` },
      glyphPicture(bytesOf(glyph), name(label)),
      element("span", {}, verdict(before, label), " → ", verdict(after, label)),
    );
  return element("ol", { class: "changes", "aria-label": "Read otherwise than before" }, ...changes.map(row));
}

/** A path as a shell takes it. */
function quoted(path) {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

const named = (model) => (model === "bundled" ? "the bundled network" : model);

function showModel({ used, learned, base, model }) {
  inUse = used;
  if (useIt) useIt.hidden = used === "learned";
  byId("model-base").textContent = base === "bundled" ? "Bundled" : base;
  byId("model-name").textContent = `Reads with ${named(model)}.`;
  for (const choice of /** @type {any} */ (byId("model-used").elements)) {
    if (choice.value === "learned") choice.disabled = !learned;
    choice.checked = choice.value === used;
  }
}

async function use(used) {
  try {
    const chosen = await ask("/api/model", { method: "POST", json: { used } });
    showModel(chosen);
    dispatchEvent(new Event("modelchange"));
    readOpenAnew(`Reads with ${used === "learned" ? "the learned network" : named(chosen.base)} now.`);
  } catch (error) {
    showError(error);
    showTeach();
  }
}

/** Read what is open with the other network: at once, or where something was put right, when that is wanted. */
function readOpenAnew(said) {
  const { item } = now();
  if (!item?.history) return void tell(said);
  if (!isOnlyRead(item.history))
    return void tell(said, { name: `Read ${item.name} again`, run: () => enqueue(item, { first: true }) });
  enqueue(item, { first: true });
  tell(`${said} ${item.name} is read anew.`);
}
