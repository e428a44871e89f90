/** What of a letter made the network read it so: parts of it are covered, and what changes is painted on it. */

import { ask } from "./api.js";
import { element } from "./elements.js";
import { base64Of, bytesOf } from "./glyph_picture.js";
import { paintNumbers } from "./lab_pictures.js";

const SIDE = 28;
/** Who passes by a letter does not want to know why it was read. */
const PAUSE_MS = 250;
/** What was found, by what was asked. */
const known = new Map();
const MOST = 200;
addEventListener("modelchange", () => known.clear());

/**
 * A picture of what speaks for a character, and against it.
 * @param {Uint8Array | Promise<Uint8Array>} glyph
 * @param {string} text a character that the network has
 * @param {string | null} rival another; null for the likeliest
 */
export function occlusionOf(glyph, text, rival = null) {
  const canvas = element("canvas", {
    class: "made-so pixels",
    width: SIDE,
    height: SIDE,
    role: "img",
    "aria-label": `What of it speaks for ${text || "no letter"}`,
  });
  const than = rival === null ? "any other" : rival || "no letter";
  const node = element(
    "figure",
    { class: "occlusion", hidden: true },
    canvas,
    element(
      "figcaption",
      {},
      `Blue says ${text || "no letter"}, orange ${than}: what is lost where a part is covered.`,
    ),
  );
  setTimeout(async () => {
    if (!node.isConnected) return;
    try {
      const bytes = await glyph;
      paint(canvas, bytes, await occlusion(bytes, text, rival));
      node.hidden = false;
    } catch {
      // the letter is none that the network in use has
    }
  }, PAUSE_MS);
  return node;
}

async function occlusion(bytes, text, rival) {
  const json = { glyph: base64Of(bytes), text, rival };
  const name = JSON.stringify(json);
  if (known.size > MOST) known.clear();
  if (!known.has(name)) known.set(name, await ask("/api/occlusion", { method: "POST", json }));
  return known.get(name);
}

/** Paint it over the ink, which is grey where nothing depends on it. */
function paint(canvas, glyph, { values }) {
  paintNumbers(canvas, new Int8Array(bytesOf(values).buffer), SIDE, SIDE, 127);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.getImageData(0, 0, SIDE, SIDE);
  for (const [k, ink] of glyph.entries()) {
    const [share, grey] = [image.data[4 * k + 3] / 255, 0.45 * ink];
    for (let side = 0; side < 3; side += 1)
      image.data[4 * k + side] = share * image.data[4 * k + side] * (0.35 + (0.65 * ink) / 255) + (1 - share) * grey;
    image.data[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
