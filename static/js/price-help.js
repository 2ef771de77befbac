/* <price-help>: asks the shop about the price as it is typed, and says what it answers. */

const PAUSE = 500;

class PriceHelp extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form");
    const { prefix, category } = this.dataset;
    const value = (name) => form.elements[name]?.value ?? "";
    const wanted = () => ({
      price: value(`${prefix}price`),
      material_cost: value(`${prefix}material_cost`),
      work_minutes: value(`${prefix}work_minutes`),
      category_id: category ?? value("category_id"),
      product: this.dataset.product ?? "",
    });
    this.querySelector("[data-plain]")?.remove(); // hidden it would still be what the Enter key presses
    const soon = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(new URLSearchParams(wanted())), PAUSE);
    };
    form.addEventListener("input", (event) => event.target.name in this.named(prefix) && soon());
    form.addEventListener("kept", soon);
    this.querySelector("details").addEventListener("toggle", soon);
  }

  named(prefix) {
    return { category_id: 1, [`${prefix}price`]: 1, [`${prefix}material_cost`]: 1, [`${prefix}work_minutes`]: 1 };
  }

  /* Nobody asked, nobody is told: while it is folded and nothing is written in it, the shop is left alone. */
  async ask(wanted) {
    const written = wanted.get("material_cost") || wanted.get("work_minutes");
    if (!written && !this.querySelector("details").open) return;
    this.request?.abort();
    this.request = new AbortController();
    try {
      const answer = await fetch(`${this.dataset.url}?${wanted}`, { headers: { Accept: "application/json" }, signal: this.request.signal });
      if (answer.ok) this.tell(await answer.json());
    } catch {
      /* without a connection the last words stay */
    }
  }

  tell(words) {
    for (const place of this.querySelectorAll("[data-advice]")) {
      place.textContent = words[place.dataset.advice];
      place.hidden = !place.textContent;
    }
  }
}
customElements.define("price-help", PriceHelp);
