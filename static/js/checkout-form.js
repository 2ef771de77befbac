/* <checkout-form> around the checkout's form: parcels and sums are computed again when something that changes
   them changes. Without script, or when the answer does not come, the button "Hitung ongkir" does it. What was
   blamed and is right by now is blamed no longer: the server says so, as it would when the form is sent. */

import { filledIn, parse, swap } from "./quietly.js";

const PARTS = ["ringkas", "kiriman", "ringkasan"];
const WATCHED = "[name=tujuan], [name=kecamatan], [name=alamat_tersimpan], [name^=kirim-], [name=bayar]";
const BLAMED = "[aria-invalid]";

class CheckoutForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.form.addEventListener("change", (event) => {
      const blamed = this.querySelector(BLAMED);
      if (blamed || event.target.matches(WATCHED)) this.compute(blamed ? "periksa" : "hitung");
    });
  }

  /* Of two questions only the last one's answer counts. */
  async compute(what) {
    const body = (this.last = filledIn(this.form));
    body.set("aksi", what);
    const answer = await fetch(this.form.action, { method: "POST", body });
    const page = parse(await answer.text());
    if (!answer.ok || body !== this.last) return;
    for (const id of PARTS) {
      const fresh = page.getElementById(id);
      if (fresh) swap(document.getElementById(id), fresh);
    }
    for (const field of this.querySelectorAll(BLAMED)) {
      const { id } = field;
      if (page.getElementById(id)?.matches(BLAMED)) continue;
      field.removeAttribute("aria-invalid");
      field.closest(".field").classList.remove("field--invalid");
      for (const words of document.querySelectorAll(`#${id}-error, li:has(> [href="#${id}"])`)) words.remove();
    }
    document.querySelector(".error-summary:not(:has(li))")?.remove();
  }
}

customElements.define("checkout-form", CheckoutForm);
