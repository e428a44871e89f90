/** The files that wait to be read, one after another: each page is there as soon as it is read. */

import { ask, linesOf, ServerError, uploadForLines } from "./api.js";
import { showBusy, showSent } from "./busy_view.js";
import { isLost, whenBack } from "./connection.js";
import { byId, counted } from "./elements.js";
import { History } from "./history.js";
import { showError, tell } from "./notices.js";
import { freshKey, pagesOf, unreadPage } from "./reading.js";
import { removeFile, shelf, touch } from "./shelf.js";
import { commitReading } from "./work.js";

const WORTH_ASKING = 4_000_000;

let act = null;
/** The file that is being read, and what ends that. */
let current = null;
let asked = null;
let waiting = [];

/** @param {Actions} actions `came(item, isFirst)`: a page is there; `previewed(item)`; `ended(item, isDone)` */
export function startQueue(actions) {
  act = actions;
  byId("cancel").addEventListener("click", stopAll);
  whenBack(() => waiting.length && !current && next());
}

/** Read a file once those before it are read; one that is being read is begun anew. */
export function enqueue(item, { first = false } = {}) {
  waiting = waiting.filter((one) => one !== item);
  if (first) waiting.unshift(item);
  else waiting.push(item);
  if (item.state !== "reading") item.state = "waiting";
  touch(item);
  if (current === item) asked.abort();
  else if (!current) next();
}

/** Give up reading a file, or waiting for it. */
export function stopReading(item) {
  waiting = waiting.filter((one) => one !== item);
  if (item === current) asked.abort();
  else if (item.state === "waiting") item.state = "stopped";
}

function stopAll() {
  for (const item of waiting) item.state = "stopped";
  waiting = [];
  asked?.abort();
}

async function next() {
  current = waiting.shift() ?? null;
  if (!current) {
    showBusy(null);
    return;
  }
  const item = current;
  asked = new AbortController();
  item.state = "reading";
  showSent(item.name, 0, waiting.length);
  touch(item);
  const run = { key: freshKey(), count: 0, read: 0, last: 0 };
  try {
    await read(item, run, asked.signal);
    item.state = "read";
  } catch (error) {
    stopped(error, item, run);
  }
  current = null;
  touch(item);
  act.ended(item, run.read > 0);
  if (!(item.state === "waiting" && isLost())) await next();
  else showBusy(null);
}

async function read(item, run, signal) {
  const told = () => showBusy({ name: item.name, count: run.count || 1, read: run.read, waiting: waiting.length });
  const take = (line) => {
    if (line.count) run.count ||= line.count;
    else if (line.picture) preview(item, line.picture);
    else come(item, line, run);
    told();
  };
  await refuseLarge(item.file);
  const sent = (share) => (share < 1 && !run.read ? showSent(item.name, share, waiting.length) : told());
  const [path, query] = ["/api/inspect/pages", { ...item.query, pictures: true }];
  const isAll = await uploadForLines(path, item.file, { query, signal, sent, take });
  if (isAll || run.read >= run.count) return;
  const pages = pagesAfter(item.query.pages, run.last);
  await linesOf(path, item.file, { query: { ...query, pages }, signal, take });
}

/**
 * Those of some pages, such as "1-3,7", that come after one; all of them are "".
 * @param {string | undefined} pages
 * @param {number} last
 */
export function pagesAfter(pages, last) {
  const ranges = (pages || "1-").split(",").map((range) => range.trim().split("-"));
  const left = ranges.flatMap(([first, end = first]) => {
    if (end !== "" && Number(end) <= last) return [];
    const begin = Math.max(Number(first), last + 1);
    return end !== "" && Number(end) === begin ? [`${begin}`] : [`${begin}-${end}`];
  });
  return left.join(",");
}

function preview(item, picture) {
  if (item.history) return;
  item.preview = unreadPage(picture);
  act.previewed(item);
}

/** Take in a page that was read: the first of a run begins a document, the others belong to it. */
function come(item, line, run) {
  const pages = pagesOf(line);
  const isFirst = run.read === 0;
  item.count = run.count;
  if (isFirst) {
    const document = { source: line.document.source, run: run.key, pages };
    if (item.history) commitReading(item, document);
    else item.history = new History([document]);
  } else {
    item.history.amend(run.key, (document) => ({ ...document, pages: [...document.pages, ...pages] }));
  }
  run.read += pages.length;
  run.last = pages[pages.length - 1].number;
  touch(item);
  act.came(item, isFirst);
}

function stopped(error, item, { read: done, count }) {
  const isUp = error.name === "AbortError";
  const some = done ? `${done} of ${counted(count, "page")} were read.` : "";
  item.state = done ? "stopped" : item.history ? "read" : "refused";
  if (isUp) {
    // it is begun anew
    if (waiting.includes(item)) return;
    if (!done && !item.history) item.state = "stopped";
    tell(some || `${item.name} was not read.`);
  } else if (some) showError(new ServerError(error.status, error.message, `${some} ${error.hint ?? ""}`));
  else if (isLost()) {
    item.state = "waiting";
    waiting.unshift(item);
  } else {
    showError(shelf.length > 1 ? new ServerError(error.status, `${item.name}: ${error.message}`, error.hint) : error);
    if (!item.history) removeFile(item);
  }
}

/** Say that a file is too large before it is sent: the server would only break off. */
async function refuseLarge({ size }) {
  if (size < WORTH_ASKING) return;
  const { max_bytes: most } = await ask("/api/health");
  if (!most || size <= most) return;
  const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  throw new ServerError(
    413,
    `The file is too large: ${megabytes(size)}.`,
    `The server takes up to ${megabytes(most)}.`,
  );
}
