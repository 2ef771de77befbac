/* <district-picker> around a text field and a hidden field for the code: suggests districts while typing.

   Asks `/wilayah?q=` (another address by data-src) for [{"code", "label"}, …]. Without script, or when the
   answer does not come, the typed text is sent and the server finds the district. */

const WAIT = 160;

class DistrictPicker extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input:not([type=hidden])");
    this.code = this.querySelector("input[type=hidden]");
    if (!this.input) return;
    this.rows = [];
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id}-list`;
    this.list.className = "suggest";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Kecamatan");
    this.list.hidden = true;
    this.said = document.createElement("p");
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    this.append(this.list, this.said);
    for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id })) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  typed() {
    if (this.code) this.code.value = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(this.input.value.trim()), WAIT);
  }

  async ask(words) {
    if (words.length < 3) return this.close();
    this.request?.abort();
    this.request = new AbortController();
    try {
      const address = `${this.dataset.src ?? "/wilayah"}?q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.open(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  open(rows) {
    this.rows = rows;
    this.active = -1;
    this.list.replaceChildren(...rows.map((row, index) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.className = "suggest__option";
      option.setAttribute("role", "option");
      option.textContent = row.label;
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.choose(index);
      });
      return option;
    }));
    this.list.hidden = !rows.length;
    this.input.setAttribute("aria-expanded", String(rows.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.said.textContent = rows.length ? `${rows.length} kecamatan ditemukan` : "Kecamatan tidak ditemukan";
  }

  key(event) {
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.mark((this.active + step + this.rows.length) % this.rows.length);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape") {
      this.close();
    }
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    this.input.setAttribute("aria-activedescendant", this.list.children[index].id);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  choose(index) {
    const row = this.rows[index];
    this.input.value = row.label;
    if (this.code) this.code.value = row.code;
    this.close();
    this.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: row }));
    this.code?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
customElements.define("district-picker", DistrictPicker);
