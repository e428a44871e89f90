/** The file that is worked on, and the page of it: every change of it is a step that can be taken back and again. */

import { keep, makeAgain, takeChangeBack } from "./corrections.js";
import { byId, say } from "./elements.js";
import { showError, tell } from "./notices.js";
import { lettersOf, whereIs } from "./reading.js";
import { touch } from "./shelf.js";

const OUTDATED = "This was put right once more since; take that back first.";

/**
 * @typedef {object} Committed
 * @property {Letter | null} [next]
 * @property {boolean} [focus]
 * @property {Example[]} [wanted]
 * @property {{what?: string, note?: string}} [told]
 */

/** @type {any} */
let item = null;
let index = 0;
let show = null;

/** @param shown called with `next` and `focus` when another document is there: the letter to choose */
export function startWork(shown) {
  show = shown;
  byId("undo-step").addEventListener("click", undo);
  byId("redo-step").addEventListener("click", redo);
  document.addEventListener("keydown", shortcut);
}

function shortcut(event) {
  if (byId("read").hidden || event.target.closest("input, select, textarea, dialog")) return;
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) undo();
  else if (key === "y" || (key === "z" && event.shiftKey)) redo();
  else return;
  event.preventDefault();
}

/** What is worked on: the file, its document, the page, and its place among the pages; null and undefined where none is. */
export function now() {
  const document = item?.history?.present ?? null;
  return { item, document, page: document?.pages[index], index };
}

/** Work on a page of a file. */
export function workOn(other, place = 0) {
  item = other;
  index = place;
  showSteps();
}

export function showSteps() {
  const history = item?.history;
  byId("undo-step").disabled = !history?.canUndo;
  byId("redo-step").disabled = !history?.canRedo;
  byId("undo-step").title = history?.canUndo ? `Undo: ${history.last.what}` : "Undo";
  byId("redo-step").title = history?.canRedo ? `Redo: ${history.next.what}` : "Redo";
}

/**
 * Go on with another page in the place of the one that is worked on, or with several.
 * @param {[ReadPage, ReadPage][]} pages each page before, and after
 * @param {Committed} committed `next` is the letter to choose on the page that is worked on, and `focus`, whether the keyboard goes there
 *   `wanted` is what is to be kept of letters, and `told` what is said, as `keep` takes them
 */
export function commit(pages, { next = null, focus = true, wanted = [], told = {} }) {
  const worked = item;
  const { history } = worked;
  const changes = new Map(pages);
  const before = now().page;
  const document = { ...history.present, pages: history.present.pages.map((page) => changes.get(page) ?? page) };
  const step = {
    what: told.what ?? "Put right",
    index,
    from: placeNear(before),
    to: null,
    wanted: wanted.filter(({ letter }) => letter),
  };
  history.commit(document, step);
  step.to = next ? (whereIs(now().page, next)?.place ?? 0) : 0;
  showSteps();
  show({ next, focus });
  touch(worked);
  const undoThis = () => (worked === item && history.last === step ? undo() : tell(OUTDATED));
  keep(worked.name, step, { ...told, undo: undoThis }).then(() => touch(worked));
}

/** @type {(page: ReadPage) => number} */
let chosenPlace = () => 0;

/** @param tells the place of the letter that is chosen on a page */
export function whichIsChosen(tells) {
  chosenPlace = tells;
}

const placeNear = (page) => chosenPlace(page);

/** A document that was read, or read again, as a step. */
export function commitReading(worked, document) {
  worked.history.commit(document, { what: "Read again", index: 0, from: 0, to: 0, isReading: true });
  if (worked === item) showSteps();
}

export const undo = () => turn((history) => history.canUndo && { step: history.undo(), place: "from" });

export const redo = () => turn((history) => history.canRedo && { step: history.redo(), place: "to" });

/** Take a step back or again: on the page at once; where the server does not follow, the page does not either. */
async function turn(move) {
  if (!item?.history) return;
  const [worked, { history }] = [item, item];
  const moved = move(history);
  if (!moved) return;
  const { step, place } = moved;
  const isBack = place === "from";
  showStep(worked, step, place);
  if (!step.wanted) {
    say(isBack ? "Taken back." : "Made again.");
    return;
  }
  try {
    await (isBack ? takeChangeBack(worked.name, step) : makeAgain(worked.name, step));
    tell(isBack ? "Taken back." : "Made again.");
    touch(worked);
  } catch (error) {
    const stands = (isBack ? history.next : history.last) === step;
    if (stands) {
      if (isBack) history.redo();
      else history.undo();
      showStep(worked, step, isBack ? "to" : "from");
    }
    showError(error);
  }
}

function showStep(worked, step, place) {
  touch(worked);
  if (worked !== item) return;
  index = Math.min(step.index, worked.history.present.pages.length - 1);
  showSteps();
  const letters = lettersOf(now().page);
  const focus = byId("text").contains(document.activeElement) || document.activeElement === document.body;
  show({ next: letters[Math.min(step[place] ?? 0, letters.length - 1)] ?? null, focus });
}
