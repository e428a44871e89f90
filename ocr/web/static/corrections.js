/** Corrections: sent to the server, which keeps them as examples where it was given a folder. */

import { ask } from "./api.js";
import { characters } from "./description.js";
import { counted } from "./elements.js";
import { showError, tell } from "./notices.js";

/** Why nothing is kept, where the server was started without a folder. */
const NOT_KEPT = "Put right here only. To keep corrections and learn from them, start “ocr serve --corrections FOLDER”.";

const FOLDERLESS = 409;
/** What was kept has been taken back elsewhere. */
const GONE = 404;
const listeners = new Set();
/** What of a letter is kept: {label, lot, place}, the place in the lot. */
const examples = new WeakMap();
let turn = Promise.resolve();

/** Call `action` whenever what is kept has changed. */
export function onKept(action) {
  listeners.add(action);
}

/** Whether there is an example of a letter. */
export function isKept(letter) {
  return examples.has(letter);
}

/**
 * Keep examples of letters, of what the network knows, in place of those that were kept of them before.
 * @param source the name of the picture, or "drawing"
 * @param wanted [{letter, label, glyph: base64}]; `letter` is any object that stands for the letter. An empty
 *   label says that it is no character, and null that there is to be no example of it
 * @param revert undoes on the page what was put right; returns whether it could
 * @param what says what was done, where nothing is kept, and `note` why not
 * @returns {done, undo}: a promise, and a function that takes it back
 */
export function keep(source, wanted, revert, { what = "Put right here.", note = "" } = {}) {
  let former = [];
  let isBack = false;
  const run = () => {
    if (isBack) return;
    isBack = true;
    inTurn(() => undo(source, former, revert).catch((error) => ((isBack = false), showError(error))));
  };
  const done = inTurn(async () => {
    former = wanted.map((one) => ({ ...one, label: examples.get(one.letter)?.label ?? null }));
    const told = (said) => tell(said, { name: "Undo", run });
    try {
      const known = await characters();
      const foreign = wanted.filter(({ label }) => label !== null && !known.has(label));
      const learnt = wanted.filter(({ label }) => label !== null && known.has(label));
      const lacks = foreign.length ? `The network has no ${named(foreign)} to learn.` : note;
      const kept = await exchange(source, wanted, learnt);
      if (!learnt.length) {
        told(`${what} ${lacks}`);
        return;
      }
      const as = learnt.length === 1 ? "an example" : "examples";
      told(`Kept ${named(learnt)} as ${as}; ${counted(kept.total, "letter")} in all. ${lacks}`);
    } catch (error) {
      if (error.status === FOLDERLESS) told(NOT_KEPT);
      else showError(error);
    }
  });
  return { done, undo: run };
}

/** One after another: what is kept must be known before it can be replaced. */
function inTurn(action) {
  turn = turn.then(action);
  return turn;
}

/** Have what was kept before kept again, and undo it on the page, where the server took it back. */
async function undo(source, former, revert) {
  await exchange(source, former, former.filter(({ label }) => label !== null));
  tell(revert() ? "Taken back." : "This was put right once more since; take that back first.");
}

/** Keep examples of `fresh` and none of the other `letters` any more. */
async function exchange(source, letters, fresh) {
  for (const { letter } of letters) await forget(letter);
  if (!fresh.length) return null;
  const glyphs = fresh.map(({ label, glyph }) => ({ label, glyph }));
  const { lot, ...kept } = await ask("/api/corrections", { method: "POST", json: { source, glyphs } });
  fresh.forEach(({ letter, label }, place) => examples.set(letter, { label, lot, place }));
  changed(kept);
  return kept;
}

async function forget(letter) {
  if (!examples.has(letter)) return;
  const { lot, place } = examples.get(letter);
  try {
    changed(await ask(`/api/corrections/${lot}`, { method: "DELETE", query: { place } }));
  } catch (error) {
    if (error.status !== GONE) throw error;
  }
  examples.delete(letter);
}

function named(glyphs) {
  return glyphs.map(({ label }) => label || "no letter").join(" ");
}

/** Take the lot that was kept last out again. */
export function takeBack() {
  return inTurn(async () => {
    try {
      changed(await ask("/api/corrections/last", { method: "DELETE" }));
      tell("Taken back.");
    } catch (error) {
      showError(error);
    }
  });
}

function changed(kept) {
  for (const action of listeners) action(kept);
}
