// The choices above the results: model, version, number of answers, language of the names.

import { byId, make } from "./dom.js";
import { current, word } from "./words.js";

const NAMES = { en: "English", zh: "中文" };
let models = [];

/** Takes over the models that are served. */
export function offer(served) {
  models = served;
  const chosen = byId("model").value;
  byId("model").replaceChildren(...models.map((m) => make("option", { value: m.name }, m.name)));
  const model = models.find((m) => m.name === chosen) || models.find((m) => m.default) || models[0];
  byId("model").value = model ? model.name : "";
  byId("options").classList.toggle("single", models.length <= 1);
  describe();
}

/** Shows what the chosen model has. */
export function describe() {
  const versions = (model()?.versions || []).map((v) => v.version).reverse();
  choose(byId("version"), [["", word("version.newest")], ...versions.map((v) => [v, v])]);
  const languages = version()?.languages || [];
  choose(byId("labels"), [
    ["", word(languages.length > 1 ? "labels.page" : "labels.own")],
    ...(languages.length > 1 ? languages.map((tag) => [tag, NAMES[tag] || tag]) : []),
  ]);
  byId("count").max = version()?.classes || 1000;
}

/** Fills a list of choices, and keeps what is chosen if it is there still. */
function choose(select, choices) {
  const chosen = select.value;
  select.replaceChildren(...choices.map(([value, text]) => make("option", { value }, text)));
  select.value = choices.some(([value]) => value === chosen) ? chosen : "";
}

const model = () => models.find((m) => m.name === byId("model").value);

function version() {
  const versions = model()?.versions || [];
  const chosen = byId("version").value;
  return versions.find((v) => v.version === chosen) || versions[versions.length - 1];
}

/** Returns the choices as parameters of a request; what would be so anyway is left out. */
export function parameters() {
  const languages = version()?.languages || [];
  const language = byId("labels").value || (languages.includes(current()) ? current() : "");
  return {
    model: model() && !model().default ? model().name : "",
    version: byId("version").value,
    top_k: count(),
    lang: languages.length > 1 ? language : "",
  };
}

/** Returns how many answers to ask for, which is never more than there are classes. */
function count() {
  const asked = Math.round(Number(byId("count").value)) || 5;
  return String(Math.max(1, Math.min(asked, Number(byId("count").max))));
}
