/* <quantity-field> around a number field: adds − and +. */

class QuantityField extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button")) return;
    this.input = this.querySelector("input");
    this.minus = this.button("−", this.dataset.less, -1);
    this.plus = this.button("+", this.dataset.more, 1);
    this.input.before(this.minus);
    this.input.after(this.plus);
    this.classList.add("is-ready");
    this.refresh();
    this.input.addEventListener("input", () => this.refresh());
  }

  button(sign, label, way) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "quantity__step", textContent: sign, ariaLabel: label });
    button.id = `${this.input.id}${way > 0 ? "-lebih" : "-kurang"}`;
    button.addEventListener("click", () => {
      if (way > 0) this.input.stepUp();
      else this.input.stepDown();
      for (const kind of ["input", "change"]) this.input.dispatchEvent(new Event(kind, { bubbles: true }));
      if (button.disabled) this.input.focus();
    });
    return button;
  }

  refresh() {
    this.minus.disabled = Number(this.input.value) <= Number(this.input.min);
    this.plus.disabled = Number(this.input.value) >= Number(this.input.max);
  }
}
customElements.define("quantity-field", QuantityField);
