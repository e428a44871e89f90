/** Elements made from data: text stays text, nothing is ever parsed as HTML. */

/**
 * The element of the page with an id.
 * @template {string} Id
 * @param {Id} id
 * @returns {Id extends keyof Elements ? Elements[Id] : HTMLElement}
 */
export const byId = (id) => /** @type {any} */ (document.getElementById(id));

/**
 * The first element inside of one that a selector finds; null where there is none.
 * @param {string} id
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export const foundIn = (id, selector) => byId(id).querySelector(selector);

/** The element that has the keyboard. */
export const active = () => /** @type {HTMLElement | null} */ (document.activeElement);

/**
 * Make an element. Keys that begin with "on" are listeners, true stands for a bare attribute, and false,
 * null or undefined leave one out.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, any>} attributes
 * @param {(Node | string | false | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/**
 * The same for the parts of an SVG picture.
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, any>} attributes
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[Name]}
 */
export function shape(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== false && child != null));
  return node;
}

/**
 * What draws on a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/** Say something to those who listen to the page instead of looking at it. */
export function say(text) {
  byId("spoken").textContent = text;
}

/** 0.934 as "93 %"; what is nearly certain is not called certain. */
export function percent(share) {
  if (share > 0.99) return ">\u00a099\u00a0%";
  if (share > 0 && share < 0.005) return "<\u00a01\u00a0%";
  return `${Math.round(100 * share)}\u00a0%`;
}

export function counted(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
