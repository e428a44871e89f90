/** How far a picture is: sent, waited for, read. */

import { byId } from "./elements.js";

let ticking = null;
let began = 0;
let now = null;

/** Show that a file is being sent. */
export function showSent(name, share) {
  show({ text: `Sending ${name}`, value: share });
}

/**
 * Show that it is read.
 * @param state {name, count, read}: how many pages there are, and how many are read; null where it is over
 */
export function showBusy(state) {
  if (!state) {
    show(null);
    return;
  }
  const { name, count, read } = state;
  const pages = count > 1 ? `, page ${Math.min(count, read + 1)} of ${count}` : "";
  show({ text: `Reading ${name}${pages}`, value: count > 1 ? read / count : null, isSlim: read > 0 });
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
  byId("busy").classList.toggle("slim", Boolean(state.isSlim));
  const bar = byId("busy-bar");
  if (state.value === null) bar.removeAttribute("value");
  else bar.value = state.value;
  tick();
}

function tick() {
  const seconds = Math.floor((performance.now() - began) / 1000);
  byId("busy-text").textContent = seconds > 1 ? `${now.text}, ${seconds} s` : now.text;
}
