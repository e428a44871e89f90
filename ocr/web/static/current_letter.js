/** The letter looked at last, drawn or read: the view of the network shows what it sets off. */

let current = null;

/** @param letter {text, glyph}: the character, and its 28x28 picture as base64 */
export function setCurrentLetter(letter) {
  current = letter;
}

export function currentLetter() {
  return current;
}
