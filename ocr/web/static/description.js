/** What the server says of itself, asked once: its languages, and the characters that its network knows. */

import { ask } from "./api.js";

let asked = null;

/** The OpenAPI document. */
export function openapi() {
  asked ??= ask("/api/openapi.json").catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** The codes of the languages that can be expected, "none" among them. */
export async function languages() {
  const { paths } = await openapi();
  return paths["/api/inspect"].post.parameters.find(({ name }) => name === "language").schema.enum;
}

/** The characters that the network can learn from; the empty one is no character. */
export async function characters() {
  const { components } = await openapi();
  return new Set(components.schemas.Corrected.properties.label.enum);
}
