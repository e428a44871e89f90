/** The shelf: a tab for each file, with how far it is and how many of its letters are unsure. */

import { doubtsOf } from "./doubts.js";
import { byId, counted, element, foundIn } from "./elements.js";
import { shelf } from "./shelf.js";

const STATES = { waiting: "waits", reading: "reading", stopped: "stopped", refused: "not read" };

let act = null;

/** @param {Actions} actions `open(item)`, `remove(item)` */
export function startShelfView(actions) {
  act = actions;
}

export function showShelf(opened) {
  const focused = document.activeElement?.closest("#shelf [data-id]")?.getAttribute("data-id");
  byId("shelf").replaceChildren(...shelf.map((item) => tab(item, item === opened)));
  byId("shelf").hidden = !shelf.length;
  if (focused) foundIn("shelf", `[data-id="${focused}"] button`)?.focus();
}

function tab(item, isOpen) {
  const said = means(item);
  const open = {
    type: "button",
    class: "file",
    "aria-current": isOpen && "true",
    onclick: () => act.open(item),
    title: item.name,
  };
  const share = item.state === "reading" && item.count ? (item.history?.present.pages.length ?? 0) / item.count : null;
  const name = element("button", open, element("span", { class: "file-name" }, item.name), element("small", {}, said));
  if (share !== null) name.style.setProperty("--share", String(share));
  const remove = {
    type: "button",
    class: "bare",
    "aria-label": `Remove ${item.name}`,
    title: "Remove",
    onclick: () => act.remove(item),
  };
  return element("li", { "data-id": item.id, class: `tab ${item.state}` }, name, element("button", remove, "✕"));
}

/** How far a file is, in few words. */
function means({ state, history, count, kept }) {
  if (!history) return STATES[state] ?? (kept && count > 1 ? counted(count, "page") : "");
  const { pages } = history.present;
  const doubts = doubtsOf(history.present);
  const of =
    count > 1 || pages.length > 1
      ? `${pages.length === count ? "" : `${pages.length} of `}${counted(count ?? pages.length, "page")}, `
      : "";
  return `${of}${STATES[state] ?? (doubts ? `${doubts} unsure` : "sure")}`;
}
