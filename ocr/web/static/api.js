/** What the page asks of its server. */

import { lost, found } from "./connection.js";

/** What went wrong, and what to do about it, in words for the person at the page. */
export class ServerError extends Error {
  constructor(status, what, hint = "") {
    super(what);
    this.status = status;
    this.hint = hint;
  }
}

const GONE = ["The server does not answer.", "Is “ocr serve” still running? The page goes on as soon as it is back."];

/** Send a request; returns the response, or throws a ServerError (or an AbortError where `signal` says so). */
export async function send(path, { method = "GET", json, form, query = {}, signal } = {}) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value != null));
  const url = asked.size ? `${path}?${asked}` : path;
  const headers = json === undefined ? {} : { "Content-Type": "application/json" };
  const body = json === undefined ? form : JSON.stringify(json);
  let response;
  try {
    response = await fetch(url, { method, headers, body, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw await unanswered();
  }
  found();
  if (!response.ok) throw await refusal(response);
  return response;
}

export async function ask(path, options) {
  return (await send(path, options)).json();
}

/** Send a file, as `file` of a form; `fields` are the form's others. */
export function upload(path, file, { fields = {}, ...options } = {}) {
  const form = new FormData();
  form.append("file", file, file.name ?? "drawing.png");
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return send(path, { method: "POST", form, ...options });
}

/** A request that broke off: the server is gone, or it only would not take this one. */
async function unanswered() {
  try {
    await fetch("/api/health");
    found();
    return new ServerError(0, "The server broke off while this was sent.", "Is the file very large?");
  } catch {
    lost();
    return new ServerError(0, ...GONE);
  }
}

async function refusal(response) {
  const known = {
    401: ["This page was opened without its token.", "Open it by the address that “ocr serve” printed."],
    413: ["The file is too large.", ""],
    503: ["The server is busy.", "Try again in a moment."],
    504: ["This took too long.", "Try a smaller picture."],
  };
  const [what, hint] = known[response.status] ?? [`The server answered ${response.status}.`, ""];
  try {
    const { error } = await response.json();
    return new ServerError(response.status, error.what || what, error.hint ?? hint);
  } catch {
    return new ServerError(response.status, what, hint);
  }
}
