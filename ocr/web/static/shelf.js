/**
 * The shelf: the files that are there to be worked on. Each is kept in the browser as soon as something of it changes,
 * and is there again when the page is opened anew.
 *
 * A file is {id, name, file, query, count, state, history, preview}: the settings that it was or will be read with,
 * how many pages it has, what is shown before any is read, and null or the history of what was read.
 * Its state is "waiting", "reading", "read", "stopped" (some pages may be read) or "refused".
 */

import { forgetFile, historyOf, keepFile, keptFiles } from "./keeping.js";
import { tell } from "./notices.js";
import { freshKey, readingText } from "./reading.js";

const PAUSE_MS = 100;
const UNKEPT = "The browser keeps no more of this: download what you put right before you leave the page.";

export const shelf = [];
let changed = () => {};
/** The files that are to be kept as they are by now. */
const unkept = new Set();
let timer = null;
let keeping = Promise.resolve();
let failed = false;

/** @param whenChanged called whenever there is something else to show of the shelf */
export async function startShelf(whenChanged) {
  changed = whenChanged;
  addEventListener("pagehide", () => keepNow());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keepNow());
  try {
    const kept = await keptFiles();
    shelf.unshift(...kept.map((item) => ({ ...item, history: null, state: stateOf(item) })));
  } catch (error) {
    console.warn("the browser keeps nothing:", error);
    failed = true;
  }
  changed();
}

/** What was being read when the page was left is no longer. */
const stateOf = ({ state }) => (state === "reading" || state === "waiting" ? "stopped" : state);

/** Put a file on the shelf. */
export function addFile(file, query) {
  const item = {
    id: freshKey(),
    name: file.name || "the picture",
    file,
    query,
    count: null,
    added: Date.now(),
    state: "waiting",
    history: null,
    saved: "",
  };
  shelf.push(item);
  touch(item);
  return item;
}

/** Take a file off the shelf, with all that was done to it. */
export async function removeFile(item) {
  shelf.splice(shelf.indexOf(item), 1);
  unkept.delete(item);
  changed();
  await keeping.catch(() => null);
  await forgetFile(item).catch(() => null);
}

/** Load what was read of a file, if the browser has it and the page does not. */
export async function loadHistory(item) {
  if (item.history || !item.kept) return;
  try {
    item.history = await historyOf(item);
    item.keptPages = new Set(item.kept.documents?.flatMap(({ pages }) => pages));
  } catch (error) {
    console.warn("what was kept cannot be read:", error);
    item.state = "stopped";
  }
  item.kept = null;
}

/** Have a file kept as it is by now, and shown. */
export function touch(item) {
  const { history, saved } = item;
  item.unsaved = Boolean(history) && !isOnlyRead(history) && readingText(history.present) !== saved;
  changed();
  unkept.add(item);
  timer ??= setTimeout(keepAll, PAUSE_MS);
}

function keepAll() {
  clearTimeout(timer);
  timer = null;
  keeping = keeping.then(keepNow);
}

/** Begin to keep what is not kept yet, whatever is being written: a page that is left waits for nothing. */
function keepNow() {
  const items = [...unkept];
  unkept.clear();
  return keepEach(items);
}

async function keepEach(items) {
  for (const item of items) {
    try {
      if (shelf.includes(item)) await keepFile(item);
    } catch (error) {
      if (!failed) tell(UNKEPT);
      failed = true;
      console.warn("not kept:", error);
    }
  }
}

/** Whether leaving the page now would lose something. */
export const mayLose = () => failed && shelf.some(({ unsaved }) => unsaved);

/** Whether nothing was done to a file since it was read last. */
export const isOnlyRead = ({ last }) => last === undefined || last.isReading === true;

/** A document of a file was downloaded whole. */
export function markSaved(item, document) {
  item.saved = readingText(document);
  touch(item);
}
