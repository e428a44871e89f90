/** Corrections: sent to the server, which keeps them as examples where it was given a folder. */

import { ask } from "./api.js";
import { characters } from "./description.js";
import { counted } from "./elements.js";
import { showError, tell } from "./notices.js";

/** Why nothing is kept, where the server was started without a folder. */
const NOT_KEPT = "Put right here only. To keep corrections and learn from them, start “ocr serve --corrections FOLDER”.";

const FOLDERLESS = 409;
const listeners = new Set();

/** Call `action` whenever what is kept has changed. */
export function onKept(action) {
  listeners.add(action);
}

/**
 * Keep examples, of what the network knows; returns whether any were kept.
 * @param source the name of the picture, or "drawing"
 * @param glyphs [{label, glyph: base64}]; an empty label says that it is no character
 * @param revert undoes on the page what was put right
 */
export async function keep(source, glyphs, revert) {
  try {
    const known = await characters();
    const learnt = glyphs.filter(({ label }) => known.has(label));
    const foreign = glyphs.filter(({ label }) => !known.has(label));
    const unknown = foreign.length ? `The network has no ${named(foreign)} to learn.` : "";
    if (!learnt.length) {
      tell(`Put right here. ${unknown}`, { name: "Undo", run: revert });
      return false;
    }
    const kept = await ask("/api/corrections", { method: "POST", json: { source, glyphs: learnt } });
    changed(kept);
    const run = async () => {
      await takeBack();
      revert();
    };
    const examples = learnt.length === 1 ? "an example" : "examples";
    tell(`Kept ${named(learnt)} as ${examples}; ${counted(kept.total, "letter")} in all. ${unknown}`, { name: "Undo", run });
    return true;
  } catch (error) {
    if (error.status === FOLDERLESS) tell(NOT_KEPT, { name: "Undo", run: revert });
    else showError(error);
    return false;
  }
}

function named(glyphs) {
  return glyphs.map(({ label }) => label || "no letter").join(" ");
}

/** Take the lot that was kept last out again. */
export async function takeBack() {
  try {
    changed(await ask("/api/corrections/last", { method: "DELETE" }));
    tell("Taken back.");
  } catch (error) {
    showError(error);
  }
}

function changed(kept) {
  for (const action of listeners) action(kept);
}
