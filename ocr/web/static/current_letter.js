/** The letter looked at last, drawn or read: the view of the network shows what it sets off. */

/** @type {{text: string, glyph: string | Promise<string>} | null} */
let current = null;

/** @param {{text: string, glyph: string | Promise<string>}} letter the character, and its 28x28 picture as base64 */
export function setCurrentLetter(letter) {
  current = letter;
}

export async function currentLetter() {
  return current && { ...current, glyph: await current.glyph };
}
