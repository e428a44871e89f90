/** What was read, to take away: on the clipboard, or as a file in any format. */

import { ask, upload } from "./api.js";
import { whenBack } from "./connection.js";
import { byId, element, foundIn } from "./elements.js";
import { showError, tell } from "./notices.js";
import { documentOf, readingText } from "./reading.js";
import { markSaved } from "./shelf.js";

/** @param now returns {item, document, page}: the file, what it reads as by now, and the page that is shown */
export function startDownloads(now) {
  const menu = byId("download");
  const item = (format) => {
    const onclick = () => {
      menu.open = false;
      download(now(), format).catch(showError);
    };
    const button = { type: "button", "data-format": format.name, onclick };
    return element("li", {}, element("button", button, format.title));
  };
  const fill = async () => {
    if (!byId("formats").children.length) byId("formats").replaceChildren(...(await ask("/api/formats")).map(item));
  };
  whenBack(() => fill().catch(showError));
  fill().catch(showError);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    foundIn("download", "summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(/** @type {any} */ (event.target))) menu.open = false;
  });
  byId("copy").addEventListener("click", () => copy(readingText(now().document)));
}

/** Save all pages as they stand, or the one that is shown where a file can hold but one. */
async function download({ item, document: reading, page }, format) {
  if (!reading) return;
  const { file } = item;
  const pages = format.one_page ? [page] : reading.pages;
  const only = pages.length < reading.pages.length ? `-${page.number}` : "";
  const name = `${item.name.replace(/\.[^.]*$/, "")}${only}${format.extension}`;
  const content = JSON.stringify(documentOf(reading, pages));
  const files = { document: new Blob([content], { type: "application/json" }) };
  if (format.shows_picture) files.file = file;
  const response = await upload("/api/write", files, { query: { format: format.name } });
  save(await response.blob(), name);
  if (pages.length === reading.pages.length) markSaved(item, reading);
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    tell("Copied.");
  } catch {
    tell("The browser did not let the page copy; choose Download, Text.");
  }
}
