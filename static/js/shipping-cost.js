/* <shipping-cost>: what it costs to bring the thing to the district that this device remembers; a button asks
   for one, or for another. District pickers everywhere remember what was chosen. */

class ShippingCost extends HTMLElement {
  connectedCallback() {
    this.sum = this.querySelector("[role=status]");
    this.button = this.querySelector("button");
    this.button.addEventListener("click", () => this.choose());
    this.addEventListener("chosen", (event) => this.ask(event.detail.code));
    this.hidden = false;
    try {
      this.ask(localStorage.getItem("kecamatan"));
    } catch { /* a device that keeps nothing */ }
  }

  choose() {
    this.button.hidden = true;
    this.append(this.querySelector("template").content.cloneNode(true));
    import("./district-picker.js");
    this.querySelector("input").focus();
  }

  async ask(code) {
    if (!code) return;
    const answer = await fetch(`${this.dataset.src}?kecamatan=${code}`).catch(() => 0);
    if (!answer.ok) return;
    this.sum.innerHTML = await answer.text();
    this.button.textContent = this.dataset.other;
    this.button.hidden = false;
    const picker = this.querySelector("district-picker");
    if (picker) this.button.focus(); /* the field that had it goes */
    picker?.remove();
  }
}
customElements.define("shipping-cost", ShippingCost);
