/** The most probable characters of a letter as bars; choosing one says that it is right. */

import { element, percent } from "./elements.js";

/**
 * @param alternatives [{text, confidence}], the most probable first
 * @param choose called with the text of the bar that was chosen
 */
export function bars(alternatives, choose) {
  const rows = alternatives.slice(0, 5).map(({ text, confidence }) => {
    const fill = element("span", { class: "bar-fill" });
    fill.style.setProperty("--share", confidence);
    const label = `${text}, ${percent(confidence)}: choose if right`;
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", class: "bar-row", "aria-label": label, title: `It is ${text}`, onclick: () => choose(text) },
        element("span", { class: "bar-text" }, text),
        element("span", { class: "bar-track" }, fill),
        element("span", { class: "bar-share" }, percent(confidence)),
      ),
    );
  });
  return element("ol", { class: "bars", "aria-label": "Most probable characters" }, ...rows);
}
