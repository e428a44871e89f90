/** A field that says what a letter should have been. */

import { element } from "./elements.js";

/**
 * @param text what it is taken for now
 * @param save called with the one character that it should be
 */
export function letterForm(text, save) {
  const field = element("input", {
    class: "one",
    maxlength: 2,
    required: true,
    value: text,
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    onfocus: () => field.select(),
  });
  const submitted = (event) => {
    event.preventDefault();
    const character = [...field.value.trim().normalize()].at(-1);
    if (character) save(character);
  };
  return element(
    "form",
    { class: "letter-form", onsubmit: submitted },
    element("label", {}, element("span", {}, "It is"), field),
    element("button", { type: "submit" }, "Keep"),
  );
}
