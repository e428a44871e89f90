/** A word in strokes, for who wants to see before drawing: points in a square of 1 for each letter. */

const SHAPES = {
  R: [[[0, 1], [0, 0], [0.45, 0.02], [0.62, 0.14], [0.6, 0.36], [0.4, 0.5], [0.02, 0.52]], [[0.28, 0.52], [0.65, 1]]],
  E: [[[0.55, 0], [0, 0], [0, 1], [0.6, 1]], [[0, 0.5], [0.48, 0.48]]],
  A: [[[0, 1], [0.34, 0], [0.7, 1]], [[0.13, 0.64], [0.57, 0.63]]],
  D: [[[0, 1], [0, 0], [0.38, 0.06], [0.62, 0.3], [0.64, 0.65], [0.4, 0.93], [0, 1]]],
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
