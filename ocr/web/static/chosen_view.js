/** The letter that was chosen on a picture: its crop, what the network saw, what it may be. */

import { bars } from "./bars.js";
import { byId, element, percent } from "./elements.js";
import { glyphPicture } from "./glyph_picture.js";
import { letterForm } from "./letter_form.js";
import { crop } from "./picture_view.js";
import { wordText } from "./reading.js";

const CROP = 192;

/** @param actions {letter(letter, text), word(word, text), editWord(word)} */
export function showChosen(letter, actions) {
  const put = (text) => actions.letter(letter, text);
  const figure = (picture, caption) => element("figure", {}, picture, element("figcaption", {}, caption));
  byId("chosen").replaceChildren(
    element(
      "div",
      { class: "letter" },
      figure(crop(letter, CROP), "On the picture"),
      figure(glyphPicture(letter.glyph, `What the network saw of ${letter.text}`), "28 × 28"),
      bars(letter.top, put),
      letterForm(letter.text, put),
    ),
    wordRow(letter, actions),
  );
}

function wordRow(letter, actions) {
  const { word } = letter;
  const text = wordText(word);
  const others = word.alternatives.filter((one) => one.text !== text).slice(0, 3);
  const take = ({ text: other, confidence }) =>
    element("button", { type: "button", onclick: () => actions.word(word, other) }, other, " ", element("small", {}, percent(confidence)));
  const state = letter.corrected || word.typed !== null ? "put right" : `${percent(word.confidence)} sure`;
  return element(
    "div",
    { class: "word-row" },
    element("p", {}, element("b", {}, text), element("span", { class: "quiet" }, ` ${state}`)),
    element(
      "div",
      { class: "row" },
      ...others.map(take),
      element("button", { type: "button", class: "none", onclick: () => actions.letter(letter, "") }, "Not a letter"),
      element("button", { type: "button", onclick: () => actions.editWord(word) }, "Edit word"),
    ),
  );
}
