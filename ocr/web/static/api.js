/** What the page asks of its server. */

import { found, lost } from "./connection.js";

/**
 * How a request is sent.
 * @typedef {object} Asked
 * @property {string} [method]
 * @property {any} [json]
 * @property {FormData} [form]
 * @property {Record<string, any>} [query]
 * @property {AbortSignal} [signal]
 */

/** What went wrong, and what to do about it, in words for the person at the page. */
export class ServerError extends Error {
  constructor(status, what, hint = "") {
    super(what);
    this.status = status;
    this.hint = hint;
  }
}

const GONE = ["The server does not answer.", "Is “ocr serve” still running? The page goes on as soon as it is back."];
const OK = 200;

function address(path, query) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value != null));
  return asked.size ? `${path}?${asked}` : path;
}

/**
 * Send a request; returns the response, or throws a ServerError (or an AbortError where `signal` says so).
 * @param {string} path
 * @param {Asked} asked
 */
export async function send(path, { method = "GET", json, form, query = {}, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = json === undefined ? {} : { "Content-Type": "application/json" };
  const body = json === undefined ? form : JSON.stringify(json);
  let response;
  try {
    response = await fetch(address(path, query), { method, headers, body, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw await unanswered();
  }
  found();
  if (!response.ok) throw refusal(response.status, await response.text());
  return response;
}

/**
 * The same, for an answer in JSON.
 * @param {string} path
 * @param {Asked} [options]
 * @returns {Promise<any>}
 */
export async function ask(path, options) {
  return (await send(path, options)).json();
}

/**
 * Send files, each under its name in a form.
 * @param {string} path
 * @param {Record<string, Blob>} files
 * @param {Asked} options
 */
export function upload(path, files, options = {}) {
  return send(path, { method: "POST", form: formOf(files), ...options });
}

function formOf(files) {
  const form = new FormData();
  for (const [name, file] of Object.entries(files)) form.append(name, file, file.name ?? name);
  return form;
}

/** So many characters of an answer are held at most: with each piece that comes, a browser copies all of them. */
const MOST_TEXT = 12_000_000;

/**
 * Send a file, and take an answer that comes line by line. It is broken off where it becomes long: the rest is for
 * `linesOf`, which holds one line at a time but does not tell how much of the file is sent.
 * @param sent called with the share of the file that is sent, 1 once all of it is
 * @param take called with what each line holds; it throws where that is an error
 * @returns {Promise<boolean>} whether all of the answer was taken
 */
export function uploadForLines(path, file, { query, signal, sent, take }) {
  return new Promise((resolve, reject) => {
    // fetch does not tell how much is sent
    const request = new XMLHttpRequest();
    let begin = 0;
    const takeLines = () => {
      const text = request.responseText;
      for (let end = text.indexOf("\n", begin); end >= 0; end = text.indexOf("\n", begin)) {
        const line = text.slice(begin, end);
        begin = end + 1;
        take(contentOf(line));
      }
    };
    const attempt = (action) => () => {
      try {
        action();
      } catch (error) {
        // before it is aborted, which would say that it was given up
        reject(error);
        request.abort();
      }
    };
    request.upload.onprogress = ({ loaded, total }) => sent(Math.min(0.99, loaded / total));
    request.upload.onload = () => sent(1);
    request.onprogress = attempt(() => {
      if (request.status !== OK) return;
      takeLines();
      if (begin < MOST_TEXT) return;
      resolve(false);
      request.abort();
    });
    request.onload = attempt(() => {
      found();
      if (request.status !== OK) throw refusal(request.status, request.responseText);
      takeLines();
      resolve(true);
    });
    request.onerror = async () => reject(await unanswered());
    request.onabort = () => reject(new DOMException("It was given up.", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", address(path, query));
    request.send(formOf({ file }));
  });
}

/**
 * The same in one piece, however long the answer is.
 * @param {string} path
 * @param {Blob} file
 * @param {{query: Record<string, any>, signal: AbortSignal, take: (line: any) => void}} asked
 */
export async function linesOf(path, file, { query, signal, take }) {
  const { body } = await upload(path, { file }, { query, signal });
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let begun = "";
  for (;;) {
    const { done, value = "" } = await reader.read().catch(async (error) => {
      throw error.name === "AbortError" ? error : await unanswered();
    });
    if (done) return;
    const [end, ...lines] = value.split("\n");
    begun += end;
    for (const next of lines) {
      const line = begun;
      begun = next;
      take(contentOf(line));
    }
  }
}

function contentOf(line) {
  const content = JSON.parse(line);
  if (content.error) throw new ServerError(OK, content.error.what, content.error.hint);
  return content;
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

function refusal(status, text) {
  const known = {
    401: ["This page was opened without its token.", "Open it by the address that “ocr serve” printed."],
    413: ["The file is too large.", ""],
    503: ["The server is busy.", "Try again in a moment."],
    504: ["This took too long.", "Try a smaller picture."],
  };
  const [what, hint] = known[status] ?? [`The server answered ${status}.`, ""];
  try {
    const { error } = JSON.parse(text);
    return new ServerError(status, error.what || what, error.hint ?? hint);
  } catch {
    return new ServerError(status, what, hint);
  }
}
