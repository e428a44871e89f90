/** The shelf: a tab for each file, with how far it is and how many of its letters are unsure. */

import { doubtsOf } from "./doubts.js";
import { byId, counted, element } from "./elements.js";
import { shelf } from "./shelf.js";

const STATES = { waiting: "waits", reading: "reading", stopped: "stopped", refused: "not read" };

let act = null;
/** The tab of each file by its id: it stays the same while the file is there, under the mouse and the keyboard. */
const tabs = new Map();

/** @param {Actions} actions `open(item)`, `remove(item)` */
export function startShelfView(actions) {
  act = actions;
}

export function showShelf(opened) {
  const ids = new Set(shelf.map(({ id }) => id));
  for (const [id, { node }] of tabs) {
    if (ids.has(id)) continue;
    node.remove();
    tabs.delete(id);
  }
  for (const [place, item] of shelf.entries()) {
    if (!tabs.has(item.id)) tabs.set(item.id, tab(item));
    const { node, show } = tabs.get(item.id);
    show(item === opened);
    // one that is moved would lose the keyboard
    if (byId("shelf").children[place] !== node) byId("shelf").insertBefore(node, byId("shelf").children[place] ?? null);
  }
  byId("shelf").hidden = !shelf.length;
}

/** The tab of a file, and what brings it up to date. */
function tab(item) {
  const said = element("small", {});
  const name = element(
    "button",
    { type: "button", class: "file", onclick: () => act.open(item), title: item.name },
    element("span", { class: "file-name" }, item.name),
    said,
  );
  const remove = {
    type: "button",
    class: "bare",
    "aria-label": `Remove ${item.name}`,
    title: "Remove",
    onclick: () => act.remove(item),
  };
  const node = element("li", { "data-id": item.id }, name, element("button", remove, "✕"));
  const show = (isOpen) => {
    const text = means(item);
    if (said.textContent !== text) said.textContent = text;
    node.className = `tab ${item.state}`;
    if (isOpen) name.setAttribute("aria-current", "true");
    else name.removeAttribute("aria-current");
    const isRead = item.state === "reading" && item.count;
    name.style.setProperty("--share", isRead ? String((item.history?.present.pages.length ?? 0) / item.count) : "0");
  };
  return { node, show };
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
