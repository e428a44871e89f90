/** The page: six views, one at a time, by the part of the address after the #. Each is started when it is first wanted. */

import { whenBack } from "./connection.js";
import { byId } from "./elements.js";
import { showError } from "./notices.js";
import { startSources } from "./picture_sources.js";

const VIEWS = {
  draw: { load: () => import("./draw_view.js"), start: "startDraw", show: "showDraw" },
  read: { load: () => import("./read_view.js"), start: "startRead", show: "showRead" },
  teach: { load: () => import("./teach_view.js"), start: "startTeach", show: "showTeach" },
  network: { load: () => import("./network_view.js"), start: "startNetwork", show: "showNetwork" },
  lab: { load: () => import("./lab_view.js"), start: "startLab", show: "showLab" },
  api: { load: () => import("./api_view.js"), start: "startApi", show: "showApi" },
};
const loaded = {};

/** The view that the address names. */
function wanted() {
  const name = location.hash.slice(1);
  return Object.hasOwn(VIEWS, name) ? name : "draw";
}

function view(name) {
  loaded[name] ??= load(VIEWS[name]).catch((error) => {
    delete loaded[name];
    throw error;
  });
  return loaded[name];
}

/** Run the scripts of a view, and have it started: returns its module. */
async function load({ load: scripts, start }) {
  const module = await scripts();
  module[start]();
  return module;
}

async function open() {
  const name = wanted();
  for (const link of /** @type {any} */ (document.querySelectorAll("nav a"))) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${byId(`${name}-title`).textContent} – Letters`;
  try {
    const module = await view(name);
    if (name !== wanted()) return;
    for (const other of Object.keys(VIEWS)) byId(other).hidden = other !== name;
    document.body.dataset.view = name;
    scrollTo(0, 0);
    module[VIEWS[name].show]();
  } catch (error) {
    showError(error);
  }
}

addEventListener("hashchange", open);
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  byId("view").focus();
});
whenBack(open);
// a picture may be dropped or pasted wherever one looks, and as soon as the page is there
startSources((files) => view("read").then(({ take }) => take(files), showError));
open();
