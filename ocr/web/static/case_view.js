/** The type case: a compartment for each character of the document, filled as far as it is unsure. */

import { active, byId, counted, element } from "./elements.js";
import { showError } from "./notices.js";
import { isUnsure, lettersOf } from "./reading.js";

/** How often each character stands on a page, and how often it is unsure; a page never changes. */
const counts = new WeakMap();

function kindsOn(page) {
  if (!counts.has(page)) {
    const kinds = new Map();
    for (const letter of lettersOf(page)) {
      const kind = kinds.get(letter.text) ?? { count: 0, doubts: 0 };
      kind.count += 1;
      kind.doubts += isUnsure(letter);
      kinds.set(letter.text, kind);
    }
    counts.set(page, kinds);
  }
  return counts.get(page);
}

/** Show what characters a document has. */
export function showCase(document) {
  const kinds = new Map();
  for (const page of document?.pages ?? []) {
    for (const [text, { count, doubts }] of kindsOn(page)) {
      const kind = kinds.get(text) ?? { count: 0, doubts: 0 };
      kinds.set(text, { count: kind.count + count, doubts: kind.doubts + doubts });
    }
  }
  const order = new Intl.Collator("en", { caseFirst: "upper", numeric: true });
  const rank = (text) => (/\p{L}/u.test(text) ? 0 : /\p{N}/u.test(text) ? 1 : 2);
  const sorted = [...kinds].sort(([a], [b]) => rank(a) - rank(b) || order.compare(a, b));
  const compartment = ([text, { count, doubts }]) => {
    const label = `${text}: ${counted(count, "time")}, ${doubts} unsure; show all`;
    const button = element(
      "button",
      {
        type: "button",
        class: doubts ? "sort unsure" : "sort",
        "data-text": text,
        "aria-label": label,
        title: label,
        onclick: () => openWall(text),
      },
      element("b", {}, text),
      element("small", {}, count),
    );
    button.style.setProperty("--share", String(doubts / count));
    return element("li", {}, button);
  };
  const held = byId("case").contains(active()) ? active()?.dataset.text : null;
  byId("case").replaceChildren(...sorted.map(compartment));
  if (held) [...byId("case").querySelectorAll("button")].find(({ dataset }) => dataset.text === held)?.focus();
  byId("case").hidden = !sorted.length;
}

const openWall = (text) => import("./wall.js").then(({ showWall }) => showWall(text), showError);
