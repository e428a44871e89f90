/** The settings that files are read with, and reading again with other ones. */

import { byId, say } from "./elements.js";
import { closeErrors } from "./notices.js";
import { enqueue } from "./reading_queue.js";
import { isOnlyRead } from "./shelf.js";
import { now } from "./work.js";

export function startSettings() {
  for (const kind of ["input", "change"]) byId("settings").addEventListener(kind, settingsChanged);
  byId("settings").addEventListener("submit", (event) => event.preventDefault());
  byId("read-again").addEventListener("click", readAgain);
}

export const settings = () => Object.fromEntries(new FormData(byId("settings")));

/** Show the settings that a file was read with. */
export function showSettings(query) {
  for (const [name, value] of Object.entries(query)) {
    const field = byId("settings").elements[name];
    if (field && value !== undefined) field.value = value;
  }
}

/** Read again with changed settings; if there are corrections, only offer it. */
function settingsChanged({ type }) {
  const { item } = now();
  if (!item) return;
  const isOther = JSON.stringify(settings()) !== JSON.stringify(item.query);
  if (item.history && !isOnlyRead(item.history)) offerToRead(isOther);
  else if (type === "change" && isOther) readAgain();
}

function offerToRead(offers) {
  if (offers && byId("again").hidden)
    say("Reading again takes the place of what you put right; the button for it is in the settings.");
  byId("again").hidden = !offers;
}

function readAgain() {
  const { item } = now();
  closeErrors();
  offerToRead(false);
  item.query = settings();
  enqueue(item, { first: true });
}
