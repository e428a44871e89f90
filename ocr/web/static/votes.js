/**
 * Why a letter was read as it was: what each voice says for it and against its strongest rival, as bars that add up.
 *
 * The votes are differences of log-probabilities, in nats: 1 nat makes it 2.7 times as likely.
 */

import { element } from "./elements.js";
import { glyphOf } from "./glyph_picture.js";
import { showError } from "./notices.js";

export const VOICES = {
  shape: "Letter network",
  place: "Place on the line",
  line: "Line network",
  language: "Language",
};

/** What of a letter's votes is shown; nothing where the reader does not tell. */
export function votesOf({ seen }) {
  const rivals = seen?.votes?.rivals ?? [];
  if (!rivals.length) return [];
  // on a phone the picture needs the room
  const box = element(
    "details",
    { class: "votes", open: !matchMedia("(max-width: 40rem)").matches },
    element("summary", {}, "Why"),
  );
  const { text } = seen.votes;
  const body = element("div", {});
  const choose = (rival) => {
    const picture = element("div", {});
    body.replaceChildren(picture, table(text, rival));
    import("./occlusion_view.js").then(
      ({ occlusionOf }) => picture.replaceWith(occlusionOf(glyphOf(seen), text, rival.text)),
      showError,
    );
  };
  if (rivals.length > 1) box.append(chooser(text, rivals, choose));
  box.append(body);
  choose(rivals[0]);
  return [box];
}

function chooser(text, rivals, choose) {
  const options = rivals.map((rival, k) =>
    element("option", { value: k }, `${text} and not ${rival.text || "no letter"}`),
  );
  return element(
    "select",
    { "aria-label": "Compared with", onchange: ({ target }) => choose(rivals[target.value]) },
    ...options,
  );
}

function table(text, rival) {
  const votes = Object.keys(VOICES)
    .map((voice) => [VOICES[voice], rival[voice]])
    .filter(([, vote]) => vote !== null && vote !== undefined);
  const sum = votes.reduce((total, [, vote]) => total + vote, 0);
  // how far the bars reach, one after another, from where the former ended
  const ends = [0];
  for (const [k, [, vote]] of votes.entries()) ends.push(ends[k] + vote);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const share = (value) => (value - low) / Math.max(0.01, high - low);
  /** @type {(vote: any, k: number, from?: number) => HTMLElement} */
  const row = ([name, vote], k, from = ends[k]) => {
    const [left, right] = [share(Math.min(from, from + vote)), share(Math.max(from, from + vote))];
    const fill = element("span", { class: `vote ${vote >= 0 ? "for" : "against"}` });
    fill.style.left = `${100 * left}%`;
    fill.style.width = `${Math.max(0.5, 100 * (right - left))}%`;
    const zero = element("span", { class: "zero" });
    zero.style.left = `${100 * share(0)}%`;
    const number = `${vote >= 0 ? "+" : "−"}${Math.abs(vote).toFixed(1)}`;
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, name),
      element("td", { class: "vote-track" }, element("span", { class: "track", "aria-hidden": "true" }, zero, fill)),
      element("td", { class: "number" }, number),
    );
  };
  const times = Math.exp(Math.min(20, Math.abs(sum)));
  const said = times > 1000 ? "more than 1000" : times.toFixed(times < 10 ? 1 : 0);
  const [likely, other] = sum >= 0 ? [text, rival.text] : [rival.text, text];
  return element(
    "table",
    { class: "vote-table" },
    element("caption", {}, `${likely || "No letter"} is ${said} times as likely here as ${other || "no letter"}.`),
    element("tbody", {}, ...votes.map((vote, k) => row(vote, k)), row(["Together", sum], 0, 0)),
  );
}
