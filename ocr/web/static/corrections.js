/** Corrections: sent to the server, which keeps them as examples where it was given a folder. */

import { ask } from "./api.js";
import { characters } from "./description.js";
import { counted } from "./elements.js";
import { base64Of, glyphOf } from "./glyph_picture.js";
import { showError, tell } from "./notices.js";

/** Why nothing is kept, where the server was started without a folder. */
const NOT_KEPT =
  "Put right here only. To keep corrections and learn from them, start “ocr serve --corrections FOLDER”.";

const FOLDERLESS = 409;
/** What was kept has been taken back elsewhere. */
const GONE = 404;
/** So many examples are taken at a time. */
const MOST = 200;
const SHOWN = 12;
const listeners = new Set();
/** What of each letter is kept: {label, lot, place}, the place in the lot. */
const examples = new Map();
let turn = Promise.resolve();

/** Call `action` whenever what is kept has changed. */
export function onKept(action) {
  listeners.add(action);
}

/** What is kept of a letter: {label, lot, place}; undefined where nothing is. */
export const exampleOf = (letter) => examples.get(letter);

/** All letters of which something is kept, with that. */
export const allExamples = () => examples.entries();

/** Know again what was kept of a letter before the page was left. */
export const rememberExample = (letter, example) => examples.set(letter, example);

/**
 * Keep examples of letters, of what the network knows, in place of those that were kept of them before.
 * @param {string} source the name of the picture, or "drawing"
 * @param {Change} change what is wanted; `former` is put in: the same, as it was
 * @param {{what?: string, note?: string, undo?: (() => void) | null}} said what was done, where nothing is kept, and
 *   `note` why not; `undo` takes it back
 */
export function keep(source, change, { what = "Put right here.", note = "", undo = null } = {}) {
  return inTurn(async () => {
    const { wanted } = change;
    change.former = wanted.map(({ letter }) => ({ letter, label: examples.get(letter)?.label ?? null }));
    const told = (said) => tell(said.trim(), undo ? { name: "Undo", run: undo } : null);
    try {
      const { learned, foreign } = await sorted(wanted);
      const lacks = foreign.length ? `The network has no ${named(foreign)} to learn.` : note;
      const kept = await exchange(source, wanted, learned);
      if (!learned.length) {
        told(`${what} ${lacks}`);
        return;
      }
      const as = learned.length === 1 ? "an example" : "examples";
      told(`Kept ${named(learned)} as ${as}; ${counted(kept.total, "letter")} in all. ${lacks}`);
    } catch (error) {
      if (error.status === FOLDERLESS) told(NOT_KEPT);
      else showError(error);
    }
  });
}

/**
 * Have what was kept before a change kept again. It fails where the server does not take the rest back.
 * @type {(source: string, change: Change) => Promise<any>}
 */
export const takeChangeBack = (source, { former = [] }) =>
  inTurn(() =>
    exchange(
      source,
      former,
      former.filter(({ label }) => label !== null),
    ),
  );

/** Have a change again that was taken back. */
export const makeAgain = (source, { wanted }) =>
  inTurn(async () => {
    try {
      await exchange(source, wanted, (await sorted(wanted)).learned);
    } catch (error) {
      if (error.status !== FOLDERLESS) throw error;
    }
  });

/** What of that which is wanted the network can learn, and what it has no class for. */
async function sorted(wanted) {
  const labelled = wanted.filter(({ label }) => label !== null);
  if (!labelled.length) return { learned: [], foreign: [] };
  const known = await characters();
  return {
    learned: labelled.filter(({ label }) => known.has(label)),
    foreign: labelled.filter(({ label }) => !known.has(label)),
  };
}

/** One after another: what is kept must be known before it can be replaced. */
function inTurn(action) {
  const done = turn.then(action);
  turn = done.catch(() => undefined);
  return done;
}

/** Keep examples of `fresh` and none of the other `letters` any more. */
async function exchange(source, letters, fresh) {
  for (const { letter } of letters) await forget(letter);
  let answer = null;
  for (let first = 0; first < fresh.length; first += MOST) {
    const some = fresh.slice(first, first + MOST);
    const glyphs = await Promise.all(some.map(async ({ label, letter }) => ({ label, glyph: await encoded(letter) })));
    const { lot, ...kept } = await ask("/api/corrections", { method: "POST", json: { source, glyphs } });
    for (const [place, { letter, label }] of some.entries()) examples.set(letter, { label, lot, place });
    answer = kept;
  }
  if (answer) changed(answer);
  return answer;
}

const encoded = async (letter) => letter.glyph ?? base64Of(await glyphOf(letter));

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
  const labels = glyphs.map(({ label }) => label || "no letter");
  return labels.length > SHOWN
    ? `${labels.slice(0, SHOWN).join(" ")} and ${labels.length - SHOWN} more`
    : labels.join(" ");
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

/** Take one example out again. */
export const takeOneBack = (lot, place) =>
  inTurn(async () => changed(await ask(`/api/corrections/${lot}`, { method: "DELETE", query: { place } })));

/** Keep one example, as it was. */
export const keepOne = (source, label, glyph) =>
  inTurn(async () =>
    changed(await ask("/api/corrections", { method: "POST", json: { source, glyphs: [{ label, glyph }] } })),
  );

function changed(kept) {
  for (const action of listeners) action(kept);
}
