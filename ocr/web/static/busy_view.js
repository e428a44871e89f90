/** How far a picture is: sent, waited for, read. */

import { byId } from "./elements.js";

let ticking = null;
let began = 0;
let now = null;

/** Show that a file is being sent, and how many wait. */
export function showSent(name, share, waiting = 0) {
  show({ text: `Sending ${name}`, value: share, waiting });
}

/**
 * Show that it is read.
 * @param {{name: string, count: number, read: number, waiting: number} | null} state how many pages there are, how many
 *   are read, and how many files wait; null where it is over
 */
export function showBusy(state) {
  if (!state) {
    show(null);
    return;
  }
  const { name, count, read, waiting } = state;
  const pages = count > 1 ? `, page ${Math.min(count, read + 1)} of ${count}` : "";
  show({ text: `Reading ${name}${pages}`, value: count > 1 ? read / count : null, waiting });
}

function show(state) {
  if (state?.text !== now?.text) {
    clearInterval(ticking);
    began = performance.now();
    if (state) ticking = setInterval(tick, 1000);
  }
  now = state;
  byId("busy").hidden = !state;
  if (!state) return;
  const bar = byId("busy-bar");
  if (state.value === null) bar.removeAttribute("value");
  else bar.value = state.value;
  tick();
}

function tick() {
  const seconds = Math.floor((performance.now() - began) / 1000);
  const more = now.waiting ? `; ${now.waiting} more to read` : "";
  byId("busy-text").textContent = `${now.text}${more}${seconds > 1 ? `, ${seconds} s` : ""}`;
}
