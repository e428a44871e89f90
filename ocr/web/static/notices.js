/** Messages at the top of the page: errors stay until closed, the rest goes by itself. */

import { byId, element } from "./elements.js";

const STAYS_MS = 6000;

/** Show what an error says. One that only says the server is gone has its banner already. */
export function showError(error) {
  if (error.name === "AbortError" || (error.status === 0 && document.querySelector(".notice.lost"))) return;
  if (error.status === undefined) console.error(error);
  const what = error.status === undefined ? "Something went wrong on this page." : error.message;
  show("error", what, error.hint ?? error.message);
}

/**
 * Tell that something is done; `action` is a button beside it.
 * @param {string} what
 * @param {{name: string, run: () => void} | null} action
 */
export function tell(what, action = null) {
  const notice = show("done", what, "", action);
  setTimeout(() => notice.contains(document.activeElement) || notice.remove(), STAYS_MS);
}

export function closeErrors() {
  for (const notice of document.querySelectorAll(".notice.error")) notice.remove();
}

/**
 * @param {string} kind
 * @param {string} what
 * @param {string} hint
 * @param {{name: string, run: () => void} | null} action
 */
function show(kind, what, hint, action = null) {
  for (const former of document.querySelectorAll(`.notice.${kind}`)) former.remove();
  const notice = element(
    "div",
    { class: `notice ${kind}`, role: kind === "error" ? "alert" : "status" },
    element("div", {}, element("strong", {}, what), hint ? element("p", {}, hint) : null),
  );
  if (action) {
    const run = () => {
      notice.remove();
      action.run();
    };
    notice.append(element("button", { type: "button", onclick: run }, action.name));
  }
  const close = { type: "button", class: "bare", "aria-label": "Close this message", onclick: () => notice.remove() };
  notice.append(element("button", close, "✕"));
  byId("notices").append(notice);
  return notice;
}
