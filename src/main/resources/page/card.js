// One image and what the service says about it.

import { announce, make, show, showBars, symbol } from "./dom.js";
import { Problem, classify, kind, smaller } from "./service.js";
import { number, percent, word } from "./words.js";

const UNSURE_BELOW = 0.5;
const REASONS = {
  low_score: "card.unsure.score",
  below_class_threshold: "card.unsure.class",
  small_margin: "card.unsure.margin",
  unlike_training: "card.unsure.unlike",
};
const MOST_RETRIES = 5;
const RETRIED = [429, 503];

/** Says whether the answer is uncertain, and why. */
export function showDoubt(chip, answer) {
  const best = answer?.predictions[0];
  show(chip, best && (answer.uncertain || best.score < UNSURE_BELOW) ? word("card.unsure") : "");
  chip.title = answer?.uncertain ? word(REASONS[answer.uncertain_reason] || "card.unsure.model") : "";
}

/** Shows an image and its answer. Its element goes into the list of results. */
export class Card {
  /** `tools` says what the page can do: parameters(), enterKey(), why(card, prediction) or null, removed(card). */
  constructor(file, tools) {
    this.file = file;
    this.tools = tools;
    this.url = URL.createObjectURL(file);
    this.retries = 0;
    this.turn = 0;
    this.asking = new AbortController();
    this.element = this.build();
    this.wait();
  }

  build() {
    const image = make("img", { src: this.url, alt: this.file.name, decoding: "async" });
    image.addEventListener("error", () => image.replaceWith(this.placeholder()));
    this.remove = make("button", { type: "button", class: "icon remove", onclick: () => this.tools.removed(this) }, symbol("close"));
    this.best = make("h3", { class: "best" });
    this.chip = make("span", { class: "chip" });
    this.bars = make("ol", { class: "bars" });
    this.problem = make("div", { class: "problem" });
    this.foot = make("div", { class: "foot" });
    return make(
      "li",
      { class: "card" },
      make("div", { class: "frame" }, image, this.remove),
      make("div", { class: "body" }, make("p", { class: "name" }, this.file.name), make("div", { class: "headline" }, this.best, this.chip), this.bars, this.problem, this.foot),
    );
  }

  /** For what the service reads and the browser does not, such as TIFF. */
  placeholder() {
    const extension = this.file.name.includes(".") ? this.file.name.split(".").pop().slice(0, 5) : "?";
    return make("p", { class: "placeholder", title: word("card.hidden") }, symbol("image"), make("span", {}, extension.toUpperCase()));
  }

  /** Asks the service, or asks again. */
  async ask() {
    this.wait();
    const turn = this.turn;
    let answer = null;
    let problem = null;
    try {
      answer = await classify(this.file, this.tools.parameters(), this.asking.signal);
    } catch (e) {
      problem = e instanceof Problem ? e : new Problem("network");
    }
    if (turn === this.turn) { // otherwise it has been asked again meanwhile
      this.answer = answer;
      this.failure = problem;
      this.retries = problem && RETRIED.includes(problem.status) ? this.retries : 0;
      this.show();
      this.tell();
      if (problem) {
        this.retry(problem);
      }
    }
  }

  /** Forgets what was asked before, and its answer. */
  wait() {
    this.stop();
    this.asking = new AbortController();
    this.answer = this.failure = null;
    this.show();
  }

  /** Ends what is asked or is to be asked again; an answer that still comes is of an earlier turn. */
  stop() {
    this.turn++;
    clearTimeout(this.timer);
    this.asking.abort();
  }

  /** Shows what is known, in the page's language. */
  show() {
    const state = this.answer ? "done" : this.failure ? "failed" : "waiting";
    this.element.dataset.state = state;
    this.element.setAttribute("aria-busy", String(state === "waiting"));
    this.remove.setAttribute("aria-label", word("card.remove", { name: this.file.name }));
    const predictions = this.answer?.predictions || [];
    const best = predictions[0];
    this.best.textContent = best ? best.label : state === "waiting" ? word("card.waiting") : word(`problem.${this.kind()}`);
    showDoubt(this.chip, this.answer);
    showBars(this.bars, predictions, percent);
    this.problem.replaceChildren(...(this.failure ? this.advice() : []));
    this.foot.replaceChildren(...(this.answer ? this.details() : []));
  }

  /** Returns the status that the page has words for. */
  kind() {
    return kind(this.failure.status);
  }

  /** Says what to do about a problem, in words and with a button. */
  advice() {
    const kind = this.kind();
    const button = (label, action) => make("button", { type: "button", onclick: action }, word(label));
    this.countdown = make("p", { class: "countdown" });
    const buttons = {
      401: () => button("card.key", () => this.tools.enterKey()),
      403: () => button("card.key", () => this.tools.enterKey()),
      408: () => button("card.smaller", () => this.shrink()),
      413: () => button("card.smaller", () => this.shrink()),
      415: () => "",
      422: () => "",
      file: () => "",
    };
    return [
      make("p", {}, word(`problem.${kind}.do`)),
      this.countdown,
      make("p", { class: "actions" }, (buttons[kind] || (() => button("card.again", () => this.ask())))()),
      make("p", { class: "detail" }, make("span", { lang: "en" }, this.failure.detail), this.failure.id ? " " + word("problem.id", { id: this.failure.id }) : ""),
    ];
  }

  details() {
    const { model, version, timing, cached, trip } = this.answer;
    const ms = (time) => word("time.ms", { time: number(time) });
    const steps = ["queue", "decode", "preprocess", "inference"].map((step) => [word("time." + step), ms(timing[step + "_ms"])]);
    const rows = [[word("time.total"), ms(timing.total_ms)], ...steps, [word("time.trip"), ms(trip)]];
    const values = { model, version, time: number(timing.total_ms) };
    const parts = [
      make(
        "details",
        {},
        make("summary", {}, word(cached ? "card.cached" : "card.time", values)),
        make("dl", {}, ...rows.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
      ),
    ];
    if (this.tools.why) {
      const label = word("card.why.of", { name: this.file.name });
      parts.push(make("button", { type: "button", class: "quiet why", "aria-label": label, onclick: () => this.tools.why(this) }, word("card.why")));
    }
    return parts;
  }

  /** Tells screen readers the answer, once. */
  tell() {
    const best = this.answer?.predictions[0];
    announce(
      best
        ? word("card.done", { name: this.file.name, label: best.label, score: percent(best.score) })
        : `${this.file.name}: ${word(`problem.${this.kind()}`)}. ${word(`problem.${this.kind()}.do`)}`,
    );
  }

  /** Asks again by itself, when the service said when, a few times. */
  retry(problem) {
    if (!RETRIED.includes(problem.status) || this.retries >= MOST_RETRIES) {
      return;
    }
    this.retries++;
    let seconds = Math.max(1, problem.retryAfter || 2) + (this.retries - 1);
    const tick = () => {
      if (seconds === 0) {
        this.ask();
        return;
      }
      this.countdown.textContent = word("problem.retry", { seconds });
      seconds--;
      this.timer = setTimeout(tick, 1000);
    };
    tick();
  }

  async shrink() {
    const turn = this.turn;
    let copy = null;
    try {
      copy = await smaller(this.file);
    } catch {
      // The browser cannot show it.
    }
    if (turn !== this.turn) {
      return; // removed, or asked again
    }
    if (!copy) {
      this.failure = new Problem(422);
      this.show();
      this.tell();
      return;
    }
    this.file = copy;
    await this.ask();
  }

  /** Lets go of the image. */
  close() {
    this.stop();
    URL.revokeObjectURL(this.url);
    this.element.remove();
  }
}
