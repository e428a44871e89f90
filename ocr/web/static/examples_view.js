/** The examples that are kept of one character: each can be seen, and taken back. */

import { ask } from "./api.js";
import { keepOne, takeOneBack } from "./corrections.js";
import { byId, counted, element } from "./elements.js";
import { bytesOf, glyphPicture } from "./glyph_picture.js";
import { showError, tell } from "./notices.js";

/** @type {string | null} */
let shown = null;

/** The character whose examples are shown; null where none is. */
export const shownLabel = () => shown;

/** Show the examples of a character, or none. */
export async function showExamples(label) {
  shown = label;
  byId("examples").hidden = label === null;
  if (label === null) return;
  try {
    const { total, examples } = await ask("/api/examples", { query: { label } });
    if (shown !== label) return;
    if (!total) return void showExamples(null);
    const named = label || "no character";
    byId("examples-title").textContent = `${counted(total, "example")} of ${named}: choose one to take it back.`;
    byId("examples-list").replaceChildren(...examples.map((one) => tile(label, one)));
  } catch (error) {
    showError(error);
  }
}

function tile(label, { lot, place, source, glyph }) {
  const said = `Take back ${label || "no character"} of ${source}`;
  const takeBack = async () => {
    try {
      await takeOneBack(lot, place);
      const undo = () => keepOne(source, label, glyph).catch(showError);
      tell(`Taken back: ${label || "no character"} of ${source}.`, { name: "Undo", run: undo });
    } catch (error) {
      showError(error);
    }
  };
  return element(
    "li",
    {},
    element(
      "button",
      { type: "button", class: "example", "aria-label": said, title: said, onclick: takeBack },
      glyphPicture(bytesOf(glyph), source),
    ),
  );
}
