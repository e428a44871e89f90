/** What a run is asked for with: data, recipe, rate and sizes. */

import { element } from "./elements.js";

/**
 * @typedef {{name: string, says: string, rate: number, epochs: number, batch_size: number, layers: string[]}} Recipe
 * @typedef {{data: string[], recipes: Recipe[]}} Choices
 */

const FEW = 20;
const SAMPLES = [500, 1000, 2000, 4000, 10000, 20000];

/** The fields, and what is in them. */
export class Setup {
  /** @param {(rate: number) => void} turned called with another rate */
  constructor(turned) {
    this.data = element("select", { name: "data" });
    this.recipe = element("select", {
      name: "recipe",
      onchange: () => this.takeOver(),
      "aria-describedby": "lab-recipe-says",
    });
    this.rate = number("rate", { min: "0.000001", max: "10", step: "any" });
    this.rate.addEventListener("change", () => this.rate.checkValidity() && turned(Number(this.rate.value)));
    this.batch = number("batch_size", { min: "0", max: "4096" });
    this.epochs = number("epochs", { min: "1", max: "500" });
    this.samples = element(
      "select",
      { name: "samples" },
      ...SAMPLES.map((count) =>
        element("option", { value: count, selected: count === 4000 }, count.toLocaleString("en")),
      ),
    );
    this.says = element("p", { class: "quiet", id: "lab-recipe-says" });
    const turn = (/** @type {string} */ sign, /** @type {string} */ said, /** @type {number} */ factor) =>
      element("button", { type: "button", "aria-label": said, title: said, onclick: () => this.turn(factor) }, sign);
    this.form = element(
      "div",
      { class: "lab-fields" },
      labelled("Data", this.data),
      labelled("Recipe", this.recipe),
      element(
        "div",
        { class: "lab-rate" },
        labelled("Learning rate", this.rate),
        turn("÷2", "Halve the rate", 0.5),
        turn("×2", "Double the rate", 2),
      ),
      labelled("Batch", this.batch),
      labelled("Epochs", this.epochs),
      labelled("Samples", this.samples),
      this.says,
    );
    /** @type {Recipe[]} */
    this.recipes = [];
  }

  /** @param {Choices} choices */
  offer({ data, recipes }) {
    const options = (/** @type {string[]} */ names) =>
      names.map((name) => element("option", { value: name }, name.replaceAll("_", " ")));
    const chosen = this.data.value;
    this.data.replaceChildren(...data.map((name) => element("option", { value: name }, name)));
    if (data.includes(chosen)) this.data.value = chosen;
    if (this.recipes.length) return;
    this.recipes = recipes;
    this.recipe.replaceChildren(...options(recipes.map(({ name }) => name)));
    this.takeOver();
  }

  /** Take the settings of the chosen recipe. */
  takeOver() {
    const recipe = this.recipes.find(({ name }) => name === this.recipe.value);
    if (!recipe) return;
    this.rate.value = String(recipe.rate);
    this.batch.value = String(recipe.batch_size);
    this.epochs.value = String(recipe.batch_size ? Math.min(recipe.epochs, FEW) : recipe.epochs);
    this.says.textContent = recipe.says;
  }

  /** @param {number} factor */
  turn(factor) {
    this.rate.value = String(Number(Math.min(10, Math.max(1e-6, Number(this.rate.value) * factor)).toPrecision(3)));
    this.rate.dispatchEvent(new Event("change"));
  }

  /** The fields that hold what cannot be taken, the first of them told to who fills them in. */
  check() {
    return [this.rate, this.batch, this.epochs].every((field) => field.reportValidity());
  }

  get wanted() {
    return {
      data: this.data.value,
      recipe: this.recipe.value,
      rate: Number(this.rate.value),
      batch_size: Number(this.batch.value),
      epochs: Number(this.epochs.value),
      samples: Number(this.samples.value),
    };
  }

  /** @param {boolean} is whether the choices rest, as a run is going on */
  rest(is) {
    for (const field of [this.data, this.recipe, this.batch, this.epochs, this.samples]) field.disabled = is;
  }
}

/**
 * @param {string} name
 * @param {Record<string, string>} bounds
 */
function number(name, bounds) {
  return element("input", {
    type: "number",
    name,
    required: true,
    inputmode: "decimal",
    autocomplete: "off",
    ...bounds,
  });
}

/**
 * @param {string} text
 * @param {HTMLElement} field
 */
function labelled(text, field) {
  return element("label", {}, text, field);
}
