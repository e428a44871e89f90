/** The wall of one character: all its crops side by side, where those that are wrong are clicked out. */

import { cropOf } from "./crop.js";
import { byId, counted, element, percent } from "./elements.js";
import { isUnsure, lettersOf, putRight, withLetters } from "./reading.js";
import { commit, now } from "./work.js";

const CROP = 96;
/** So many crops are shown at a time. */
const MOST = 240;
const EXAMPLES = 200;

let wall = null;

byId("wall-form").addEventListener("submit", (event) => {
  event.preventDefault();
  confirmWall();
});
byId("wall-close").addEventListener("click", () => byId("wall").close());
byId("wall-crops").addEventListener("keydown", pressed);

/** Show all letters of the document that are taken for a character. */
export function showWall(text) {
  const { document } = now();
  const all = document.pages.flatMap((page) =>
    lettersOf(page)
      .filter((letter) => letter.text === text)
      .map((letter) => ({ page, letter })),
  );
  all.sort((a, b) => a.letter.corrected - b.letter.corrected || a.letter.confidence - b.letter.confidence);
  wall = {
    text,
    tiles: all.slice(0, MOST).map((one) => ({ ...one, label: text })),
    left: Math.max(0, all.length - MOST),
  };
  byId("wall-letter").textContent = text;
  byId("wall-count").textContent =
    `${counted(all.length, "time")} in this document${wall.left ? `, the ${MOST} least sure of them here` : ", the least sure first"}`;
  byId("wall-crops").replaceChildren(...wall.tiles.map(tileOf));
  showOut();
  byId("wall").showModal();
  byId("wall-crops").querySelector("button")?.focus();
}

function tileOf(tile) {
  const { page, letter } = tile;
  const state = letter.corrected ? "put right" : percent(letter.confidence);
  tile.says = element("span", { class: "tile-says" }, state);
  tile.button = element(
    "button",
    { type: "button", class: isUnsure(letter) ? "tile unsure" : "tile", onclick: () => label(tile, following(tile)) },
    cropOf(page, letter.box, CROP, "The letter"),
    tile.says,
  );
  tile.state = state;
  showTile(tile);
  return element("li", {}, tile.button);
}

/** What a letter may be that is not what it was taken for: its readings one after another, and at last what it was. */
function following({ letter, label: now_ }) {
  const others = (letter.seen?.alternatives ?? letter.alternatives)
    .map(({ text }) => text)
    .filter((text) => text !== wall.text);
  return [wall.text, ...others, wall.text][[wall.text, ...others].indexOf(now_) + 1] ?? wall.text;
}

function label(tile, text) {
  tile.label = text;
  showTile(tile);
  showOut();
}

function showTile({ button, says, label: text, state, page }) {
  const isOut = text !== wall.text;
  button.classList.toggle("out", isOut);
  button.setAttribute("aria-pressed", isOut);
  button.setAttribute(
    "aria-label",
    isOut ? `Not ${wall.text} but ${text}` : `${wall.text}, ${state}, page ${page.number}`,
  );
  says.textContent = isOut ? `→ ${text}` : state;
}

function showOut() {
  const out = wall.tiles.filter((tile) => tile.label !== wall.text).length;
  const rest = wall.tiles.length - out;
  byId("wall-out").textContent = out
    ? `${out} clicked out; click again for the next reading, or type what it is.`
    : "Click what is something else.";
  byId("wall-confirm").textContent = out ? `Put ${out} right, confirm ${rest}` : `Confirm all ${rest}`;
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const place = wall.tiles.findIndex(({ button }) => button === document.activeElement);
  if (place < 0) return;
  const across = Math.max(
    1,
    Math.round(byId("wall-crops").clientWidth / wall.tiles[0].button.parentElement.offsetWidth),
  );
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across };
  if (Object.hasOwn(steps, event.key)) wall.tiles[place + steps[event.key]]?.button.focus();
  else if (event.key === "Enter") confirmWall();
  else if ([...event.key].length === 1 && event.key !== " ") label(wall.tiles[place], event.key.normalize());
  else return;
  event.preventDefault();
}

/** Take each letter for what it is labelled as: one step, with those as examples that were unsure or wrong. */
function confirmWall() {
  byId("wall").close();
  const changes = new Map();
  const wanted = [];
  for (const { letter, label: text } of wall.tiles) {
    if (letter.corrected && letter.text === text) continue;
    changes.set(letter, putRight(letter, text));
    if (letter.seen && (text !== letter.text || isUnsure(letter)) && wanted.length < EXAMPLES)
      wanted.push({ letter: letter.seen, label: text });
  }
  if (!changes.size) return;
  const { document, page } = now();
  const pages = document.pages.map((one) => [
    one,
    lettersOf(one).some((letter) => changes.has(letter)) ? withLetters(one, changes) : one,
  ]);
  const wrong = wall.tiles.filter((tile) => tile.label !== wall.text).length;
  const next = lettersOf(page).find((letter) => changes.has(letter));
  const what = `${counted(changes.size, "letter")} confirmed as “${wall.text}”${wrong ? `, ${wrong} put right` : ""}.`;
  commit(
    pages.filter(([before, after]) => before !== after),
    { next: next && changes.get(next), wanted, told: { what } },
  );
}
