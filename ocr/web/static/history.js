/** The history of one document: every document that it was, and where in them it stands. */

/** So many steps can be taken back. */
const MOST = 300;

export class History {
  /**
   * @param {ReadDocument[]} documents those that it was
   * @param {any[]} steps what led from each to the next
   * @param {number} at the one that it is
   */
  constructor(documents, steps = [], at = documents.length - 1) {
    this.documents = documents;
    this.steps = steps;
    this.at = at;
  }

  get present() {
    return this.documents[this.at];
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.steps.length;
  }

  /** The step that led here; undefined at the beginning. */
  get last() {
    return this.steps[this.at - 1];
  }

  /** The step that was taken back last; undefined where there is none. */
  get next() {
    return this.steps[this.at];
  }

  /** Go on with another document; what was taken back is given up. */
  commit(document, step) {
    const first = Math.max(0, this.at + 1 - MOST);
    this.documents = [...this.documents.slice(first, this.at + 1), document];
    this.steps = [...this.steps.slice(first, this.at), step];
    this.at = this.steps.length;
  }

  /** @returns the step that was taken back */
  undo() {
    this.at -= 1;
    return this.steps[this.at];
  }

  /** @returns the step that was taken again */
  redo() {
    this.at += 1;
    return this.steps[this.at - 1];
  }

  /** Change every document of a run in the same way, as when a page arrives: that is no step to take back. */
  amend(run, change) {
    this.documents = this.documents.map((document) => (document.run === run ? change(document) : document));
  }
}
