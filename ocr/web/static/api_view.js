/** The API: every call of it, from the server's own description, and how a program makes it. */

import { openapi } from "./description.js";
import { byId, element } from "./elements.js";
import { showError } from "./notices.js";

const FORM = "multipart/form-data";
/** What is sent where a call takes a body: a file of a kind, or values of its schema. */
const FILES = { file: "note.jpg", document: "reading.json" };

export function startApi() {
  byId("api-language").addEventListener("change", show);
}

export function showApi() {
  if (!byId("api-calls").children.length) show();
}

async function show() {
  try {
    const document = await openapi();
    const language = /** @type {HTMLInputElement} */ (byId("api-language").querySelector("input:checked")).value;
    const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) =>
        callOf({ method: method.toUpperCase(), path, ...operation }),
      ),
    );
    const isSecured = Boolean(document.security);
    byId("api-calls").replaceChildren(
      ...calls.map((call) => card(call, document, SNIPPETS[language](call, document, isSecured))),
    );
  } catch (error) {
    showError(error);
  }
}

/** A call with what it needs: the fields of its form, or its JSON. */
function callOf({ method, path, description, parameters = [], requestBody }) {
  const content = requestBody?.content ?? {};
  return {
    method,
    path,
    description,
    parameters,
    form: content[FORM]?.schema,
    json: content["application/json"]?.schema,
  };
}

function card({ method, path, description, parameters, form, json }, document, snippet) {
  const fields = form ? propertiesOf(document, form) : json ? propertiesOf(document, json) : {};
  const rows = [
    ...parameters.map(({ name, required, description: what, schema }) => rowOf(name, what, schema, required)),
    ...Object.entries(fields).map(([name, schema]) => rowOf(name, schema.description, schema, true)),
  ];
  return element(
    "li",
    { class: "panel" },
    element("h2", {}, element("code", {}, `${method} ${path}`)),
    element("p", {}, description),
    rows.length ? element("dl", { class: "api-values" }, ...rows.flat()) : null,
    element(
      "pre",
      { tabindex: "0", role: "region", "aria-label": `${method} ${path} as a program makes it` },
      element("code", {}, snippet),
    ),
  );
}

function rowOf(name, what, { default: usual, enum: choices }, required) {
  const said = [
    what,
    choices && choices.length < 20 && `One of ${choices.join(", ")}.`,
    !required && usual != null && usual !== "" && `Usually ${usual}.`,
  ];
  return [element("dt", {}, element("code", {}, name)), element("dd", {}, said.filter(Boolean).join(" "))];
}

/** What a schema, or the one that it names, has. */
function propertiesOf(document, schema) {
  return resolved(document, schema).properties ?? {};
}

function resolved(document, schema) {
  const name = schema.$ref?.split("/").at(-1);
  return name ? document.components.schemas[name] : schema;
}

/** A value that a schema takes. */
function exampleOf(document, schema) {
  const { properties, type, items, enum: choices, anyOf, minItems } = resolved(document, schema);
  if (choices) return choices.at(-1);
  if (properties)
    return Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, exampleOf(document, one)]));
  if (anyOf) return exampleOf(document, anyOf[0]);
  if (type === "array") return [exampleOf(document, items)].slice(0, minItems ?? 1);
  return { integer: 0, number: 0, boolean: true, string: "…" }[type] ?? null;
}

const addressOf = (path) => `${location.origin}${path.replace("{lot}", "LOT")}`;

const filesOf = (call, document) =>
  Object.keys(propertiesOf(document, call.form)).map((name) => [name, FILES[name] ?? name]);

const SNIPPETS = {
  curl(call, document, isSecured) {
    const parts = ["curl"];
    if (isSecured) parts.push('-H "Authorization: Bearer $OCR_TOKEN"');
    if (call.method !== "GET") parts.push(`-X ${call.method}`);
    if (call.form) parts.push(...filesOf(call, document).map(([name, file]) => `-F ${name}=@${file}`));
    if (call.json)
      parts.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(exampleOf(document, call.json))}'`);
    if (/\.\w+$/.test(call.path) && !call.path.endsWith(".json")) parts.push("-O");
    return [...parts, `'${addressOf(call.path)}'`].join(" \\\n  ");
  },
  python(call, document, isSecured) {
    const given = [`"${addressOf(call.path)}"`];
    if (isSecured) given.push(`headers={"Authorization": f"Bearer {os.environ['OCR_TOKEN']}"}`);
    if (call.form)
      given.push(
        `files={${filesOf(call, document)
          .map(([name, file]) => `"${name}": open("${file}", "rb")`)
          .join(", ")}}`,
      );
    if (call.json) given.push(`json=${pythonOf(exampleOf(document, call.json))}`);
    return `${isSecured ? "import os\n\n" : ""}import requests\n\nanswer = requests.${call.method.toLowerCase()}(\n    ${given.join(",\n    ")},\n)\nanswer.raise_for_status()`;
  },
};

const pythonOf = (value) => JSON.stringify(value).replaceAll("true", "True").replaceAll("null", "None");
