/* <district-picker> around a text field and a hidden field for the code: suggests districts while typing.

   Asks data-src for [{"code", "label"}, …]. Without script, or when the answer does not come, the typed
   text is sent and the server finds the district. */

import { Combobox } from "./combobox.js";

class DistrictPicker extends Combobox {
  least = 3;

  typed() {
    this.code = this.querySelector("input[type=hidden]");
    if (this.code) this.code.value = "";
    super.typed();
  }

  flat(found) {
    return found;
  }

  /* "Cipondoh, Kota Tangerang" names one district: it is taken, and no list hides what stands below. */
  open(found, words) {
    const typed = `${words},`.toLowerCase();
    if (found.length === 1 && words.includes(",") && `${found[0].label},`.toLowerCase().startsWith(typed)) this.choose(found[0]);
    else super.open(found, words);
  }

  draw(option, row) {
    option.textContent = row.label;
  }

  choose(row) {
    this.input.value = row.label;
    if (this.code) this.code.value = row.code;
    try {
      localStorage.setItem("kecamatan", row.code);
    } catch { /* a device that keeps nothing */ }
    this.forget();
    this.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: row }));
    this.code?.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
customElements.define("district-picker", DistrictPicker);
