/** Read: files in, their text out, and all that is done to it in between. */

import { mayGoOn } from "./asking.js";
import { showCase } from "./case_view.js";
import { showChosen } from "./chosen_view.js";
import { setCurrentLetter } from "./current_letter.js";
import { nextDoubt, showSummary } from "./doubts.js";
import { startDownloads } from "./downloads.js";
import * as editing from "./editing.js";
import { active, byId, counted, say } from "./elements.js";
import { base64Of, glyphOf } from "./glyph_picture.js";
import { startLanguages } from "./languages.js";
import { closeErrors, showError } from "./notices.js";
import { markBoxes, reveal, showPicture, startPicture } from "./picture_view.js";
import { pictureOf, previewOf } from "./preview.js";
import { settings, showSettings, startSettings } from "./read_settings.js";
import { boxOfWord, isUnsure, lettersOf, readingText, whereIs } from "./reading.js";
import { enqueue, startQueue, stopReading } from "./reading_queue.js";
import { addFile, loadHistory, mayLose, removeFile, shelf, startShelf, touch } from "./shelf.js";
import { showShelf, startShelfView } from "./shelf_view.js";
import { editWord, markChosen, markPointed, showText, startText } from "./text_view.js";
import { now, showSteps, startWork, whichIsChosen, workOn } from "./work.js";

/** An unsure letter is brought so near that its word is so high, in pixels of the screen. */
const NEAR_PX = 20;

/** The page that is shown, the letter that was chosen, and the one under the mouse, which is only shown. */
let page = null;
let chosen = null;
let pointed = null;
let actions = null;

/** What is wanted only once there is something to work on. */
const adding = () => import("./adding_view.js");

export function startRead() {
  actions = {
    letter: editing.putLetter,
    remove: editing.removeLetter,
    notLetter: editing.notLetter,
    word: editing.putWord,
    join: editing.joinWords,
    splitWord: editing.splitWord,
    splitLine: editing.splitLine,
    joinLines: editing.joinLines,
    shift: editing.shiftWord,
    lift: editing.liftWord,
    shiftLine: editing.shiftLine,
    removeLine: editing.removeLine,
    readAnew: (word) => editing.readWordAnew(word),
    readLineAnew: (word) => editing.readLineAnew(word),
    turnWord: editing.turnWord,
    turnLine: editing.turnLine,
    shiftBlock: editing.shiftBlock,
    confirm,
    redraw: (word) => adding().then(({ redraw }) => redraw(word), showError),
    editWord,
  };
  startLanguages();
  startWork(showChanged);
  whichIsChosen((shown) => (chosen && whereIs(shown, chosen)?.place) || 0);
  startPicture({ choose: (letter) => choose(letter, true), point });
  startText({ choose: (letter) => choose(letter, false), point, ...actions });
  byId("add").addEventListener("click", () => adding().then(({ toggleAdding }) => toggleAdding(), showError));
  startDownloads(now);
  startQueue({ came, previewed, ended });
  startShelfView({ open, remove });
  startSettings();
  byId("read-this").addEventListener("click", () => enqueue(now().item));
  byId("next-doubt").addEventListener("click", () => toDoubt(1));
  byId("confirm").addEventListener("click", confirm);
  byId("page-before").addEventListener("click", () => turnBy(-1));
  byId("page-after").addEventListener("click", () => turnBy(1));
  byId("page-form").addEventListener("submit", (event) => {
    event.preventDefault();
    turnToTyped();
  });
  byId("page-number").addEventListener("focus", () => byId("page-number").select());
  byId("page-number").addEventListener("blur", showTurning);
  byId("picture").addEventListener("keydown", (event) => {
    const step = { PageUp: -1, PageDown: 1 }[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    turnBy(step);
  });
  document.addEventListener("keydown", shortcut);
  addEventListener("beforeunload", (event) => {
    // what is in a field is put right first
    active()?.blur();
    if (mayLose()) event.preventDefault();
  });
  startShelf(() => showShelf(now().item)).then(() => {
    const last = shelf
      .filter(({ kept }) => kept)
      .sort((a, b) => a.opened - b.opened)
      .at(-1);
    if (last && !now().item) open(last);
  });
}

/** Nothing is to be done when the view is shown: its files are read wherever one looks. */
export function showRead() {}

function shortcut(event) {
  if (byId("read").hidden || event.key !== "F8" || event.target.closest("dialog")) return;
  event.preventDefault();
  toDoubt(event.shiftKey ? -1 : 1);
}

/** Put files on the shelf, and read them. */
export function take(files) {
  active()?.blur();
  location.hash = "#read";
  closeErrors();
  const items = files.map((file) => addFile(file, settings()));
  open(items[0]);
  for (const item of items) enqueue(item);
}

/** Work on a file of the shelf. */
async function open(item) {
  item.opened = Date.now();
  workOn(item);
  await loadHistory(item);
  if (now().item !== item) return;
  showSettings(item.query);
  if (!item.history && !item.preview) await previewOf(item);
  if (now().item === item) turnTo(0);
  touch(item);
}

async function remove(item) {
  if (item.unsaved) {
    const question = {
      title: "Remove what you put right?",
      means: `What you put right in ${item.name} was not downloaded, and goes with it.`,
      yes: "Remove it",
      no: "Keep it",
    };
    if (!(await mayGoOn(question))) return;
  }
  stopReading(item);
  const place = shelf.indexOf(item);
  await removeFile(item);
  if (now().item === item) leave(place);
}

/** Work on another file, as the one that was worked on is gone. */
function leave(place) {
  const other = shelf[Math.min(Math.max(0, place), shelf.length - 1)];
  if (other) return void open(other);
  workOn(null);
  showPage();
}

function previewed(item) {
  if (item === now().item && !item.history) showPage();
}

function came(item, isFirst) {
  if (item !== now().item) return;
  if (isFirst) adding();
  if (isFirst) turnTo(0);
  else {
    page = now().page;
    showTurning();
    showSummary(page, now());
    showCase(now().document);
  }
}

function ended(item, isDone) {
  showSteps();
  if (item !== now().item) return;
  showTurning();
  if (!shelf.includes(item)) leave(shelf.length - 1);
  else if (isDone && page) {
    const lines = counted(
      readingText(now().document)
        .split(/[\n\f]/)
        .filter(Boolean).length,
      "line",
    );
    say(lettersOf(page).length ? `${lines} read. ${byId("doubts").textContent}` : "No letters were found.");
  } else showPage();
}

/** @type {(number: number, letter?: Letter | null, near?: number) => void} */
function turnTo(number, letter = null, near = 0) {
  workOn(now().item, number);
  showPage();
  const first = letter ?? lettersOf(page ?? { lines: [] }).find(isUnsure) ?? (page && lettersOf(page)[0]);
  if (first) choose(first, letter !== null, near);
}

/** Turn to the page so many further on, if there is one. */
function turnBy(step) {
  const { document, index } = now();
  if (document?.pages[index + step]) turnTo(index + step);
}

/** Turn to the page whose number is in the field, or to the nearest that there is by now. */
function turnToTyped() {
  const field = byId("page-number");
  const [number, count] = [Number.parseInt(field.value, 10), now().document?.pages.length ?? 0];
  if (!Number.isNaN(number) && count) turnTo(Math.min(count, Math.max(1, number)) - 1);
  field.value = String(now().index + 1);
  field.select();
}

/** Show the page that is worked on, or what there is before it is read. */
function showPage() {
  const { item } = now();
  page = now().page ?? item?.preview ?? null;
  chosen = pointed = null;
  byId("reading").hidden = !page;
  byId("read").classList.toggle("begun", item !== null);
  byId("read-this").hidden = item?.state !== "stopped" || Boolean(item.history);
  showShelf(item);
  showSteps();
  showTurning();
  byId("chosen").hidden = true;
  showCase(now().document);
  if (!page) return;
  showPicture(page, pictureOf(item, now().document, page));
  showText(page);
  showSummary(page, now());
}

function showTurning() {
  const { document, item, index } = now();
  const count = document?.pages.length ?? 0;
  byId("turn").hidden = count < 2 && !(item?.count > 1);
  // what is being typed there stays
  if (active() !== byId("page-number")) byId("page-number").value = String(index + 1);
  byId("page-count").textContent = `of ${item?.state === "reading" ? Math.max(count, item.count ?? 1) : count}`;
  byId("page-before").disabled = index === 0;
  byId("page-after").disabled = index >= count - 1;
}

/** Choose a letter: it is shown, and put right from the panel, until another one is chosen. */
function choose(letter, focus, near = 0) {
  chosen = letter;
  pointed = null;
  markChosen(letter, focus);
  reveal(letter.box, boxOfWord(whereIs(page, letter).word), near);
  if (letter.seen) setCurrentLetter({ text: letter.text, glyph: glyphOf(letter.seen).then(base64Of) });
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
  byId("confirm").hidden = !chosen || !isUnsure(chosen);
  if (shown) showChosen(page, shown, actions);
}

/** Go to the next unsure letter of the document, or the one before where `step` is -1. */
function toDoubt(step) {
  const { document, index } = now();
  if (!document) return;
  const doubt = nextDoubt(document, index, chosen && whereIs(page, chosen).place, step);
  if (!doubt) return void say("No letter is unsure.");
  const { number, letter } = doubt;
  if (number === index) choose(letter, true, NEAR_PX);
  else turnTo(number, letter, NEAR_PX);
}

/** Say that the chosen letter is right, and go to the next unsure one. */
function confirm() {
  if (!chosen) return;
  if (isUnsure(chosen)) editing.confirmLetter(chosen);
  toDoubt(1);
}

/** Show what there is by now of the file that is worked on; `next` is the letter to choose. */
function showChanged({ next, focus }) {
  showPage();
  const letter = next ?? (page && lettersOf(page)[0]);
  if (letter) choose(letter, focus);
}
