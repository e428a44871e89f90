/** Read: a picture in; its text, and why, beside it. */

import { ask, ServerError, uploadForLines } from "./api.js";
import { mayGoOn } from "./asking.js";
import { showChosen } from "./chosen_view.js";
import { isLost } from "./connection.js";
import { setCurrentLetter } from "./current_letter.js";
import { startDownloads } from "./downloads.js";
import { startEditing } from "./editing.js";
import { byId, counted, percent, say } from "./elements.js";
import { base64Of } from "./glyph_picture.js";
import { startLanguages } from "./languages.js";
import { closeErrors, showError, tell } from "./notices.js";
import { markBoxes, pictureReady, showLetters, showPicture, startPicture } from "./picture_view.js";
import { startSources } from "./picture_sources.js";
import { isPutRight, isUnsaved, isUnsure, pagesOf, readingText, UNSURE, whereIs } from "./reading.js";
import { showBusy, showSent } from "./busy_view.js";
import { editWord, markChosen, markPointed, showText, startText } from "./text_view.js";

const WORTH_ASKING = 4_000_000;

/** The picture that was asked for last. */
let file = null;
/** What is shown: {source, pages, file, query}, with the settings that it was read with. */
let reading = null;
/** The picture that the server was not there to read. */
let unread = null;
let page = null;
/** The letter that was chosen, and the one under the mouse, which is only shown. */
let chosen = null;
let pointed = null;
let asked = null;
let actions = null;

export function startRead() {
  startSources(take);
  startLanguages();
  actions = startEditing({ now: () => ({ reading, page }), changed: showChanged });
  startPicture({ choose: (letter) => choose(letter, true), point });
  startText({ choose: (letter) => choose(letter, false), point, ...actions });
  startDownloads(() => ({ reading, page }));
  for (const kind of ["input", "change"]) byId("settings").addEventListener(kind, settingsChanged);
  byId("read-again").addEventListener("click", () => read(file));
  byId("settings").addEventListener("submit", (event) => event.preventDefault());
  byId("cancel").addEventListener("click", () => asked?.abort());
  byId("next-doubt").addEventListener("click", nextDoubt);
  byId("page-before").addEventListener("click", () => turnTo(reading.pages.indexOf(page) - 1));
  byId("page-after").addEventListener("click", () => turnTo(reading.pages.indexOf(page) + 1));
  addEventListener("beforeunload", (event) => {
    // what is in a field is put right first
    document.activeElement?.blur();
    if (reading && isUnsaved(reading)) event.preventDefault();
  });
}

/** Read what could not be read while the server was not there. */
export function showRead() {
  if (unread) take(unread);
}

/** Read a picture, unless that would lose what was put right of another. */
async function take(given) {
  document.activeElement?.blur();
  unread = null;
  if (reading && isUnsaved(reading)) {
    const question = {
      title: "Keep what you put right?",
      means: `What you put right in ${reading.source} was not downloaded, and goes when ${nameOf(given)} is read.`,
      yes: `Read ${nameOf(given)}`,
      no: "Keep it",
    };
    if (!(await mayGoOn(question))) return;
  }
  read(given);
}

/** Read with other settings once they are changed; where something was put right, only offer to. */
function settingsChanged({ type }) {
  if (!file) return;
  if (reading && isPutRight(reading)) offerToRead(JSON.stringify(settings()) !== JSON.stringify(reading.query));
  else if (type === "change") read(file);
}

const settings = () => Object.fromEntries(new FormData(byId("settings")));
const nameOf = (given) => given.name || "the picture";

function offerToRead(offers) {
  if (offers && byId("again").hidden) say("Reading again drops what you put right; the button for it is in the settings.");
  byId("again").hidden = !offers;
}

/** Read a picture page by page; what is shown gives way to its first page, and stays where there is none. */
async function read(given) {
  location.hash = "#read";
  closeErrors();
  asked?.abort();
  const mine = (asked = new AbortController());
  file = given;
  byId("again").hidden = true;
  const query = settings();
  let [fresh, count] = [null, 1];
  const told = () => showBusy({ name: nameOf(given), count, read: fresh?.pages.length ?? 0 });
  const taken = (line) => {
    if (asked !== mine) return;
    if (line.count) count = line.count;
    else fresh = withPage(fresh, line, { file: given, query });
    told();
  };
  showSent(nameOf(given), 0);
  showWhatThereIs(null);
  try {
    await refuseLarge(given);
    const sent = (share) => asked === mine && (share < 1 ? showSent(nameOf(given), share) : told());
    await uploadForLines("/api/inspect/pages", given, { query, signal: mine.signal, sent, take: taken });
    await pictureReady();
    if (asked === mine) sayWhatWasRead();
  } catch (error) {
    if (asked === mine) stopped(error, given, fresh, count);
    else if (error.name !== "AbortError") showError(error);
  } finally {
    if (asked === mine) {
      showBusy(null);
      showWhatThereIs(reading);
    }
  }
}

/** Show a page that has just been read: the first as soon as it is there. */
function withPage(fresh, line, { file: from, query }) {
  const pages = pagesOf(line);
  if (fresh) {
    fresh.pages.push(...pages);
    showTurning();
    return fresh;
  }
  reading = { source: line.document.source, pages, file: from, query };
  showWhatThereIs(reading);
  turnTo(0);
  return reading;
}

function stopped(error, given, fresh, count) {
  if (!fresh) unread = error.name !== "AbortError" && isLost() ? given : null;
  if (!fresh && reading) file = reading.file;
  const some = fresh && `${fresh.pages.length} of ${counted(count, "page")} were read.`;
  if (error.name === "AbortError") tell(some || (reading ? `${nameOf(given)} was not read.` : "Nothing was read."));
  else if (some) showError(new ServerError(error.status, error.message, `${some} ${error.hint ?? ""}`));
  else showError(error);
}

function showWhatThereIs(shown) {
  byId("reading").hidden = shown === null;
  byId("read").classList.toggle("begun", shown !== null || !byId("busy").hidden);
}

function sayWhatWasRead() {
  const lines = counted(readingText(reading).split(/[\n\f]/).filter(Boolean).length, "line");
  say(page.letters.length ? `${lines} read. ${byId("doubts").textContent}` : "No letters were found.");
}

/** Say that a file is too large before it is sent: the server would only break off. */
async function refuseLarge({ size }) {
  if (size < WORTH_ASKING) return;
  const { max_bytes: most } = await ask("/api/health");
  if (!most || size <= most) return;
  const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  throw new ServerError(413, `The file is too large: ${megabytes(size)}.`, `The server takes up to ${megabytes(most)}.`);
}

async function turnTo(number) {
  page = reading.pages[number];
  const turned = page;
  chosen = pointed = null;
  showTurning();
  showPicture(page);
  showText(page);
  showDoubts();
  byId("chosen").hidden = true;
  await pictureReady();
  const first = page.letters.find(isUnsure) ?? page.letters[0];
  if (page === turned && !chosen && first) choose(first, false);
}

function showTurning() {
  const { pages } = reading;
  const number = pages.indexOf(page);
  byId("turn").hidden = pages.length < 2;
  byId("page-number").textContent = `Page ${number + 1} of ${pages.length}`;
  byId("page-before").disabled = number === 0;
  byId("page-after").disabled = number === pages.length - 1;
}

/** Choose a letter: it is shown, and put right from the panel, until another one is chosen. */
function choose(letter, focus) {
  chosen = letter;
  pointed = null;
  markChosen(letter, focus);
  if (letter.seen) setCurrentLetter({ text: letter.text, glyph: base64Of(letter.seen.glyph) });
  showMarked();
}

/** Show the letter under the mouse for as long as it is there, unless another is being put right. */
function point(letter) {
  const other = letter === chosen ? null : letter;
  if (other === pointed || (other && byId("chosen").contains(document.activeElement))) return;
  pointed = other;
  showMarked();
}

function showMarked() {
  markBoxes(chosen, pointed);
  markPointed(pointed);
  const shown = pointed ?? chosen;
  byId("chosen").hidden = !shown;
  byId("chosen").classList.toggle("pointed", pointed !== null);
  if (shown) showChosen(page, shown, { ...actions, editWord });
}

function showDoubts() {
  const count = page.letters.filter(isUnsure).length;
  byId("text-below").hidden = !page.letters.length;
  const all = counted(page.letters.length, "letter");
  byId("doubts").textContent = count
    ? `${count} of ${all} less than ${percent(UNSURE)} sure, with a wavy line.`
    : `${all}, each at least ${percent(UNSURE)} sure.`;
  byId("next-doubt").hidden = !count;
}

function nextDoubt() {
  const doubts = page.letters.filter(isUnsure);
  const place = chosen ? whereIs(page, chosen).place : -1;
  choose(doubts.find((letter) => whereIs(page, letter).place > place) ?? doubts[0], true);
}

/**
 * Show a page that was changed, if it is the one that is looked at.
 * @param next the letter to choose; `focus` says whether the keyboard goes there
 */
function showChanged(where, next, focus) {
  if (where !== page) return;
  chosen = pointed = null;
  showLetters();
  showText(page);
  showDoubts();
  const letter = next ?? page.letters[0];
  if (letter) choose(letter, focus);
  else showMarked();
}
