/** A photo from the camera of this computer. */

import { byId, contextOf } from "./elements.js";

const WANTED = { video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } } };
const WHY_NOT = {
  NotFoundError: "No camera was found.",
  NotAllowedError: "The browser was not allowed to use the camera.",
  NotReadableError: "The camera is in use by another program.",
};

/** Show what the camera sees; `read` is called with the photo, if one is taken. */
export async function openCamera(read) {
  const stream = await cameraStream();
  const [dialog, video] = [byId("camera"), byId("camera-video")];
  video.srcObject = stream;
  dialog.onclose = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  byId("camera-close").onclick = () => dialog.close();
  byId("camera-shoot").onclick = async () => {
    const photo = await photoOf(video);
    dialog.close();
    read(photo);
  };
  dialog.showModal();
  await video.play();
}

async function cameraStream() {
  try {
    return await navigator.mediaDevices.getUserMedia(WANTED);
  } catch (error) {
    const what = WHY_NOT[error.name] ?? "The camera could not be opened.";
    throw Object.assign(new Error(what), { status: 0, hint: "Choose a picture instead." });
  }
}

async function photoOf(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  contextOf(canvas).drawImage(video, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}
