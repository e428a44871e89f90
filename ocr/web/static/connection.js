/** Whether the server is there; while it is not, a banner says so and it is asked for now and then. */

import { byId, element, say } from "./elements.js";

const AGAIN_MS = 2000;
let banner = null;
const waiting = new Set();

/** Call `action` each time the server is back. */
export function whenBack(action) {
  waiting.add(action);
}

/** Whether the server did not answer when it was asked last. */
export function isLost() {
  return banner !== null;
}

export function lost() {
  if (banner) return;
  banner = element(
    "div",
    { class: "notice lost", role: "alert" },
    element(
      "div",
      {},
      element("strong", {}, "The server does not answer."),
      element("p", {}, "Is “ocr serve” still running? The page goes on as soon as it is back."),
    ),
  );
  byId("notices").prepend(banner);
  setTimeout(lookAgain, AGAIN_MS);
}

export function found() {
  if (!banner) return;
  banner.remove();
  banner = null;
  say("The server is back.");
  for (const action of waiting) action();
}

async function lookAgain() {
  if (!banner) return;
  try {
    await fetch("/api/health");
    found();
  } catch {
    setTimeout(lookAgain, AGAIN_MS);
  }
}
