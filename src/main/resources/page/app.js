// The page: wires its elements to the service.

import { Card } from "./card.js";
import { announce, byId, show, showWithDetail } from "./dom.js";
import { explain, has, index, key, kind, models } from "./service.js";
import { snippet } from "./code.js";
import { describe, offer, parameters } from "./options.js";
import { current, preferred, recall, remember, speak, word } from "./words.js";

const MOST_AT_ONCE = 3;
const IMAGE_NAME = /\.(jpe?g|png|webp|gif|bmp|tiff?|hei[cf]|avif)$/i;

const cards = [];
const waiting = [];
let running = 0;
let language = "curl";
let explaining = null; // the card whose heat map is shown or being made, and what aborts that
let camera = null; // its module, once it has been asked for

// ---- images in -------------------------------------------------------------------------------

function add(files) {
  const images = [...files].filter((f) => f.type.startsWith("image/") || IMAGE_NAME.test(f.name) || f.type === "");
  show(byId("notice"), images.length < files.length || !files.length ? word("drop.none") : "");
  const added = images.map((file) => new Card(file, tools)); // above those that are there
  cards.unshift(...added);
  byId("cards").prepend(...added.map((card) => card.element));
  added.forEach(ask);
  update();
}

/** Asks about an image when few others are being asked about. */
function ask(card) {
  if (!waiting.includes(card)) {
    waiting.push(card);
  }
  next();
}

async function next() {
  if (running >= MOST_AT_ONCE || !waiting.length) {
    return;
  }
  running++;
  try {
    await waiting.shift().ask();
  } finally {
    running--;
    next();
  }
}

const tools = {
  parameters,
  enterKey,
  why: null,
  removed(card) {
    const at = cards.indexOf(card);
    cards.splice(at, 1);
    if (waiting.includes(card)) {
      waiting.splice(waiting.indexOf(card), 1);
    }
    forget(card);
    update();
    (cards[Math.min(at, cards.length - 1)]?.remove || byId("choose")).focus();
  },
};

/** Lets go of an image, and of what is asked about it. */
function forget(card) {
  card.close();
  if (explaining?.card === card) {
    endWhy();
  }
}

function askAll() {
  cards.forEach((card) => {
    card.wait();
    ask(card);
  });
  camera?.refreshLive(parameters());
  update();
}

function update() {
  byId("results").hidden = !cards.length;
  document.body.classList.toggle("busy", cards.length > 0);
  const file = cards[0]?.file || { name: "image.jpg", type: "image/jpeg" };
  byId("snippet").firstChild.textContent = snippet(language, file, parameters());
  byId("code-key").hidden = !key.get();
}

byId("choose").addEventListener("click", () => byId("files").click());
for (const input of [byId("files"), byId("shot")]) {
  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
}

addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) {
    event.preventDefault();
    add(event.clipboardData.files);
  }
});

addEventListener("dragover", (event) => {
  event.preventDefault();
  byId("drop").classList.add("over");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) {
    byId("drop").classList.remove("over");
  }
});
addEventListener("drop", (event) => {
  event.preventDefault();
  byId("drop").classList.remove("over");
  add(event.dataTransfer.files);
});

byId("clear").addEventListener("click", () => {
  [...cards].forEach(forget);
  cards.length = waiting.length = 0;
  update();
  byId("choose").focus();
});

// ---- choices ---------------------------------------------------------------------------------

byId("options").addEventListener("submit", (event) => event.preventDefault());
byId("options").addEventListener("change", () => {
  describe();
  askAll();
});

async function loadModels() {
  try {
    const served = await models();
    offer(served);
    show(byId("notice"), served.length ? "" : word("models.none"));
  } catch (problem) {
    if (problem.status === 401) {
      enterKey();
    } else {
      showWithDetail(byId("notice"), word("models.failed"), problem.detail);
    }
  }
  update();
}

byId("languages").addEventListener("change", async (event) => {
  try {
    await speak(event.target.value);
  } catch {
    unloaded();
    return;
  }
  byId("unloaded").hidden = true;
  remember("glimpse.language", event.target.value);
  describe();
  about();
  askAll();
});

byId("themes").addEventListener("change", (event) => {
  remember("glimpse.theme", event.target.value);
  if (event.target.value === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = event.target.value;
  }
});

// ---- key -------------------------------------------------------------------------------------

function enterKey() {
  byId("key").hidden = false;
  const dialog = byId("key-dialog");
  byId("key-wrong").hidden = !key.get();
  byId("key-forget").hidden = !key.get();
  if (!dialog.open) {
    byId("key-value").value = "";
    dialog.showModal();
  }
}

async function useKey(value) {
  key.set(value);
  byId("key-dialog").close();
  await loadModels();
  cards.filter((card) => [401, 403].includes(card.failure?.status)).forEach(ask);
}

byId("key").addEventListener("click", () => {
  enterKey();
  byId("key-wrong").hidden = true;
});
byId("key-dialog").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey(byId("key-value").value.trim());
});
byId("key-forget").addEventListener("click", () => useKey(null));
byId("key-cancel").addEventListener("click", () => byId("key-dialog").close());

// ---- camera ----------------------------------------------------------------------------------

byId("photograph").addEventListener("click", async () => {
  if (navigator.mediaDevices?.getUserMedia) {
    camera = await import("./camera.js");
    await camera.open();
  } else if (matchMedia("(pointer: coarse)").matches) {
    byId("shot").click(); // the phone's own camera
  } else {
    show(byId("notice"), word("camera.insecure"));
  }
});
byId("take").addEventListener("click", async () => {
  const photo = await camera.take();
  if (photo) {
    add([photo]);
  }
});
byId("live").addEventListener("click", () => camera.toggleLive(parameters()));
byId("turn").addEventListener("click", () => camera.turn());
byId("camera-close").addEventListener("click", () => camera.close());
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !byId("camera").hidden && !document.querySelector("dialog[open]")) {
    camera.close();
  }
});

// ---- why -------------------------------------------------------------------------------------

async function why(card) {
  endWhy();
  const turn = (explaining = { card, asking: new AbortController() });
  const image = byId("why-image");
  const best = card.answer.predictions[0];
  image.hidden = true;
  show(byId("why-notice"), "");
  byId("why-text").textContent = word("why.waiting");
  byId("why-dialog").showModal();
  try {
    const { model, version } = card.answer;
    const map = await explain(card.file, { model, version }, turn.asking.signal);
    if (turn !== explaining) {
      return; // the dialog has been closed meanwhile, or shows another image
    }
    image.src = URL.createObjectURL(map);
    image.alt = word("why.alt");
    image.hidden = false;
    byId("why-text").textContent = word("why.text", { label: best.label });
    announce(byId("why-text").textContent);
  } catch (problem) {
    if (turn === explaining) {
      const what = `problem.${kind(problem.status)}`;
      byId("why-text").textContent = "";
      showWithDetail(byId("why-notice"), `${word(what)}. ${word(what + ".do")}`, problem.detail);
    }
  }
}

/** Ends what the dialog asks for, and lets go of its heat map. */
function endWhy() {
  explaining?.asking.abort();
  explaining = null;
  URL.revokeObjectURL(byId("why-image").src);
  byId("why-image").removeAttribute("src");
}

byId("why-dialog").addEventListener("close", () => {
  if (!byId("why-dialog").open) { // it may have been opened again before this event
    endWhy();
  }
});
byId("why-close").addEventListener("click", () => byId("why-dialog").close());

// ---- code ------------------------------------------------------------------------------------

const tabs = [...document.querySelectorAll("[role=tab]")];

function choose(tab) {
  language = tab.id.slice("tab-".length);
  tabs.forEach((other) => {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
  });
  byId("snippet").setAttribute("aria-labelledby", tab.id);
  update();
}

tabs.forEach((tab, i) => {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: tabs.length - 1 }[event.key];
    if (step) {
      const other = tabs[(i + step) % tabs.length];
      choose(other);
      other.focus();
    }
  });
});

byId("copy").addEventListener("click", async () => {
  const label = byId("copy").lastElementChild;
  try {
    await navigator.clipboard.writeText(byId("snippet").textContent);
    label.textContent = word("copied");
  } catch {
    getSelection().selectAllChildren(byId("snippet"));
    label.textContent = word("copy.failed");
  }
  announce(label.textContent);
  setTimeout(() => (label.textContent = word("copy")), 2500);
});

// ---- begin -----------------------------------------------------------------------------------

async function about() {
  const { version = "", endpoints = [] } = await index;
  byId("about").textContent = word("about", { version }).trim();
  byId("openapi").hidden = !endpoints.includes("/q/openapi");
}

async function begin() {
  const theme = recall("glimpse.theme") || "system";
  byId("themes").querySelector(`[value="${theme === "light" || theme === "dark" ? theme : "system"}"]`).checked = true;
  await speak(preferred());
  chosen();
  byId("key").hidden = !key.get();
  tools.why = (await has("/explain")) ? why : null;
  await about();
  await loadModels();
}

/** Shows which language the page speaks. */
function chosen() {
  byId("languages").querySelector(`[value=${current()}]`).checked = true;
}

/** Says in both languages that the words of one are missing. */
function unloaded() {
  chosen();
  byId("unloaded").hidden = false;
}

begin().catch(unloaded);
