/** What a network gives, the most probable characters first, as bars with their names. */

import { element, percent } from "./elements.js";

/** @param {{text: string, confidence: number}[]} top */
export function outputBars(top) {
  return top.map(({ text, confidence }) => {
    const fill = element("span", { class: "bar-fill" });
    fill.style.setProperty("--share", String(confidence));
    return element(
      "li",
      {},
      element("span", { title: text ? null : "no character" }, text || "–"),
      element("span", { class: "bar-track" }, fill),
      element("span", { class: "bar-share" }, percent(confidence)),
    );
  });
}
