/* <checkout-form> around the checkout's form: parcels and sums are computed again when something that changes
   them changes. Without script, or when the answer does not come, the button "Hitung ongkir" does it. */

import { parse, swap } from "./quietly.js";

const PARTS = ["ringkas", "kiriman", "ringkasan"];
const WATCHED = "[name=tujuan], [name=kecamatan], [name=alamat_tersimpan], [name^=kirim-], [name=bayar]";

class CheckoutForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.form?.addEventListener("change", (event) => {
      if (event.target.matches(WATCHED)) this.compute();
    });
  }

  async compute() {
    this.request?.abort();
    this.request = new AbortController();
    const body = new FormData(this.form);
    body.set("aksi", "hitung");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new URLSearchParams(body), signal: this.request.signal });
      if (!answer.ok) return;
      const page = parse(await answer.text());
      for (const id of PARTS) {
        const fresh = page.getElementById(id);
        if (fresh) swap(document.getElementById(id), fresh);
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }
}

customElements.define("checkout-form", CheckoutForm);
