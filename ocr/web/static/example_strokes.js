/** A word in strokes, for who wants to see before drawing: points in a square of 1 for each letter. */

const bow = (top, bottom) => [[0, top], ...arc(0.28, (top + bottom) / 2, 0.34, (bottom - top) / 2), [0, bottom]];

const SHAPES = {
  R: [
    [
      [0, 1],
      [0, 0],
    ],
    bow(0, 0.52),
    [
      [0.26, 0.52],
      [0.62, 1],
    ],
  ],
  E: [
    [
      [0.55, 0],
      [0, 0],
      [0, 1],
      [0.58, 1],
    ],
    [
      [0, 0.5],
      [0.46, 0.49],
    ],
  ],
  A: [
    [
      [0, 1],
      [0.34, 0],
      [0.7, 1],
    ],
    [
      [0.13, 0.64],
      [0.57, 0.63],
    ],
  ],
  D: [
    [
      [0, 1],
      [0, 0],
    ],
    bow(0, 1),
  ],
};
const WORD = "READ";
const STEPS = 6;

/** The strokes of the word, in the middle of a sheet of `width` x `height`: arrays of [x, y]. */
export function exampleStrokes(width, height) {
  const side = Math.min(0.42 * height, (0.8 * width) / (WORD.length * 1.15));
  const step = 1.15 * side;
  const left = (width - WORD.length * step + 0.45 * side) / 2;
  const top = (height - side) / 2;
  return [...WORD].flatMap((letter, k) =>
    SHAPES[letter].map((stroke) => dense(stroke).map(([x, y]) => [left + k * step + x * side, top + y * side])),
  );
}

/** The right half of an ellipse, from its top down. */
function arc(x, y, wide, high) {
  return Array.from({ length: 13 }, (_, n) => {
    const angle = (Math.PI * (n - 6)) / 12;
    return [x + wide * Math.cos(angle), y + high * Math.sin(angle)];
  });
}

/** Points between the corners too. */
function dense(stroke) {
  const between = stroke.slice(1).flatMap(([x, y], k) => {
    const [fromX, fromY] = stroke[k];
    return Array.from({ length: STEPS }, (_, n) => {
      const share = (n + 1) / STEPS;
      return [fromX + share * (x - fromX), fromY + share * (y - fromY)];
    });
  });
  return [stroke[0], ...between];
}
