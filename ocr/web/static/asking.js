/** Questions that wait for an answer before something is lost. */

import { byId } from "./elements.js";

/** @type {(goesOn: boolean) => void} */
let answer = () => {};

/**
 * Ask whether to go on; Escape says no, and so does another question.
 * @param {{title: string, means: string, yes: string, no: string}} words
 * @returns {Promise<boolean>}
 */
export function mayGoOn({ title, means, yes, no }) {
  const dialog = byId("ask");
  answer(false);
  byId("ask-title").textContent = title;
  byId("ask-means").textContent = means;
  byId("ask-yes").textContent = yes;
  byId("ask-no").textContent = no;
  dialog.showModal();
  byId("ask-no").focus();
  return new Promise((resolve) => {
    answer = (goesOn) => {
      dialog.close();
      resolve(goesOn);
    };
    byId("ask-yes").onclick = () => answer(true);
    byId("ask-no").onclick = () => answer(false);
    dialog.oncancel = () => resolve(false);
  });
}
