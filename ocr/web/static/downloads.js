/** What was read, to take away: on the clipboard, or as a file in any format. */

import { upload } from "./api.js";
import { byId, element } from "./elements.js";
import { showError, tell } from "./notices.js";
import { documentOf, markSaved, readingText } from "./reading.js";

const FORMATS = [
  ["text", "Text", "txt"],
  ["layout", "Text with columns kept", "txt"],
  ["json", "JSON", "json"],
  ["tsv", "TSV (Tesseract’s columns)", "tsv"],
  ["hocr", "hOCR", "hocr"],
  ["alto", "ALTO XML", "alto.xml"],
  ["page", "PAGE XML", "page.xml"],
  ["pdf", "Searchable PDF", "pdf"],
];

/** @param now returns {reading, page}: what is held, with its `file`, and the page of it that is shown */
export function startDownloads(now) {
  const menu = byId("download");
  const item = ([format, name, ending]) => {
    const onclick = () => {
      menu.open = false;
      download(now(), format, ending).catch(showError);
    };
    return element("li", {}, element("button", { type: "button", "data-format": format, onclick }, name));
  };
  byId("formats").append(...FORMATS.map(item));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  byId("copy").addEventListener("click", () => copy(readingText(now().reading)));
}

/** Save all pages as they stand, or the one that is shown where a file can hold but one. */
async function download({ reading, page }, format, ending) {
  const { file } = reading;
  const pages = format === "page" ? [page] : reading.pages;
  const only = pages.length < reading.pages.length ? `-${page.number}` : "";
  const name = `${file.name.replace(/\.[^.]*$/, "")}${only}.${ending}`;
  const content = JSON.stringify(documentOf(reading, pages));
  const files = { document: new Blob([content], { type: "application/json" }) };
  if (format === "pdf") files.file = file;
  const response = await upload("/api/write", files, { query: { format } });
  save(await response.blob(), name);
  markSaved(pages);
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
