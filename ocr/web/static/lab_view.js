/** Lab: a network learns, and one watches: it can be paused, given another rate, and looked into at every saved step. */

import { ask } from "./api.js";
import { byId, counted, element, percent, say } from "./elements.js";
import { LetterPanel } from "./lab_letter.js";
import { chart } from "./lab_pictures.js";
import { Setup } from "./lab_setup.js";
import { StepPanels } from "./lab_step.js";
import { showError } from "./notices.js";

/**
 * @typedef {{step: number, loss: number | null, accuracy: number | null, val_loss: number | null, val_accuracy: number | null}} Epoch
 * @typedef {{state: string, message: string, data: string, recipe: string, rate: number, step: number, steps: number,
 *   epochs: number, classes: string[], parameters: number, learned: number, held_out: number,
 *   losses: [number, number][], history: Epoch[], saved: number[]}} Standing
 */

const POLL_MS = 500;
const PLAY_MS = 250;
const MORE = 5;
const STARTING = "Making the data ready.";

const setup = new Setup((rate) => now?.state === "running" && act("/go-on", { rate }));
const steps = new StepPanels();
const letter = new LetterPanel((glyph) => steps.filters.showLetter(glyph, ""));
const buttons = {
  train: element("button", { type: "button", onclick: train }, "Train"),
  pause: element("button", { type: "button", class: "primary", onclick: () => act("/pause") }, "Pause"),
  goOn: element("button", { type: "button", class: "primary", onclick: goOn }, "Go on"),
};
const status = element("p", { class: "lab-status" });
const bar = element("progress", { max: 1, value: 0, "aria-label": "How much of the training is done" });
const slider = element("input", {
  type: "range",
  min: 0,
  max: 0,
  step: 1,
  value: 0,
  id: "lab-step",
  oninput: () => slide(Number(slider.value)),
});
const where = element("output", { for: "lab-step" });
const play = element(
  "button",
  { type: "button", "aria-pressed": "false", onclick: () => (playing ? stopPlaying() : startPlaying()) },
  "Play",
);
const follow = element(
  "button",
  { type: "button", "aria-pressed": "true", onclick: () => setFollowing(!following) },
  "Newest",
);
const charts = element("div", { class: "lab-charts" });
const below = element("div", { class: "lab-below", hidden: true });

/** @type {Standing | null} */
let now = null;
/** @type {Map<number, import("./lab_step.js").Step>} */
const known = new Map();
let following = true;
let shown = -1;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let polling;
/** @type {ReturnType<typeof setInterval> | null} */
let playing = null;
let looking = false;

export function startLab() {
  const run = element(
    "div",
    { class: "panel lab-whole" },
    setup.form,
    element("div", { class: "row" }, buttons.pause, buttons.goOn, buttons.train),
    status,
    bar,
  );
  const time = element(
    "div",
    { class: "lab-time lab-whole" },
    element("label", { for: "lab-step" }, "Step"),
    slider,
    where,
    play,
    follow,
  );
  below.append(
    time,
    element("div", { class: "panel lab-learning" }, element("h2", {}, "Learning"), charts),
    ...steps.panels,
    letter.panel,
  );
  byId("lab-desk").replaceChildren(run, below);
  addEventListener("themechange", () => {
    steps.paint();
    letter.paint();
  });
}

export async function showLab() {
  try {
    setup.offer(await ask("/api/lab/choices"));
    take(await ask("/api/lab"));
  } catch (error) {
    showError(error);
  }
}

async function train() {
  if (!setup.check()) return;
  forget();
  now = null;
  below.hidden = true;
  buttons.train.disabled = true;
  status.textContent = STARTING;
  setFollowing(true);
  await act("", setup.wanted);
}

function goOn() {
  if (!setup.check()) return;
  const rate = Number(setup.rate.value);
  setFollowing(true);
  act("/go-on", now?.state === "done" ? { rate, epochs: MORE } : { rate });
}

/**
 * @param {string} path
 * @param {object} [json]
 */
async function act(path, json) {
  try {
    take(await ask(`/api/lab${path}`, { method: "POST", json }));
  } catch (error) {
    showError(error);
    if (error.status !== 0) showLab();
  }
}

/** Forget what was seen of the run before. */
function forget() {
  known.clear();
  steps.clear();
  letter.clear();
  stopPlaying();
  shown = -1;
}

/**
 * Show how the run stands, and look again while it goes on.
 * @param {Standing} standing
 */
function take(standing) {
  const before = now;
  now = standing;
  clearTimeout(polling);
  if (before && standing.step < before.step) forget();
  const { state } = standing;
  const runs = state === "starting" || state === "running";
  setup.rest(runs);
  buttons.train.disabled = runs;
  buttons.train.hidden = runs;
  buttons.train.textContent = ["idle", "failed"].includes(state) ? "Train" : "Train anew";
  buttons.train.classList.toggle("primary", ["idle", "failed"].includes(state));
  buttons.pause.hidden = !runs;
  buttons.goOn.hidden = state !== "paused" && state !== "done";
  buttons.goOn.textContent = state === "done" ? counted(MORE, "more epoch") : "Go on";
  showStatus(standing);
  below.hidden = standing.saved.length === 0;
  if (standing.saved.length) showSaved(standing);
  if (before && before.state !== state) say(status.textContent);
  if (before?.state === "running" && !runs) letter.follow();
  if (runs) letter.followOn();
  if (runs && !byId("lab").hidden) polling = setTimeout(lookAgain, POLL_MS);
}

async function lookAgain() {
  try {
    take(await ask("/api/lab"));
  } catch (error) {
    if (error.status === 0) polling = setTimeout(lookAgain, POLL_MS);
    else showError(error);
  }
}

/** @param {Standing} standing */
function showStatus({
  state,
  message,
  step,
  steps: all,
  epochs,
  parameters,
  learned,
  held_out: heldOut,
  rate,
  history,
}) {
  bar.hidden = state === "idle" || state === "failed";
  bar.value = all ? step / all : 0;
  status.classList.toggle("bad", state === "failed");
  const each = all / epochs || 1;
  const right = history.at(-1)?.val_accuracy;
  const far = `epoch ${Math.max(1, Math.ceil(step / each))} of ${epochs}, step ${step.toLocaleString("en")} of ${all.toLocaleString("en")}`;
  const size = `${counted(parameters, "weight")}, ${counted(learned, "sample")} to learn from, ${heldOut.toLocaleString("en")} held out`;
  const measured = right == null ? "" : `; ${percent(right)} of those held out are right`;
  /** @type {Record<string, string>} */
  const told = {
    idle: "Nothing is trained yet. The drawn sets are made here, so nothing is needed.",
    starting: STARTING,
    running: `Learning at ${rate}: ${far}${measured}. ${size}.`,
    paused: `Paused at ${far}${measured}. Change the rate if you like, and go on. ${size}.`,
    done: `Done: ${counted(epochs, "epoch")}${measured}. ${size}.`,
    failed: `It did not work: ${message}`,
  };
  status.textContent = told[state];
}

/** @param {Standing} standing */
function showSaved({ saved, losses, history, steps: all }) {
  slider.max = String(saved.length - 1);
  const at = following || shown < 0 ? saved.length - 1 : nearest(saved, shown);
  slider.value = String(at);
  tellWhere(saved[at]);
  const of = (/** @type {"loss" | "accuracy" | "val_loss" | "val_accuracy"} */ key) =>
    history.flatMap((epoch) =>
      epoch[key] == null ? [] : [/** @type {[number, number]} */ ([epoch.step, epoch[key]])],
    );
  const last = history.at(-1);
  const value = (/** @type {number | null | undefined} */ one) =>
    one == null ? "not measured yet" : one.toPrecision(3);
  charts.replaceChildren(
    chart(
      [
        { name: "Loss", kind: "of-train", points: losses },
        { name: "held out", kind: "of-val", points: of("val_loss") },
      ],
      {
        steps: all,
        step: saved[at],
        said: `Loss: ${value(losses.at(-1)?.[1])}; of what is held out: ${value(last?.val_loss)}`,
        write: (one) => one.toPrecision(3),
      },
    ),
    chart(
      [
        { name: "Right", kind: "of-train", points: of("accuracy") },
        { name: "held out", kind: "of-val", points: of("val_accuracy") },
      ],
      {
        steps: all,
        step: saved[at],
        top: 1,
        said: `Read right: ${value(last?.accuracy)}; of what is held out: ${value(last?.val_accuracy)}`,
        write: (one) => (one === 1 ? "100\u00a0%" : percent(one)),
      },
    ),
  );
  show(saved[at]);
}

/**
 * The place of a step among those that are saved, or of the nearest.
 * @param {number[]} saved
 * @param {number} step
 */
function nearest(saved, step) {
  return saved.reduce((best, one, k) => (Math.abs(one - step) < Math.abs(saved[best] - step) ? k : best), 0);
}

/** @param {number} place among the saved steps */
function slide(place) {
  if (!now) return;
  setFollowing(false);
  shown = now.saved[place];
  showSaved(now);
}

/** @param {boolean} is whether the newest step is shown */
function setFollowing(is) {
  following = is;
  follow.setAttribute("aria-pressed", String(is));
  if (!is) return;
  stopPlaying();
  if (now?.saved.length) showSaved(now);
}

function startPlaying() {
  if (!now) return;
  const last = now.saved.length - 1;
  let place = Number(slider.value) >= last ? 0 : Number(slider.value);
  play.setAttribute("aria-pressed", "true");
  play.textContent = "Stop";
  playing = setInterval(() => {
    slide(place);
    place += 1;
    if (place > last) stopPlaying();
  }, PLAY_MS);
}

function stopPlaying() {
  if (playing) clearInterval(playing);
  playing = null;
  play.setAttribute("aria-pressed", "false");
  play.textContent = "Play";
}

/** @param {number} step */
function tellWhere(step) {
  where.textContent = step.toLocaleString("en");
  slider.setAttribute("aria-valuetext", `Step ${step}`);
}

/**
 * Show a step, once what is shown now has come.
 * @param {number} step
 */
async function show(step) {
  shown = step;
  if (looking) return;
  looking = true;
  try {
    while (now) {
      const wanted = shown;
      const { classes } = now;
      if (!known.has(wanted)) known.set(wanted, await ask(`/api/lab/steps/${wanted}`));
      const found = known.get(wanted);
      if (found && steps.step !== found) steps.show(found, classes);
      letter.at(wanted, classes);
      if (wanted === shown) return;
    }
  } catch (error) {
    if (![404, 409].includes(error.status)) showError(error);
  } finally {
    looking = false;
  }
}
