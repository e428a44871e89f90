/** Read: a picture in; its text, and why, beside it. */

import { ask, ServerError, upload } from "./api.js";
import { showChosen } from "./chosen_view.js";
import { isLost } from "./connection.js";
import { keep } from "./corrections.js";
import { setCurrentLetter } from "./current_letter.js";
import { startDownloads } from "./downloads.js";
import { byId, counted, element, percent, say } from "./elements.js";
import { base64Of } from "./glyph_picture.js";
import { startLanguages } from "./languages.js";
import { closeErrors, showError } from "./notices.js";
import { pictureReady, showBoxes, showPicture, startPicture } from "./picture_view.js";
import { startSources } from "./picture_sources.js";
import { correctLetter, corrections, correctWord, isUnsure, readingOf, restore, stateOf, UNSURE } from "./reading.js";
import { editWord, markChosen, refreshWord, showText, startText } from "./text_view.js";

const WORTH_ASKING = 4_000_000;
const UNEVEN = "Not kept as examples: it has another number of letters than were found.";

/** The picture that was asked for last. */
let file = null;
/** What is shown, with the `file` that it was read from and the `query` that it was read with. */
let reading = null;
/** The picture that the server was not there to read. */
let unread = null;
let page = null;
let chosen = null;
let asked = null;
let ticking = null;

export function startRead() {
  startSources(read);
  startLanguages();
  startPicture((letter, focus) => (focus ? choose(letter, true) : point(letter)));
  startText({ choose: (letter) => choose(letter, false), point, letter: putLetter, word: putWord });
  startDownloads(() => ({ file: reading.file, query: reading.query, reading }));
  for (const kind of ["input", "change"]) byId("settings").addEventListener(kind, settingsChanged);
  byId("read-again").addEventListener("click", () => read(file));
  byId("settings").addEventListener("submit", (event) => event.preventDefault());
  byId("cancel").addEventListener("click", () => asked?.abort());
  byId("next-doubt").addEventListener("click", nextDoubt);
  byId("page-before").addEventListener("click", () => turnTo(reading.pages.indexOf(page) - 1));
  byId("page-after").addEventListener("click", () => turnTo(reading.pages.indexOf(page) + 1));
}

/** Read what could not be read while the server was not there. */
export function showRead() {
  if (!unread) return;
  if (!isPutRight(unread)) {
    read(unread);
    return;
  }
  unread = null;
  byId("settings-box").open = true;
  offerToRead(true);
}

/** Read with other settings once they are changed; while they change, only offer to where much would be lost. */
function settingsChanged({ type }) {
  if (isPutRight(file)) offerToRead(JSON.stringify(settings()) !== JSON.stringify(reading.query));
  else if (file && type === "change") read(file);
}

const settings = () => Object.fromEntries(new FormData(byId("settings")));

/** Whether something of a picture was put right, which reading it again drops. */
const isPutRight = (given) => reading !== null && reading.file === given && corrections(reading).length > 0;

function offerToRead(offers) {
  if (offers && byId("again").hidden) say("Reading again drops what you put right; the button for it is in the settings.");
  byId("again").hidden = !offers;
}

async function read(given) {
  location.hash = "#read";
  closeErrors();
  asked?.abort();
  const mine = (asked = new AbortController());
  file = given;
  unread = null;
  byId("again").hidden = true;
  const query = settings();
  showBusy(true);
  try {
    await refuseLarge(given);
    const answer = await upload("/api/inspect", given, { query, signal: mine.signal });
    await showReading({ ...readingOf(await answer.json()), file: given, query });
  } catch (error) {
    if (asked === mine) {
      if (reading?.file !== given) reading = null;
      unread = error.name !== "AbortError" && isLost() ? given : null;
    }
    showError(error);
  } finally {
    if (asked === mine) showBusy(false);
  }
}

/** Say that a file is too large before it is sent: the server would only break off. */
async function refuseLarge({ size }) {
  if (size < WORTH_ASKING) return;
  const { max_bytes: most } = await ask("/api/health");
  if (!most || size <= most) return;
  const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  throw new ServerError(413, `The file is too large: ${megabytes(size)}.`, `The server takes up to ${megabytes(most)}.`);
}

function showBusy(busy) {
  clearInterval(ticking);
  byId("busy").hidden = !busy;
  byId("reading").hidden = busy || reading === null;
  byId("read").classList.toggle("begun", busy || reading !== null);
  if (!busy) return;
  const began = performance.now();
  const name = file.name || "the picture";
  const tick = () => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    byId("busy-text").textContent = seconds > 1 ? `Reading ${name}, ${seconds} s` : `Reading ${name}`;
  };
  tick();
  ticking = setInterval(tick, 1000);
}

async function showReading(read) {
  reading = read;
  await turnTo(0);
  const lines = counted(page.lines.length, "line");
  say(page.letters.length ? `${lines} read. ${byId("doubts").textContent}` : "No letters were found.");
}

async function turnTo(number) {
  const { pages } = reading;
  page = pages[number];
  chosen = null;
  byId("turn").hidden = pages.length < 2;
  byId("page-number").textContent = `Page ${number + 1} of ${pages.length}`;
  byId("page-before").disabled = number === 0;
  byId("page-after").disabled = number === pages.length - 1;
  byId("reading").hidden = false;
  showPicture(page);
  showText(page);
  showDoubts();
  await pictureReady();
  const first = page.letters.find(isUnsure) ?? page.letters[0];
  byId("chosen").hidden = !first;
  if (first) choose(first, false);
  else byId("text").replaceChildren(element("p", { class: "quiet" }, "No letters were found."));
}

function choose(letter, focus) {
  chosen = letter;
  markChosen(letter, focus);
  showBoxes(letter);
  setCurrentLetter({ text: letter.text, glyph: base64Of(letter.glyph) });
  showChosen(letter, { letter: putLetter, word: putWord, editWord });
}

/** Show the letter under the mouse, unless another is being put right. */
function point(letter) {
  if (!byId("chosen").contains(document.activeElement)) choose(letter, false);
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
  choose(doubts.find((letter) => letter.place > (chosen?.place ?? -1)) ?? doubts[0], true);
}

function putLetter(letter, text) {
  const revert = reverting(letter.word, [letter]);
  correctLetter(letter, text);
  showCorrected(letter.word);
  keep(reading.source, [example(letter, letter.text)], revert);
}

function putWord(word, text) {
  const revert = reverting(word, word.letters);
  const known = correctWord(word, text);
  showCorrected(word);
  keep(reading.source, word.letters.map((letter) => example(letter, known ? letter.text : null)), revert, known ? "" : UNEVEN);
}

const example = (letter, label) => ({ letter, label, glyph: base64Of(letter.glyph) });

/** How to undo on the page what is about to be put right of letters of a word. */
function reverting(word, letters) {
  const [before, where] = [stateOf(word, letters), page];
  return () => {
    restore(before);
    if (page === where) showCorrected(word);
  };
}

function showCorrected(word) {
  const inPanel = byId("chosen").contains(document.activeElement);
  refreshWord(word);
  showDoubts();
  choose(chosen?.word === word ? chosen : word.letters[0], inPanel);
}
