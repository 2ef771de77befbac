/* <quantity-field> around a number field: adds − and +. */

class QuantityField extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button")) return;
    const input = this.querySelector("input");
    this.minus = this.button("−", "Kurangi", () => input.stepDown());
    this.plus = this.button("+", "Tambah", () => input.stepUp());
    input.before(this.minus);
    input.after(this.plus);
    this.classList.add("is-ready");
    this.refresh(input);
    input.addEventListener("input", () => this.refresh(input));
  }

  button(sign, label, step) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quantity__step";
    button.textContent = sign;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => {
      const input = this.querySelector("input");
      step();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
  }

  refresh(input) {
    this.minus.disabled = Number(input.value) <= Number(input.min);
    this.plus.disabled = Number(input.value) >= Number(input.max);
  }
}
customElements.define("quantity-field", QuantityField);
