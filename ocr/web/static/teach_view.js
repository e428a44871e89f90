/** Teach: the letters that were put right, and learning from them. */

import { ask } from "./api.js";
import { onKept, takeBack } from "./corrections.js";
import { byId, counted, element, percent, say } from "./elements.js";
import { showError, tell } from "./notices.js";

const POLL_MS = 500;
let polling = null;

export function startTeach() {
  onKept(showKept);
  byId("kept-back").addEventListener("click", takeBack);
  byId("learn").addEventListener("click", learn);
  byId("model-used").addEventListener("change", ({ target }) => use(target.value));
}

export async function showTeach() {
  try {
    showKept(await ask("/api/corrections"));
    showModel(await ask("/api/model"));
    follow(await ask("/api/learn"));
  } catch (error) {
    showError(error);
  }
}

function showKept({ folder, total, classes }) {
  byId("kept-total").textContent = total.toLocaleString("en");
  byId("kept-unit").textContent = total === 1 ? "letter kept" : "letters kept";
  byId("kept-where").textContent = folder
    ? `In ${folder}`
    : "Corrections are not kept. To keep them and learn from them, start “ocr serve --corrections FOLDER”.";
  if (folder && !total) byId("kept-where").textContent = `Put a letter right under Draw or Read and it is kept in ${folder}`;
  const chip = ([text, count]) => element("li", {}, element("b", {}, text || "no character"), ` ${count}`);
  byId("kept-classes").replaceChildren(...Object.entries(classes).map(chip));
  byId("kept-actions").hidden = !total;
  byId("learn").disabled = !total;
  byId("learn").textContent = total ? `Learn from ${counted(total, "letter")}` : "Learn";
}

async function learn() {
  byId("learn").disabled = true;
  byId("learn-result").replaceChildren();
  try {
    await ask("/api/learn", { method: "POST" });
    follow({ state: "running", progress: 0, message: "Beginning" });
  } catch (error) {
    byId("learn").disabled = false;
    showError(error);
  }
}

/** Show how far learning is, and look again until it is done. */
function follow({ state, progress, message, result }) {
  clearTimeout(polling);
  const running = state === "running";
  byId("learn-run").hidden = !running;
  if (running) {
    byId("learn").disabled = true;
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
    const state = await ask("/api/learn");
    follow(state);
    if (state.state === "running") return;
    byId("learn").disabled = false;
    showModel(await ask("/api/model"));
    if (state.state === "done") say("Learned.");
  } catch (error) {
    if (error.status === 0) polling = setTimeout(lookAgain, POLL_MS);
    else showError(error);
  }
}

function showResult({ model, samples, seconds, before, after, kept }) {
  const parts = [
    element("p", {}, `Learned from ${counted(samples, "letter")} in ${Math.round(seconds)} s.`),
  ];
  if (before != null && after != null) {
    const side = (name, share) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, percent(share)));
    parts.push(
      element("p", { class: "quiet" }, "Of those of your letters that were held back, right:"),
      element("dl", { class: "before-after" }, side("Before", before), side("After", after)),
    );
  } else {
    parts.push(element("p", { class: "quiet" }, "Too few letters to hold some back and measure; keep more."));
  }
  if (typeof kept === "number") {
    parts.push(element("p", { class: "quiet" }, `Of what it knew before, ${percent(kept)} is read as it was.`));
  }
  parts.push(element("p", { class: "quiet" }, "For the command: ", element("code", {}, `ocr read --model ${model}`)));
  byId("learn-result").replaceChildren(...parts);
}

function showModel({ used, learned }) {
  for (const choice of byId("model-used").elements) {
    if (choice.value === "learned") choice.disabled = !learned;
    choice.checked = choice.value === used;
  }
}

async function use(used) {
  try {
    showModel(await ask("/api/model", { method: "POST", json: { used } }));
    tell(`Reads with the ${used} network now.`);
  } catch (error) {
    showError(error);
    showTeach();
  }
}
