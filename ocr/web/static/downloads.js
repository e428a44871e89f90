/** What was read, to take away: on the clipboard, or as a file in any format. */

import { upload } from "./api.js";
import { byId, element } from "./elements.js";
import { showError, tell } from "./notices.js";
import { corrections, readingText } from "./reading.js";

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

/** @param now returns what is shown: {file, query, reading} */
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

async function download({ file, query, reading }, format, ending) {
  const name = `${file.name.replace(/\.[^.]*$/, "")}.${ending}`;
  if (format === "text") {
    save(new Blob([`${readingText(reading)}\n`], { type: "text/plain" }), name);
    return;
  }
  const fields = { corrections: JSON.stringify(corrections(reading)) };
  const response = await upload("/api/read", file, { query: { ...query, format }, fields });
  save(await response.blob(), name);
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
