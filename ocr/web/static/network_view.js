/** The network: its layers and filters, what a letter sets off in it, what it mixes up. */

import { ask } from "./api.js";
import { showConfusion } from "./confusion.js";
import { currentLetter } from "./current_letter.js";
import { byId, counted, element } from "./elements.js";
import { FilterView } from "./filter_view.js";
import { bytesOf, glyphPicture } from "./glyph_picture.js";
import { showError } from "./notices.js";
import { occlusionOf } from "./occlusion_view.js";
import { outputBars } from "./output_bars.js";

const filters = new FilterView();

export function startNetwork() {
  byId("activations").replaceChildren(nothing());
  byId("filters").replaceChildren(filters.node);
  addEventListener("themechange", () => filters.paint());
}

export async function showNetwork() {
  try {
    const network = await ask("/api/network");
    showLayers(network);
    filters.show(network.kernels);
    byId("confusion-panel").hidden = !network.confusion;
    if (network.confusion) {
      byId("confusion-of").textContent = measuredOn(network);
      showConfusion(byId("confusion"), network.confusion);
    }
    await showActivations();
  } catch (error) {
    showError(error);
  }
}

/** On what it was measured what a network mixes up. */
function measuredOn({ figures, learned }) {
  const { held_out: count, right } = figures;
  const those = learned
    ? "Of your letters, each held back from learning in turn"
    : "Of letters held back from training";
  return `${those}: of ${count.toLocaleString("en")}, ${(100 * right).toFixed(1)}\u00a0% are read right.`;
}

function showLayers({ name, classes, parameters, layers }) {
  byId("network-means").textContent =
    `${name}: a 28 × 28 picture goes in, how likely each of ${classes.length} characters is comes out; ` +
    `${counted(parameters, "weight")} in between.`;
  const head = ["Layer", "Details", "Gives", "Weights"].map((title, k) =>
    element("th", { scope: "col", class: k === 3 && "number" }, title),
  );
  const row = (layer) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, layer.type),
      element("td", {}, layer.detail),
      element("td", {}, layer.output.join(" × ")),
      element("td", { class: "number" }, layer.parameters ? layer.parameters.toLocaleString("en") : "–"),
    );
  byId("layers").replaceChildren(
    element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...layers.map(row))),
  );
}

async function showActivations() {
  const letter = await currentLetter();
  filters.showLetter(letter ? bytesOf(letter.glyph) : null, letter?.text ?? "");
  byId("outputs-panel").hidden = !letter;
  if (!letter) {
    byId("activations").replaceChildren(nothing());
    return;
  }
  const { layers, top } = await ask("/api/activations", { method: "POST", json: { glyph: letter.glyph } });
  const seen = element(
    "figure",
    {},
    glyphPicture(bytesOf(letter.glyph), `The letter ${letter.text} as the network sees it`),
    element("figcaption", {}, element("b", {}, letter.text), "28 × 28"),
  );
  const step = ({ name, shape, image }) =>
    element(
      "figure",
      {},
      element("img", { class: "pixels", src: image, alt: `What ${name} gives, a tile for each of its channels` }),
      element("figcaption", {}, element("b", {}, name), shape.filter((side) => side > 1).join(" × ")),
    );
  byId("outputs").replaceChildren(...outputBars(top));
  byId("occlusion").replaceChildren(occlusionOf(bytesOf(letter.glyph), top[0].text));
  byId("activations").replaceChildren(element("div", { class: "steps" }, seen, ...layers.map(step)));
}

function nothing() {
  return element(
    "p",
    { class: "quiet" },
    "First ",
    element("a", { href: "#draw" }, "draw a letter"),
    " or choose one of a picture.",
  );
}
