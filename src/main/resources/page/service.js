// Talks to the service: its index, its models, its answers and its problems.

const KEY = "glimpse.key";
const TIMEOUT_MS = 60_000;

/** What a header can carry, and a key consist of. */
const SENDABLE = /^[\x20-\x7e]+$/;

/** How wide and high a smaller copy is, and how small it may become. */
const SMALLER = 1600;
const SMALLEST = 200;

/** What the service cannot answer: its status, or "network", "timeout" or "file". */
export class Problem extends Error {
  constructor(status, { detail = "", id = "", retryAfter = 0 } = {}) {
    super(detail || String(status));
    this.status = status;
    this.detail = detail;
    this.id = id;
    this.retryAfter = retryAfter;
  }
}

const KNOWN = ["network", "timeout", "file", 400, 401, 403, 404, 408, 413, 415, 422, 429, 503, 504];

/** Returns the status that the page has words for. */
export const kind = (status) => (KNOWN.includes(status) ? status : status < 500 ? 400 : 500);

let heldKey = null; // where the browser forbids storage

/** The key, which stays in this tab: sessionStorage ends with it. */
export const key = {
  get() {
    try {
      return sessionStorage.getItem(KEY) || heldKey;
    } catch {
      return heldKey;
    }
  },
  set(value) {
    heldKey = value;
    try {
      if (value) {
        sessionStorage.setItem(KEY, value);
      } else {
        sessionStorage.removeItem(KEY);
      }
    } catch {
      // Then it is gone when the page is left.
    }
  },
};

/** Returns the address of an endpoint. It is relative, so the page also works below a path of a proxy. */
export function address(path, parameters = {}) {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(parameters)) {
    if (value) {
      url.searchParams.set(name, value);
    }
  }
  return url;
}

/** Sends a request, which a signal may abort; fails with a Problem. */
export async function ask(path, { parameters, body, type, accept = "application/json", signal } = {}) {
  const headers = { Accept: accept };
  if (key.get()) {
    if (!SENDABLE.test(key.get())) {
      throw new Problem(401); // such as a word in another script, pasted by mistake
    }
    headers["X-API-Key"] = key.get();
  }
  if (body) {
    headers["Content-Type"] = type || body.type || "application/octet-stream";
  }
  let response;
  try {
    response = await fetch(address(path, parameters), {
      method: body ? "POST" : "GET",
      headers,
      body,
      cache: "no-store",
      signal: limited(signal),
    });
  } catch (e) {
    throw await unsent(e, body);
  }
  if (!response.ok) {
    throw await refused(response);
  }
  return response;
}

/** Returns a signal that aborts after a time, and earlier if another does and the browser can tell. */
function limited(signal) {
  const late = AbortSignal.timeout(TIMEOUT_MS);
  return signal && AbortSignal.any ? AbortSignal.any([signal, late]) : late;
}

/** Tells why there was no response. */
async function unsent(error, body) {
  if (error.name === "TimeoutError" || error.name === "AbortError") {
    return new Problem("timeout");
  }
  if (body && !(await isReadable(body))) {
    return new Problem("file");
  }
  const { max_image_bytes: max } = await index;
  return new Problem(body && max && body.size > max ? 413 : "network");
}

/** A file may have been moved since it was chosen. */
async function isReadable(body) {
  try {
    await body.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function refused(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // A proxy's page, perhaps.
  }
  return new Problem(response.status, {
    detail: problem.detail,
    id: problem.id || response.headers.get("X-Request-ID"),
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  });
}

/** What the service has: its endpoints and its version. Empty if it does not say. */
export const index = fetch(address("."), { headers: { Accept: "application/json" } })
  .then((response) => (response.ok ? response.json() : {}))
  .catch(() => ({}));

/** Returns whether the service has an endpoint. */
export const has = async (path) => ((await index).endpoints || []).includes(path);

/** Returns the models that classify images. */
export async function models() {
  const { models } = await (await ask("models")).json();
  return models
    .map((model) => ({ ...model, versions: model.versions.filter((v) => v.classes > 0) }))
    .filter((model) => model.versions.length > 0);
}

/** Asks what is in an image. Returns the answer, and how long it took with the network. */
export async function classify(file, parameters, signal) {
  const started = performance.now();
  const response = await ask("predict", { parameters, body: file, signal });
  const answer = await response.json();
  return { ...answer, trip: performance.now() - started };
}

/** Returns an image that shows which parts of a file spoke for a class. */
export async function explain(file, parameters, signal) {
  const response = await ask("explain", {
    parameters: { ...parameters, format: "png" },
    body: file,
    accept: "image/png",
    signal,
  });
  return response.blob();
}

/** Makes a copy of an image that the service takes. Fails if the browser cannot show it. */
export async function smaller(file) {
  const { max_image_bytes: max = Infinity } = await index;
  const image = await createImageBitmap(file);
  let most = Math.min(SMALLER, Math.max(image.width, image.height));
  let blob = await scaled(image, most);
  while (blob.size > max && most > SMALLEST) {
    most /= 2;
    blob = await scaled(image, most);
  }
  image.close();
  return new File([blob], file.name, { type: blob.type });
}

/** Encodes an image that is at most so many pixels wide and high. */
function scaled(image, most) {
  const scale = Math.min(1, most / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return jpeg(canvas, 0.85);
}

/** Encodes what is on a canvas. */
export const jpeg = (canvas, quality) =>
  new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
