/* A text field that suggests: ask(words) fetches, row(option, one) draws, choose(one) takes. The list follows
   the ARIA combobox pattern: focus stays in the field, aria-activedescendant walks. */

import { fill } from "./say.js";

const WAIT = 160;

export class Combobox extends HTMLElement {
  least = 2;

  connectedCallback() {
    this.input = this.querySelector("input:not([type=hidden])");
    if (!this.input || this.list) return;
    this.rows = [];
    this.active = -1;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `${this.input.id}-saran`, className: "suggest", role: "listbox", ariaLabel: this.dataset.label, hidden: true });
    this.said = document.createElement("p");
    Object.assign(this.said, { className: "visually-hidden", role: "status" });
    this.append(this.list, this.said);
    Object.assign(this.input, { role: "combobox", autocomplete: "off", ariaAutoComplete: "list", ariaExpanded: false });
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("focus", () => this.rows.length && this.show(true));
    this.input.addEventListener("keydown", (event) => this.key(event));
    if (document.activeElement === this.input && this.input.value !== this.input.defaultValue) this.typed();
    this.addEventListener("focusout", (event) => this.contains(event.relatedTarget) || this.close());
    /* A press keeps the focus in the field, the click that follows chooses: a finger may still scroll. */
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const index = [...this.list.children].indexOf(event.target.closest("li"));
      if (index >= 0) this.choose(this.rows[index], event);
    });
  }

  typed() {
    clearTimeout(this.timer);
    this.request?.abort();
    const words = this.input.value.trim();
    if (words.length < this.least) return this.forget();
    this.timer = setTimeout(() => this.ask(words), WAIT);
  }

  async ask(words) {
    this.request = new AbortController();
    try {
      const answer = await fetch(`${this.dataset.src ?? "/wilayah"}?q=${encodeURIComponent(words)}`, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.open(await answer.json(), words);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  open(found, words) {
    this.rows = this.flat(found, words);
    this.mark(-1);
    this.list.replaceChildren(...this.rows.map((one, index) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.className = "suggest__option";
      option.role = "option";
      this.draw(option, one);
      return option;
    }));
    this.show(this.rows.length > 0 && this.contains(document.activeElement));
    this.said.textContent = this.rows.length ? fill(this.dataset.found, { n: this.rows.length }) : this.dataset.none;
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const most = this.rows.length;
    if (step && most) {
      event.preventDefault();
      this.show(true);
      /* One place more than there are rows: the field itself. */
      this.mark(((this.active + 1 + step + most + 1) % (most + 1)) - 1);
    } else if (event.key === "Enter" && this.active >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.choose(this.rows[this.active], event);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((option, place) => (option.ariaSelected = place === index));
    const option = this.list.children[index];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  show(open) {
    this.list.hidden = !open;
    this.input.ariaExpanded = open;
  }

  close() {
    this.show(false);
    this.mark(-1);
  }

  forget() {
    this.rows = [];
    this.close();
  }
}
