/** The letter that was chosen on a picture, or is pointed at: its crop, what the network saw, what it may be. */

import { bars } from "./bars.js";
import { byId, element, percent } from "./elements.js";
import { glyphPicture } from "./glyph_picture.js";
import { letterForm } from "./letter_form.js";
import { crop } from "./picture_view.js";
import { whereIs, wordAfter, wordText } from "./reading.js";

const CROP = 192;

/**
 * @param page the page that it is on
 * @param actions {letter(letter, text), notLetter(letter), word(word, text), join(word, step), editWord(word)}
 */
export function showChosen(page, letter, actions) {
  const place = whereIs(page, letter);
  byId("chosen").replaceChildren(element("div", { class: "letter" }, ...letterParts(letter, actions)), wordRow(letter, place, actions));
}

const figure = (picture, caption) => element("figure", {}, picture, element("figcaption", {}, caption));

function letterParts(letter, actions) {
  const put = (text) => actions.letter(letter, text);
  const glyph = letter.seen && figure(glyphPicture(letter.seen.glyph, `What the network saw of ${letter.text}`), "28 × 28");
  return [
    figure(crop(letter.box, CROP, "The letter"), letter.seen ? "On the picture" : "Added"),
    glyph,
    bars(letter.seen?.alternatives ?? letter.alternatives, put),
    letterForm(letter.text, put),
  ];
}

function wordRow(letter, { line, word }, actions) {
  const text = wordText(word);
  const others = word.alternatives.filter((one) => one.text !== text).slice(0, 3);
  const button = (onclick, ...content) => element("button", { type: "button", onclick }, ...content);
  const take = ({ text: other, confidence }) => button(() => actions.word(word, other), other, " ", element("small", {}, percent(confidence)));
  const named = (name, onclick, label) => element("button", { type: "button", class: name, onclick }, label);
  const next = wordAfter(line, word);
  const state = letter.corrected ? "put right" : `${percent(word.confidence)} sure`;
  return element(
    "div",
    { class: "word-row" },
    element("p", {}, element("b", {}, text), element("span", { class: "quiet" }, ` ${state}`)),
    element(
      "div",
      { class: "row" },
      ...others.map(take),
      letter.seen && named("none", () => actions.notLetter(letter), "Not a letter"),
      next && named("join", () => actions.join(word, 1), `Join with ${wordText(next)}`),
      named("remove", () => actions.word(word, ""), "Remove word"),
      named("edit", () => actions.editWord(word), "Edit word"),
    ),
  );
}
