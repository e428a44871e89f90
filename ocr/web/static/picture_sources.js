/** Where pictures come from: dropped, pasted, picked, photographed, or the example. */

import { send } from "./api.js";
import { byId } from "./elements.js";
import { showError } from "./notices.js";

/** @param read called with the files that are to be read */
export function startSources(read) {
  const take = (files) => files.length && read(files);
  for (const name of /** @type {const} */ (["file", "camera-file"])) {
    const field = byId(name);
    field.addEventListener("change", () => {
      take([...(field.files ?? [])]);
      field.value = "";
    });
  }
  byId("pick").addEventListener("click", () => byId("file").click());
  byId("photograph").addEventListener("click", () => photograph((file) => read([file])));
  byId("sample").addEventListener("click", () => example((file) => read([file])));
  startDropping(take);
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });
}

/** Files may be dropped anywhere on the page. */
function startDropping(take) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const light = (on) => byId("drop").classList.toggle("over", on);
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    light(true);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || light(false));
  document.addEventListener("drop", (event) => {
    light(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    take([...(event.dataTransfer?.files ?? [])]);
  });
}

/** Phones bring a camera of their own to a file field; elsewhere the page shows the picture itself. */
function photograph(read) {
  if (matchMedia("(pointer: coarse)").matches || !navigator.mediaDevices) byId("camera-file").click();
  else import("./camera.js").then(({ openCamera }) => openCamera(read)).catch(showError);
}

async function example(read) {
  try {
    const response = await send("/static/example.jpg");
    read(new File([await response.blob()], "example.jpg", { type: "image/jpeg" }));
  } catch (error) {
    showError(error);
  }
}
