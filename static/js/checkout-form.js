/* <checkout-form> around the checkout's form: parcels and sums are computed again when something that changes
   them changes. Without script, or when the answer does not come, the button "Hitung ongkir" does it. What was
   blamed and is right by now is blamed no longer: the server says so, as it would when the form is sent. */

import { parse, swap } from "./quietly.js";

const PARTS = ["ringkas", "kiriman", "ringkasan"];
const WATCHED = "[name=tujuan], [name=kecamatan], [name=alamat_tersimpan], [name^=kirim-], [name=bayar]";
const BLAMED = "[aria-invalid=true]";

class CheckoutForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.form?.addEventListener("change", (event) => {
      const blamed = this.form.querySelector(BLAMED);
      if (blamed || event.target.matches(WATCHED)) this.compute(blamed ? "periksa" : "hitung");
    });
  }

  async compute(what) {
    this.request?.abort();
    this.request = new AbortController();
    const body = new FormData(this.form);
    body.set("aksi", what);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new URLSearchParams(body), signal: this.request.signal });
      if (!answer.ok) return;
      const page = parse(await answer.text());
      for (const id of PARTS) {
        const fresh = page.getElementById(id);
        if (fresh) swap(document.getElementById(id), fresh);
      }
      for (const field of this.form.querySelectorAll(BLAMED)) {
        if (!page.getElementById(field.id)?.matches(BLAMED)) this.forgive(field);
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  forgive(field) {
    field.removeAttribute("aria-invalid");
    field.closest(".field").classList.remove("field--invalid");
    document.getElementById(`${field.id}-error`)?.remove();
    const line = this.parentNode.querySelector(`.error-summary [href="#${field.id}"]`)?.parentNode;
    (line?.parentNode.children.length > 1 ? line : line?.closest(".error-summary"))?.remove();
  }
}

customElements.define("checkout-form", CheckoutForm);
