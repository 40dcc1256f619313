// The page's words, in the language that its reader chose or that the browser asks for.

const LANGUAGES = ["en", "zh"];
const loaded = {};
let words = {};
let language = "en";
let wanted = language;

/** Returns the language in use, "en" or "zh". */
export const current = () => language;

/** Returns a text, with values in place of {names}. */
export function word(key, values = {}) {
  return (words[key] || key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

export const percent = (share) =>
  new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 })
    .format(share);

export const number = (value, digits = 1) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);

/** Returns the language that was chosen before, or else the browser's first that the page has. */
export function preferred() {
  const stored = recall("glimpse.language");
  const tags = [stored, ...(navigator.languages || [])].map((tag) => (tag || "").split("-")[0]);
  return tags.find((tag) => LANGUAGES.includes(tag)) || "en";
}

/** Changes the language of the whole page. Fails, and changes nothing, if its words cannot be loaded. */
export async function speak(tag) {
  wanted = tag;
  if (!loaded[tag]) {
    const response = await fetch(`page/words.${tag}.json`);
    if (!response.ok) {
      throw new Error(`page/words.${tag}.json: ${response.status}`);
    }
    loaded[tag] = await response.json();
  }
  if (tag !== wanted) {
    return; // another was chosen meanwhile
  }
  words = loaded[tag];
  language = tag;
  document.documentElement.lang = tag === "zh" ? "zh-Hans" : tag;
  document.title = word("title") + " – Glimpse";
  translate(document);
}

/** Writes the words into the elements that name them. */
export function translate(root) {
  root.querySelectorAll("[data-word]").forEach((e) => (e.textContent = word(e.dataset.word)));
  root.querySelectorAll("[data-label]").forEach((e) => e.setAttribute("aria-label", word(e.dataset.label)));
  root.querySelectorAll("[data-title]").forEach((e) => (e.title = word(e.dataset.title)));
}

/** Returns a choice that was remembered; choices are all that is. */
export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage may be forbidden
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it holds until the page is closed.
  }
}
