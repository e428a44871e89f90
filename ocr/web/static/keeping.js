/**
 * The files on the shelf as they are kept in the browser, and back.
 *
 * A page of a document never changes, so each is written once, and letters name what was seen of them by its place in
 * what was read. A step of work thus writes one page, however long the document and its history are.
 */

import { allExamples, rememberExample } from "./corrections.js";
import { History } from "./history.js";
import { freshKey, sure } from "./reading.js";
import { allOf, write } from "./store.js";

const keys = new WeakMap();
const written = new WeakSet();

const keyOf = (page) => {
  if (!keys.has(page)) keys.set(page, freshKey());
  return keys.get(page);
};

/** Keep a file, its documents and its history. What no document has any more is removed. */
export async function keepFile(item) {
  const { id, name, file, query, count, added, opened, state, saved, unsaved, history } = item;
  const pages = new Set(history?.documents.flatMap((document) => document.pages) ?? []);
  const sights = sightsOf(pages);
  const puts = [];
  for (const sight of sights.values())
    if (!written.has(sight)) puts.push({ store: "sights", key: `${id}/${sight.key}`, value: withoutPlaces(sight) });
  for (const page of pages)
    if (!written.has(page)) puts.push({ store: "pages", key: `${id}/${keyOf(page)}`, value: packedPage(page) });
  const value = {
    id,
    name,
    file,
    query,
    count,
    added,
    opened,
    state,
    saved,
    unsaved,
    ...packedHistory(history, sights),
  };
  puts.push({ store: "files", key: id, value });
  const now = new Set([...pages].map(keyOf));
  const stale = [...(item.keptPages ?? [])].filter((key) => !now.has(key));
  await write(
    puts,
    stale.map((key) => ({ store: "pages", key: `${id}/${key}` })),
  );
  item.keptPages = now;
  for (const one of [...pages, ...sights.values()]) written.add(one);
}

/** Forget a file, and all that belongs to it. */
export function forgetFile({ id }) {
  return write(
    [],
    [
      { store: "files", key: id },
      { store: "sights", start: `${id}/` },
      { store: "pages", start: `${id}/` },
    ],
  );
}

/** The files that are kept, without what was read of them. */
export async function keptFiles() {
  return [...(await allOf("files")).values()].sort((a, b) => a.added - b.added).map((kept) => ({ ...kept, kept }));
}

/** What was read of a kept file, and its history: null where nothing was. */
export async function historyOf({ id, kept }) {
  if (!kept?.documents) return null;
  const sights = new Map();
  for (const sight of (await allOf("sights", `${id}/`)).values()) {
    const { glyphs } = sight;
    const seen = sight.seen.map((one, number) => ({ ...one, at: [sight.key, number], glyphs }));
    sights.set(sight.key, { ...sight, seen });
  }
  const pages = new Map();
  for (const [key, packed] of await allOf("pages", `${id}/`)) {
    const page = unpackedPage(packed, sights);
    keys.set(page, key.slice(id.length + 1));
    pages.set(key.slice(id.length + 1), page);
  }
  for (const one of [...pages.values(), ...sights.values()]) written.add(one);
  const seenAt = ([key, number]) => sights.get(key).seen[number];
  for (const [at, example] of kept.examples) rememberExample(seenAt(at), example);
  const documents = kept.documents.map(({ pages: own, ...document }) => ({
    ...document,
    pages: own.map((key) => pages.get(key)),
  }));
  const change = (wanted) => wanted?.map(({ at, label }) => ({ letter: seenAt(at), label }));
  const steps = kept.steps.map((step) => ({ ...step, wanted: change(step.wanted), former: change(step.former) }));
  return new History(documents, steps, kept.at);
}

function sightsOf(pages) {
  const sights = new Map();
  for (const page of pages) {
    sights.set(page.sight.key, page.sight);
    for (const sight of page.others ?? []) sights.set(sight.key, sight);
  }
  return sights;
}

const withoutPlaces = ({ seen, ...sight }) => ({
  ...sight,
  seen: seen.map(({ alternatives, votes }) => ({ alternatives, votes })),
});

function packedHistory(history, sights) {
  if (!history) return {};
  const change = (wanted) => wanted?.map(({ letter, label }) => ({ at: letter.at, label }));
  const steps = history.steps.map((step) => ({ ...step, wanted: change(step.wanted), former: change(step.former) }));
  const documents = history.documents.map((document) => ({ ...document, pages: document.pages.map(keyOf) }));
  const examples = [...allExamples()].filter(([{ at }]) => at && sights.has(at[0])).map(([{ at }, kept]) => [at, kept]);
  return { documents, steps, at: history.at, examples };
}

function packedPage({ sight, others = [], lines, ...page }) {
  const letter = ({ text, box, confidence, corrected, seen }) => ({
    text,
    box,
    confidence,
    corrected,
    at: seen?.at ?? null,
  });
  const word = ({ letters, ...rest }) => ({ ...rest, letters: letters.map(letter) });
  const packed = lines.map(({ words }) => ({ words: words.map(word) }));
  return { ...page, sight: sight.key, others: others.map(({ key }) => key), lines: packed };
}

function unpackedPage({ sight, others, lines, ...page }, sights) {
  const letter = ({ text, box, confidence, corrected, at }) => {
    const seen = at ? sights.get(at[0]).seen[at[1]] : null;
    return corrected
      ? { ...sure(text, box), seen }
      : { text, box, confidence, alternatives: seen.alternatives, corrected, seen };
  };
  const word = ({ letters, ...rest }) => ({ ...rest, letters: letters.map(letter) });
  const unpacked = lines.map(({ words }) => ({ words: words.map(word) }));
  return { ...page, sight: sights.get(sight), others: others.map((key) => sights.get(key)), lines: unpacked };
}
