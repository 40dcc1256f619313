// Makes elements. Text goes in as text only, so nothing that a model or a file is called can become markup.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** Makes an element with attributes, and with children, which are elements or texts. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children);
  return element;
}

/** Makes one of the page's symbols. */
export function symbol(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  return svg;
}

/** Shows a text in an element, or hides it if there is no text. */
export function show(element, text) {
  element.hidden = !text;
  element.textContent = text || "";
}

/** Shows a text, and after it what the service said, which is English. */
export function showWithDetail(element, text, detail) {
  show(element, text);
  if (detail) {
    element.append(" ", make("span", { lang: "en" }, detail));
  }
}

/** Shows classes and their scores as bars, best first, and uses bars that are there again. */
export function showBars(list, predictions, percent) {
  while (list.children.length > predictions.length) {
    list.lastChild.remove();
  }
  predictions.forEach((prediction, i) => {
    const bar = list.children[i] || list.appendChild(newBar());
    bar.children[0].textContent = prediction.label;
    bar.children[1].textContent = percent(prediction.score);
    const width = Math.min(1, Math.max(0, prediction.score)) * 100;
    bar.children[2].firstChild.style.width = width + "%";
  });
}

function newBar() {
  return make(
    "li",
    {},
    make("span", { class: "label" }),
    make("span", { class: "score" }),
    make("span", { class: "track", "aria-hidden": "true" }, make("i")),
  );
}

/** Says something to screen readers. */
export function announce(text) {
  const status = byId("status");
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 50);
}
