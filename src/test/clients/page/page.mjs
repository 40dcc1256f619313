// Uses the page in a real browser, and prints "ok" and what it did, a line for each step.
//
// Usage: page.mjs ROLE URL CHROMIUM IMAGES MODULES [SCREENSHOTS]
// ROLE: "guarded" asks for a key and refuses large images; "slow" has one slow worker; "shots" only takes screenshots.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [role, url, chromium, images, modules, screenshots] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const { chromium: driver } = require("playwright-core");
const axe = readFileSync(join(modules, "axe-core", "axe.min.js"), "utf8");
const KEY = "key-of-one-who-may-predict";
const WAIT = 30_000;

const browser = await driver.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
});
const problems = [];

/** Opens the page; addresses of a pattern are not reached. */
async function open(options = {}, unreachable = null) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "en-US", ...options });
  context.setDefaultTimeout(WAIT);
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    // What the service refuses is logged by the browser; what the policy refuses must not happen.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      problems.push(message.text());
    }
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(blob|data|ws):/.test(request.url())) {
      problems.push("foreign: " + request.url());
    }
  });
  if (unreachable) {
    await page.route(unreachable, (route) => route.abort());
  }
  await page.goto(url);
  return page;
}

const step = (name) => console.log("ok", name);
const file = (name) => join(images, name);
const cards = (page, state) => page.locator(`.card[data-state=${state}]`);
const text = (page, selector) => page.locator(selector).first().innerText();

/** Waits until a text is there. */
const says = (page, selector, words) => page.locator(selector, { hasText: words }).first().waitFor();

async function accessible(page, where) {
  await page.evaluate(() => document.getAnimations().forEach((a) => (a.effect.getComputedTiming().endTime === Infinity ? a.cancel() : a.finish())));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`), [], where);
  step("axe finds nothing serious: " + where);
}

async function drop(page, name, type) {
  const bytes = readFileSync(file(name)).toString("base64");
  await page.evaluate(
    ([base64, fileName, mime]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], fileName, { type: mime }));
      document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [bytes, name, type],
  );
}

async function guarded() {
  const page = await open();
  await page.locator("#key-dialog[open]").waitFor();
  await accessible(page, "the dialog for a key");
  step("asks for a key");

  for (const wrong of ["wrong", "密钥"]) {
    await page.fill("#key-value", wrong);
    await page.click("#key-save");
    await says(page, "#key-wrong", "does not accept");
    await page.click("#key-cancel");
    await page.click("#key");
  }
  step("says that a key is wrong, also one that no header can carry");
  await page.click("#key-cancel");
  await page.setInputFiles("#files", file("red.jpg"));
  await cards(page, "failed").waitFor();
  assert.equal(await text(page, ".best"), "The service wants a key");
  step("sees a 401 in words");

  await page.click(".card .actions button");
  await page.fill("#key-value", KEY);
  await page.click("#key-save");
  await cards(page, "done").waitFor();
  assert.equal(await text(page, ".best"), "red");
  assert.match(await text(page, ".bars .score"), /%$/);
  assert.ok((await page.locator(".bars li").count()) >= 3);
  assert.ok((await page.locator(".track i").first().evaluate((bar) => bar.getBoundingClientRect().width)) > 20);
  step("chooses an image and reads its bars");
  await says(page, "#status", "red.jpg: red");
  step("tells screen readers");

  await drop(page, "green.jpg", "image/jpeg");
  await says(page, ".best", "green");
  step("drops an image");
  await page.setInputFiles("#files", [file("truncated.jpg"), file("jpegxl.jxl")]);
  await says(page, ".best", "This image cannot be read");
  await says(page, ".best", "This kind of file is not read");
  step("sees a 422 and a 415 in words");
  await accessible(page, "results, light");

  await page.click("#themes input[value=dark]", { force: true });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).colorScheme), "dark");
  await page.waitForTimeout(400);
  await accessible(page, "results, dark");
  step("switches to dark");
  await page.click("#languages input[value=zh]", { force: true });
  await says(page, ".best", "无法读取此图片");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-Hans");
  step("switches to Chinese");
  await page.click("#languages input[value=en]", { force: true });
  await page.selectOption("#model", "colors-softmax");
  await says(page, ".foot summary", "colors-softmax v");
  step("switches the model");

  await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 500;
    const pixels = new ImageData(500, 500);
    for (let i = 0; i < pixels.data.length; i++) {
      pixels.data[i] = i % 4 === 3 ? 255 : Math.random() * 256;
    }
    canvas.getContext("2d").putImageData(pixels, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const data = new DataTransfer();
    data.items.add(new File([blob], "large.png", { type: "image/png" }));
    document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await says(page, ".best", "This image is too large");
  step("sees a 413 in words");
  await page.getByRole("button", { name: "Send a smaller copy" }).click();
  await page.locator(".card", { hasText: "large.png" }).and(cards(page, "done")).waitFor();
  step("sends a smaller copy");

  await page.click("#clear");
  await page.setInputFiles("#files", file("red.jpg"));
  await cards(page, "done").waitFor();
  const { endpoints } = await (await fetch(url)).json();
  if (endpoints.includes("/explain")) {
    await page.click(".why");
    await page.locator("#why-image:not([hidden])").waitFor();
    assert.ok((await page.locator("#why-image").evaluate((image) => image.naturalWidth)) > 0);
    await page.click("#why-close");
    step("looks at a heat map");
    await page.route("**/explain*", () => {}); // it is never answered
    const aborted = page.waitForEvent("requestfailed", (request) => request.url().includes("/explain"));
    await page.click(".why");
    await page.keyboard.press("Escape");
    await aborted;
    await page.unroute("**/explain*");
    const refusal = { status: 503, contentType: "application/problem+json", body: '{"detail": "Too many."}' };
    await page.route("**/explain*", (route) => route.fulfill(refusal));
    await page.click(".why");
    await says(page, "#why-notice", "The service is busy");
    assert.equal(await text(page, "#why-notice [lang=en]"), "Too many.");
    await page.click("#why-close");
    await page.unroute("**/explain*");
    step("closes a heat map that is being made, and reads why one could not be made");
  }
  await page.click("#code summary");
  for (const [language, program, name] of [
    ["curl", ["bash"], "ask.sh"],
    ["python", ["python3"], "ask.py"],
    ["javascript", ["node"], "ask.mjs"],
  ]) {
    await page.click("#tab-" + language);
    const code = await page.locator("#snippet").innerText();
    assert.ok(!code.includes(KEY));
    const folder = mkdtempSync(join(tmpdir(), "page-"));
    writeFileSync(join(folder, name), code);
    writeFileSync(join(folder, "red.jpg"), readFileSync(file("red.jpg")));
    const said = execFileSync(program[0], [name], { cwd: folder, env: { ...process.env, API_KEY: KEY } }).toString();
    assert.match(said, /red/, language);
    step("runs its " + language);
  }
  assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes("key-of")), false);

  await page.click("#photograph");
  await page.waitForFunction(() => document.getElementById("video").videoWidth > 0);
  await page.click("#take");
  await says(page, ".card .name", "photo-1.jpg");
  await page.locator(".card", { hasText: "photo-1.jpg" }).and(cards(page, "done")).waitFor();
  step("photographs");
  await page.click("#live");
  await says(page, "#rate", "images per second");
  await page.locator("#live-bars li").nth(2).waitFor();
  await accessible(page, "the live view");
  step("sees the live view, with a key");
  await page.click("#live");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#camera").isHidden(), true);
  step("closes the camera");

  await page.routeWebSocket("**/predict/live**", (socket) => {
    const doubt = (message) => JSON.stringify({ ...JSON.parse(message), uncertain: true, uncertain_reason: "low_score" });
    socket.connectToServer().onMessage((message) => socket.send(doubt(message)));
  });
  await page.evaluate(() => {
    const media = navigator.mediaDevices;
    const real = media.getUserMedia.bind(media);
    window.streams = [];
    media.getUserMedia = async (wanted) => {
      await new Promise((done) => setTimeout(done, 1000));
      const stream = await real(wanted);
      window.streams.push(stream);
      return stream;
    };
    document.getElementById("photograph").click();
    document.getElementById("photograph").click();
  });
  await page.click("#live"); // the camera shows nothing yet
  await says(page, "#rate", "images per second");
  await page.waitForFunction(() => window.streams.length === 2);
  const lit = () => page.evaluate(() => window.streams.filter((s) => s.getTracks().some((t) => t.readyState === "live")).length);
  assert.equal(await lit(), 1);
  await says(page, "#live-doubt", "Not sure");
  step("sees that the model is in doubt, live");
  step("sees the live view that began before the camera, which is opened once");
  await page.keyboard.press("Escape");
  assert.equal(await lit(), 0);
  step("turns the camera's light off");

  const mute = await open({}, "**/page/words.*.json");
  await says(mute, "#unloaded", "could not be loaded");
  await mute.context().close();
  step("says that its words are missing");

  await page.reload(); // the key stays in the tab
  await page.waitForFunction(() => document.getElementById("model").value !== "");
  const order = [];
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press("Tab");
    order.push(await page.evaluate(() => document.activeElement.id || document.activeElement.name || document.activeElement.className));
  }
  assert.deepEqual(order.slice(0, 9), ["skip", "key", "language", "theme", "choose", "photograph", "model", "version", "count"]);
  step("can be used by keyboard");
}

async function slow() {
  const page = await open();
  await page.waitForFunction(() => document.getElementById("model").value !== "");
  await page.setInputFiles("#files", [file("red.jpg"), file("green.jpg"), file("blue.jpg")]);
  await says(page, ".best", "The service is busy");
  await says(page, ".countdown", "Trying again in");
  step("sees a 503 in words");
  await page.waitForFunction(() => document.querySelectorAll(".card[data-state=done]").length === 3, null, { timeout: 60_000 });
  step("tries again until all are answered");
}

async function shots() {
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
  const looks = {
    "desktop-light": {},
    "desktop-dark": { colorScheme: "dark" },
    "phone-light": phone,
    "phone-dark-chinese": { ...phone, colorScheme: "dark", locale: "zh-CN" },
  };
  for (const [name, options] of Object.entries(looks)) {
    const page = await open(options);
    await page.waitForFunction(() => document.getElementById("model").value !== "");
    await page.screenshot({ path: join(screenshots, name + "-empty.png") });
    await page.setInputFiles("#files", ["daisy.jpg", "scene.png", "truncated.jpg"].map(file));
    await page.waitForFunction(() => !document.querySelector(".card[data-state=waiting]"));
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(screenshots, name + ".png"), fullPage: name.startsWith("desktop") });
    step(name);
  }
}

try {
  await { guarded, slow, shots }[role]();
  assert.deepEqual(problems, []);
  console.log("done");
} finally {
  await browser.close();
}
