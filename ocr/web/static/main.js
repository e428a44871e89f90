/** The page: four views, one at a time, by the part of the address after the #. */

import { whenBack } from "./connection.js";
import { showDraw, startDraw } from "./draw_view.js";
import { byId } from "./elements.js";
import { showNetwork, startNetwork } from "./network_view.js";
import { showRead, startRead } from "./read_view.js";
import { showTeach, startTeach } from "./teach_view.js";

const VIEWS = { draw: showDraw, read: showRead, teach: showTeach, network: showNetwork };

/** The view that the address names. */
function wanted() {
  const name = location.hash.slice(1);
  return Object.hasOwn(VIEWS, name) ? name : "draw";
}

function open() {
  const name = wanted();
  for (const view of Object.keys(VIEWS)) byId(view).hidden = view !== name;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${byId(`${name}-title`).textContent} – Letters`;
  scrollTo(0, 0);
  VIEWS[name]();
}

startDraw();
startRead();
startTeach();
startNetwork();
addEventListener("hashchange", open);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("view").focus();
});
whenBack(() => VIEWS[wanted()]());
open();
