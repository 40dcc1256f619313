// The camera: photos, and the live view, whose frames go to the service over a WebSocket.

import { showDoubt } from "./card.js";
import { announce, byId, show, showBars } from "./dom.js";
import { address, has, jpeg, key, kind } from "./service.js";
import { number, percent, word } from "./words.js";

const MOST_WIDE = 640;
const MOST_HIGH = 480;
const MOST_UNDERWAY = 2; // one that is worked on and one that waits
const RATE_OVER_MS = 2000;
const NO_FRAME_MS = 200; // until the camera is looked at again

let stream = null;
let starts = 0; // of which only the latest counts
let facing = "environment";
let photos = 0;
let live = null;

const video = byId("video");
const canvas = document.createElement("canvas");

/** Opens the camera and shows what it sees. */
export async function open() {
  byId("camera").hidden = false;
  show(byId("camera-notice"), "");
  byId("live").hidden = !("WebSocket" in window && (await has("/predict/live")));
  await start();
  byId("take").focus();
  byId("camera").scrollIntoView({ block: "nearest" });
}

async function start() {
  stop();
  const number = starts;
  let opened;
  try {
    opened = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (e) {
    const words = { NotAllowedError: "camera.denied", NotReadableError: "camera.busy" };
    if (number === starts) {
      show(byId("camera-notice"), word(words[e.name] || "camera.missing"));
    }
    return;
  }
  if (number !== starts) {
    release(opened); // closed, or started anew, while the browser asked
    return;
  }
  stream = opened;
  video.srcObject = stream;
  video.classList.toggle("mirrored", stream.getVideoTracks()[0].getSettings().facingMode !== "environment");
  await video.play().catch(() => {}); // started anew meanwhile
  const devices = await navigator.mediaDevices.enumerateDevices();
  byId("turn").hidden = devices.filter((device) => device.kind === "videoinput").length < 2;
}

function stop() {
  starts++;
  release(stream);
  stream = null;
  video.srcObject = null;
}

/** Lets go of a camera, whose light goes out when all have. */
function release(held) {
  held?.getTracks().forEach((track) => track.stop());
}

/** Closes the camera, and turns its light off. */
export function close() {
  endLive();
  stop();
  byId("camera").hidden = true;
  byId("photograph").focus();
}

export async function turn() {
  facing = facing === "environment" ? "user" : "environment";
  await start();
}

/** Returns a photo as a file, or null if the camera shows nothing yet. */
export async function take() {
  const blob = await frame(video.videoWidth, video.videoHeight, 0.92);
  const name = word("photo.name", { number: ++photos });
  return blob && new File([blob], name, { type: blob.type });
}

/** Encodes what the camera sees, at most so wide and high. */
async function frame(wide, high, quality) {
  const scale = Math.min(1, wide / video.videoWidth, high / video.videoHeight);
  if (!stream || !video.videoWidth) {
    return null;
  }
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return jpeg(canvas, quality);
}

/** Begins the live view with the page's choices, or ends it. */
export function toggleLive(parameters) {
  if (live) {
    endLive();
  } else {
    live = new Live(parameters);
    byId("live").setAttribute("aria-pressed", "true");
    announce(word("live.start"));
  }
}

/** Begins again, with other choices, if the live view is on. */
export function refreshLive(parameters) {
  if (live) {
    live.close();
    live = new Live(parameters);
  }
}

function endLive(reason) {
  live?.close();
  live = null;
  byId("live").setAttribute("aria-pressed", "false");
  byId("seen").hidden = true;
  show(byId("camera-notice"), reason);
}

/** Sends frames as fast as they are answered, and shows the answers. */
class Live {
  constructor(parameters) {
    this.underway = 0;
    this.answered = []; // when
    this.sent = new Map(); // by the number of the frame
    this.frames = 0;
    const url = address("predict/live", parameters);
    url.protocol = url.protocol.replace("http", "ws");
    this.socket = new WebSocket(url, ["glimpse.live", ...keyProtocol()]);
    this.socket.onopen = () => this.fill();
    this.socket.onmessage = (event) => this.receive(JSON.parse(event.data));
    this.socket.onclose = (event) => this.ended(event);
    show(byId("camera-notice"), "");
  }

  /** Keeps the service busy, and no more. Waits while the camera starts, or is changed. */
  async fill() {
    while (this.isOpen() && this.underway < MOST_UNDERWAY) {
      this.underway++;
      await painted();
      const blob = this.isOpen() ? await frame(MOST_WIDE, MOST_HIGH, 0.8) : null;
      if (!blob || !this.isOpen()) {
        this.underway--;
        await new Promise((resolve) => setTimeout(resolve, NO_FRAME_MS));
        continue;
      }
      this.sent.set(this.frames++, performance.now());
      this.socket.send(blob);
    }
  }

  receive(message) {
    this.underway -= 1 + message.skipped;
    const started = this.sent.get(message.frame);
    for (const number of this.sent.keys()) {
      if (number <= message.frame) {
        this.sent.delete(number);
      }
    }
    if (message.problem) {
      const what = `problem.${kind(message.problem.status)}`;
      show(byId("camera-notice"), `${word(what)}. ${word(what + ".do")}`);
      setTimeout(() => this.fill(), 1000);
      return;
    }
    this.draw(message, performance.now() - started);
    this.fill();
  }

  draw(answer, took) {
    const now = performance.now();
    this.answered = [...this.answered.filter((time) => now - time < RATE_OVER_MS), now];
    byId("seen").hidden = false;
    show(byId("camera-notice"), "");
    const span = Math.max(1, now - this.answered[0]);
    const rate = this.answered.length > 1 ? ((this.answered.length - 1) * 1000) / span : 0;
    byId("rate").textContent = word("live.rate", { rate: number(rate, 0), time: number(took, 0) });
    showDoubt(byId("live-doubt"), answer);
    showBars(byId("live-bars"), answer.predictions, percent);
    byId("live-model").textContent = `${answer.model} v${answer.version}`;
  }

  ended(event) {
    if (live === this) {
      endLive(word(event.wasClean ? "live.end" : "live.failed"));
    }
  }

  isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  close() {
    this.socket.onclose = null;
    this.socket.close();
  }
}

/** Waits until the browser has drawn: a page that is hidden sends nothing. */
const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Browsers cannot set headers here; the key goes as a subprotocol, which is no part of the address. */
function keyProtocol() {
  if (!key.get()) {
    return [];
  }
  const bytes = String.fromCharCode(...new TextEncoder().encode(key.get()));
  return ["glimpse.key." + btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")];
}
