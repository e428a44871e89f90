/** The letter that was chosen on a picture: its crop, what the network saw, what it may be. */

import { bars } from "./bars.js";
import { byId, element, percent } from "./elements.js";
import { glyphPicture } from "./glyph_picture.js";
import { letterForm } from "./letter_form.js";
import { crop } from "./picture_view.js";
import { isPutRight, wordText } from "./reading.js";

const CROP = 192;

/**
 * Of a word that was typed anew only the word is shown: which letter is which is not known.
 * @param actions {letter(letter, text), word(word, text), editWord(word)}
 */
export function showChosen(letter, actions) {
  const { word } = letter;
  const shown = word.typed === null ? letterParts(letter, actions) : [figure(crop(around(word), CROP, "The word"), "On the picture")];
  byId("chosen").replaceChildren(element("div", { class: "letter" }, ...shown), wordRow(letter, actions));
}

const figure = (picture, caption) => element("figure", {}, picture, element("figcaption", {}, caption));

function letterParts(letter, actions) {
  const put = (text) => actions.letter(letter, text);
  return [
    figure(crop(letter.box, CROP, "The letter"), "On the picture"),
    figure(glyphPicture(letter.glyph, `What the network saw of ${letter.text}`), "28 × 28"),
    bars(letter.top, put),
    letterForm(letter.text, put),
  ];
}

/** The box around all letters of a word. */
function around({ letters }) {
  const sides = (k) => letters.map(({ box }) => box[k]);
  return [Math.min(...sides(0)), Math.min(...sides(1)), Math.max(...sides(2)), Math.max(...sides(3))];
}

function wordRow(letter, actions) {
  const { word } = letter;
  const text = wordText(word);
  const others = word.alternatives.filter((one) => one.text !== text).slice(0, 3);
  const take = ({ text: other, confidence }) =>
    element("button", { type: "button", onclick: () => actions.word(word, other) }, other, " ", element("small", {}, percent(confidence)));
  const state = isPutRight(letter) ? "put right" : `${percent(word.confidence)} sure`;
  const none = { type: "button", class: "none", onclick: () => actions.letter(letter, "") };
  return element(
    "div",
    { class: "word-row" },
    element("p", {}, element("b", {}, text), element("span", { class: "quiet" }, ` ${state}`)),
    element(
      "div",
      { class: "row" },
      ...others.map(take),
      word.typed === null ? element("button", none, "Not a letter") : null,
      element("button", { type: "button", onclick: () => actions.editWord(word) }, "Edit word"),
    ),
  );
}
