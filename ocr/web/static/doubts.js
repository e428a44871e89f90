/** The letters of a document that are unsure: how many there are, and which is next. */

import { byId, counted, percent } from "./elements.js";
import { isUnsure, lettersOf, UNSURE, whereIs } from "./reading.js";

const counts = new WeakMap();

function countOn(page) {
  if (!counts.has(page)) counts.set(page, lettersOf(page).filter(isUnsure).length);
  return counts.get(page);
}

/** How many letters of a document are unsure. */
export const doubtsOf = ({ pages }) => pages.reduce((sum, page) => sum + countOn(page), 0);

/** Say below the text how sure it is. */
export function showSummary(page, { document, item }) {
  const count = countOn(page);
  const all = counted(lettersOf(page).length, "letter");
  const total = document ? doubtsOf(document) : 0;
  const elsewhere = total > count ? ` ${total - count} on other pages.` : "";
  byId("text-below").hidden = !lettersOf(page).length;
  byId("doubts").textContent =
    (count
      ? `${count} of ${all} less than ${percent(UNSURE)} sure, with a wavy line.`
      : `${all}, each at least ${percent(UNSURE)} sure.`) + elsewhere;
  byId("next-doubt").hidden = !total;
  byId("text").setAttribute("aria-busy", String(item?.state === "reading" && !document));
}

/**
 * The unsure letter after a place of a page, or before it where `step` is -1; after the last comes the first again.
 * @param {ReadDocument} document
 * @param {number} index the place of the page
 * @param {number | null | undefined} place null where none is chosen
 * @param {number} step
 * @returns {{number: number, letter: Letter} | undefined} its page's place in the document, and the letter; undefined where
 *   there is none
 */
export function nextDoubt({ pages }, index, place, step) {
  const doubts = pages.flatMap((page, number) =>
    lettersOf(page)
      .filter(isUnsure)
      .map((letter) => ({ number, letter, place: whereIs(page, letter).place })),
  );
  const here = place ?? -step;
  const isPast = (one) => step * (one.number - index || one.place - here) > 0;
  return step > 0 ? (doubts.find(isPast) ?? doubts[0]) : (doubts.findLast(isPast) ?? doubts.at(-1));
}
