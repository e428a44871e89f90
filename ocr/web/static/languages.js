/** The languages that the server knows, from its own description, put into the settings. */

import { languages } from "./description.js";
import { byId, element } from "./elements.js";

/** Fill the choice of languages when the settings are opened for the first time. */
export function startLanguages() {
  byId("settings-box").addEventListener("toggle", fill, { once: true });
}

async function fill() {
  const select = /** @type {any} */ (byId("settings").elements).language;
  try {
    const known = new Set([...select.options].map(({ value }) => value));
    const names = new Intl.DisplayNames(["en"], { type: "language" });
    const fresh = (await languages())
      .filter((code) => !known.has(code))
      .map((code) => element("option", { value: code }, names.of(code)));
    select.options[0].after(...fresh);
  } catch (error) {
    console.warn("only English is offered:", error);
  }
}
