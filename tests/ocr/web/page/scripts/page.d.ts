/** What the scripts of the page work with. */

/** What kind each element is that is looked up by its id; those that are not here are of no special one. */
interface Elements {
  add: HTMLButtonElement;
  "add-cancel": HTMLButtonElement;
  "add-dialog": HTMLDialogElement;
  "add-form": HTMLFormElement;
  "add-text": HTMLInputElement;
  ask: HTMLDialogElement;
  "ask-no": HTMLButtonElement;
  "ask-yes": HTMLButtonElement;
  "busy-bar": HTMLProgressElement;
  camera: HTMLDialogElement;
  "camera-close": HTMLButtonElement;
  "camera-file": HTMLInputElement;
  "camera-shoot": HTMLButtonElement;
  "camera-video": HTMLVideoElement;
  cancel: HTMLButtonElement;
  clear: HTMLButtonElement;
  confirm: HTMLButtonElement;
  copy: HTMLButtonElement;
  download: HTMLDetailsElement;
  example: HTMLButtonElement;
  file: HTMLInputElement;
  filters: HTMLImageElement;
  "kept-back": HTMLButtonElement;
  "kept-npz": HTMLAnchorElement;
  "kept-zip": HTMLAnchorElement;
  learn: HTMLButtonElement;
  "learn-progress": HTMLProgressElement;
  "model-used": HTMLFieldSetElement;
  "next-doubt": HTMLButtonElement;
  "page-after": HTMLButtonElement;
  "page-before": HTMLButtonElement;
  "page-form": HTMLFormElement;
  "page-number": HTMLInputElement;
  paper: HTMLCanvasElement;
  "paper-box": SVGSVGElement;
  photograph: HTMLButtonElement;
  pick: HTMLButtonElement;
  "picture-blocks": SVGGElement;
  "picture-boxes": SVGSVGElement;
  "picture-image": HTMLImageElement;
  "picture-letters": SVGGElement;
  "picture-stage": HTMLImageElement;
  "read-again": HTMLButtonElement;
  "read-this": HTMLButtonElement;
  redo: HTMLButtonElement;
  "redo-step": HTMLButtonElement;
  sample: HTMLButtonElement;
  settings: HTMLFormElement;
  "settings-box": HTMLDetailsElement;
  "show-blocks": HTMLButtonElement;
  "show-letters": HTMLButtonElement;
  stages: HTMLFieldSetElement;
  strength: HTMLInputElement;
  theme: HTMLButtonElement;
  undo: HTMLButtonElement;
  "undo-step": HTMLButtonElement;
  wall: HTMLDialogElement;
  "wall-close": HTMLButtonElement;
  "wall-confirm": HTMLButtonElement;
  "wall-form": HTMLFormElement;
  "zoom-in": HTMLButtonElement;
  "zoom-out": HTMLButtonElement;
  "zoom-page": HTMLButtonElement;
  "zoom-width": HTMLButtonElement;
}

/** Left, top, right and bottom in pixels. */
type Box = [number, number, number, number];

interface Alternative {
  text: string;
  confidence: number;
}

/** What the reader saw of a letter; it stays the same whatever the letter is put right to. */
interface Seen {
  at: [string, number];
  /** The pictures of all letters that were seen with it. */
  glyphs: Blob;
  alternatives: Alternative[];
  votes: any;
}

interface Letter extends Alternative {
  box: Box;
  alternatives: Alternative[];
  corrected: boolean;
  /** Null where the letter was added. */
  seen: Seen | null;
}

interface Word {
  letters: Letter[];
  alternatives: Alternative[];
  confidence: number;
}

interface Line {
  words: Word[];
}

/** A picture that was read, and all that was seen on it. */
interface Sight {
  key: string | null;
  picture: Blob | string | null;
  scale: number;
  stages: { name: string; image: Blob }[];
  glyphs?: Blob;
  seen: Seen[];
}

interface ReadPage {
  number: number;
  width: number;
  height: number;
  sight: Sight;
  lines: Line[];
  blocks: any[];
  /** What its text was when it was read. */
  was: string;
  isUnread?: boolean;
}

interface ReadDocument {
  source: string;
  pages: ReadPage[];
  run?: string;
}

/** Where a letter stands on its page. */
interface Place {
  place: number;
  row: number;
  line: Line;
  word: Word;
}

/** What is to be kept of a letter: null is nothing, and the empty string that it is no character. */
interface Example {
  letter: any;
  label: string | null;
}

interface Change {
  wanted: Example[];
  former?: Example[];
}

/** What can be done to letters, words and lines, by name. */
type Actions = Record<string, (...given: any[]) => any>;
