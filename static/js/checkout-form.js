/* <checkout-form> around the checkout's form: parcels and sums are computed again when something that changes
   them changes. Without script, or when the answer does not come, the button "Hitung ongkir" does it. What was
   blamed and is right by now is blamed no longer: the server says so, as it would when the form is sent. */

import { parse, swap } from "./quietly.js";

const PARTS = ["ringkas", "kiriman", "ringkasan"];
const WATCHED = "[name=tujuan], [name=kecamatan], [name=alamat_tersimpan], [name^=kirim-], [name=bayar]";
const BLAMED = "[aria-invalid=true]";

class CheckoutForm extends HTMLElement {
  asking = {};

  connectedCallback() {
    this.form = this.querySelector("form");
    this.form?.addEventListener("change", (event) => {
      if (event.target.matches(WATCHED)) this.ask("hitung", this.show);
      if (this.form.querySelector(BLAMED)) this.ask("periksa", this.forgive);
    });
  }

  async ask(what, then) {
    this.asking[what]?.abort();
    const { signal } = (this.asking[what] = new AbortController());
    const body = new FormData(this.form);
    body.set("aksi", what);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new URLSearchParams(body), signal });
      if (answer.ok) then.call(this, parse(await answer.text()));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  show(page) {
    for (const id of PARTS) {
      const fresh = page.getElementById(id);
      if (fresh) swap(document.getElementById(id), fresh);
    }
  }

  forgive(page) {
    for (const field of this.form.querySelectorAll(BLAMED)) {
      const { id } = field;
      if (page.getElementById(id)?.matches(BLAMED)) continue;
      field.removeAttribute("aria-invalid");
      field.closest(".field--invalid")?.classList.remove("field--invalid");
      document.getElementById(`${id}-error`)?.remove();
      document.querySelector(`.error-summary a[href="#${id}"]`)?.parentNode.remove();
    }
    const summary = document.querySelector(".error-summary");
    if (summary && !summary.querySelector("li")) summary.remove();
  }
}

customElements.define("checkout-form", CheckoutForm);
