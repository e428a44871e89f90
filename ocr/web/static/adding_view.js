/** What was missed: a box is drawn round it, that part alone is read, and whoever drew it says what it is. */

import { placeFor } from "./adding.js";
import { cropOf } from "./crop.js";
import { readWordAnew, withSight } from "./editing.js";
import { byId } from "./elements.js";
import { showError } from "./notices.js";
import { letBoxBeDrawn } from "./picture_view.js";
import { lineText, withWords, wordOf, wordText } from "./reading.js";
import { readRegion } from "./region.js";
import { retyped, sideBySide } from "./retyping.js";
import { commit, now } from "./work.js";

const CROP = 192;
const UNLEARNT = "Nothing is learned from this.";

/**
 * What is to be added, `found` being what was read there, once it is.
 * @typedef {{box: Box, page: ReadPage, found: {lines: Line[], sight: Sight} | null}} Adding
 */

/** @type {Adding | null} */
let adding = null;
/** The word whose box is drawn anew; null where something is added. */
let redrawn = null;

byId("add-form").addEventListener("submit", add);
byId("add-cancel").addEventListener("click", () => byId("add-dialog").close());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !(/** @type {any} */ (event.target).closest("input, select, textarea, dialog")))
    showAdding(false);
});

/** Begin to add something, or stop. */
export function toggleAdding() {
  showAdding(byId("add").getAttribute("aria-pressed") === "false");
}

/** Let the box of a word be drawn anew: it is read there. */
export function redraw(word) {
  redrawn = word;
  showAdding(true);
}

function showAdding(begins) {
  if (!begins) redrawn = null;
  byId("add").setAttribute("aria-pressed", begins);
  byId("add-means").hidden = !begins;
  byId("add-means").textContent = redrawn
    ? `Draw a box round “${wordText(redrawn)}” on the picture.`
    : "Draw a box round it on the picture.";
  letBoxBeDrawn(begins ? drawn : null);
}

function drawn(box) {
  const word = redrawn;
  showAdding(false);
  if (word) readWordAnew(word, box);
  else askWhatItSays(box);
}

async function askWhatItSays(box) {
  const { item, page } = now();
  /** @type {Adding} */
  const mine = { box, page, found: null };
  adding = mine;
  byId("add-picture").replaceChildren(cropOf(page, box, CROP, "What was missed"));
  byId("add-text").value = "";
  byId("add-reads").textContent = "Reading this part alone …";
  byId("add-dialog").showModal();
  try {
    const found = await readRegion(item, page, box, "line");
    if (adding !== mine) return;
    mine.found = found;
    const text = found.lines.map(lineText).join(" ");
    byId("add-reads").textContent = text
      ? "This is what it reads there; put it right if need be."
      : "Nothing is read there.";
    if (!byId("add-text").value) {
      byId("add-text").value = text;
      byId("add-text").select();
    }
  } catch (error) {
    byId("add-reads").textContent = "";
    showError(error);
  }
}

function add(event) {
  event.preventDefault();
  // it gives the keyboard back to where it was
  byId("add-dialog").close();
  const text = byId("add-text").value.normalize().trim();
  if (!text || !adding) return;
  const { box, page, found } = adding;
  if (now().page !== page) return;
  const letters = found?.lines.flatMap(({ words }) => words.flatMap((word) => word.letters)) ?? [];
  const isAsRead = found?.lines.map(lineText).join(" ") === text;
  const words = isAsRead
    ? found.lines.flatMap((line) => line.words)
    : letters.length
      ? retyped(wordOf(letters), text).words
      : typed(text, box);
  const { lines, line, place } = placeFor(page, box);
  let fresh = withWords({ ...page, lines }, { line, before: [], after: words, place });
  if (found) fresh = withSight(fresh, found.sight);
  const wanted = words.flatMap((word) => word.letters).filter((letter) => letter.corrected && letter.seen);
  const sure = wanted.length === letters.length ? wanted : [];
  const told = { what: "Added.", note: UNLEARNT };
  commit([[page, fresh]], {
    next: words[0].letters[0],
    wanted: sure.map(({ seen, text: label }) => ({ letter: seen, label })),
    told,
  });
}

/** Words as they were typed, side by side in a box. */
function typed(text, box) {
  const parts = text.split(/\s+/).map((part) => [...part]);
  const left = sideBySide(parts.flat(), box);
  return parts.map(({ length }) => wordOf(left.splice(0, length)));
}
