/* <scan-code>: reads a parcel's QR or a waybill's barcode with the camera or from a photo into the field data-into.

   data-then says what follows. "send": a parcel's code, and the form is sent. "stay": a waybill, to be looked at.
   "list": a parcel's code, then its waybill, as a line of many; the camera goes on. All words are attributes. */

import { isPossible, reader } from "./read-code.js";

const EVERY = 250;
const WAYBILL = /^[A-Z\d-]{5,40}$/;
const WANTED = { video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } };
const FINE = ["loading", "looking", "read", "parcelRead", "pair"];
let running;

const pause = () => new Promise((done) => setTimeout(done, EVERY));

class ScanCode extends HTMLElement {
  connectedCallback() {
    if (!isPossible()) return;
    this.field = document.getElementById(this.dataset.into);
    this.parcel = new RegExp(this.dataset.parcel);
    this.words = this.querySelector("[data-words]");
    this.view = this.querySelector("video");
    this.button = this.querySelector("[data-camera]");
    this.button.hidden = !navigator.mediaDevices;
    this.button.addEventListener("click", () => (this.turn ? this.stop() : this.start()));
    this.querySelector("[data-photo]").addEventListener("change", (event) => this.photo(event.target));
    addEventListener("pagehide", () => this.stop());
    this.querySelector("[data-scanner]").hidden = false;
  }

  async start() {
    running?.stop();
    running = this;
    const turn = (this.turn = {});
    this.button.firstElementChild.textContent = this.dataset.off;
    this.say("loading");
    const coming = reader();
    coming.catch(() => {}); /* said below */
    try {
      await this.watch(turn);
      const read = await coming;
      if (this.turn === turn) this.say("looking");
      while (this.turn === turn) {
        const codes = await read(this.view).catch(() => []); /* no picture yet */
        if (this.turn === turn) this.take(codes);
        await pause();
      }
    } catch (error) {
      if (this.turn === turn) this.stop(this.why(error));
    }
  }

  async watch(turn) {
    const stream = await navigator.mediaDevices.getUserMedia(WANTED);
    if (this.turn !== turn) return stream.getTracks().forEach((track) => track.stop());
    this.view.srcObject = stream;
    this.view.hidden = false;
    await this.view.play();
    this.view.scrollIntoView({ block: "nearest" });
  }

  why(error) {
    if (error?.name === "NotAllowedError") return "denied";
    return this.view.hidden ? "missing" : "away";
  }

  stop(word) {
    for (const track of this.view.srcObject?.getTracks() ?? []) track.stop();
    this.view.srcObject = null;
    this.view.hidden = true;
    this.turn = null;
    this.button.firstElementChild.textContent = this.dataset.on;
    this.say(word);
  }

  async photo(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    running?.stop();
    this.say("loading");
    const read = await reader().catch(() => null);
    if (!read) return this.say("away");
    const codes = await createImageBitmap(file).then(read).catch(() => []);
    if (codes.length) this.take(codes);
    else this.say("none");
  }

  take(texts) {
    const codes = [...new Set(texts.map((text) => text.trim().toUpperCase()))];
    const parcels = codes.filter((code) => this.parcel.test(code));
    const waybills = codes.filter((code) => !this.parcel.test(code) && WAYBILL.test(code));
    if (this.dataset.then === "list") return this.list(parcels, waybills);
    const wanted = this.dataset.then === "send" ? parcels : waybills;
    if (wanted.length === 1) return this.found(wanted[0]);
    if (wanted.length) this.say("many");
    else if (codes.length) this.say("wrong", { code: codes[0] });
  }

  found(code) {
    this.put(code);
    this.stop();
    this.say("read", { code });
    if (this.dataset.then === "send") this.field.form.requestSubmit();
  }

  list(parcels, waybills) {
    const lines = this.field.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const known = new Set(lines.join(" ").toUpperCase().split(/[\s,;]+/));
    let open = this.parcel.test(lines.at(-1)?.toUpperCase()) ? lines.pop() : "";
    const [parcel, another] = parcels.filter((code) => !known.has(code));
    const [waybill, more] = waybills.filter((code) => !known.has(code));
    if (another || more) return this.say("many");
    open = parcel ?? open;
    if (!parcel && !waybill) return parcels.length && !open ? this.again(parcels[0], lines.at(-1)) : undefined;
    if (!open) return this.say("first");
    this.put(`${[...lines, waybill ? `${open} ${waybill}` : open].join("\n")}\n`);
    this.say(waybill ? "pair" : "parcelRead", { parcel: open, waybill });
  }

  /* What was just written down lies before the camera a little longer: that is no mistake. */
  again(code, last) {
    if (!this.turn || !last.toUpperCase().includes(code)) this.say("again", { code });
  }

  put(text) {
    this.field.value = text;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    navigator.vibrate?.(80);
  }

  say(word, values = {}) {
    const text = this.dataset[word] ?? "";
    this.words.textContent = text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    this.words.classList.toggle("scanner__words--bad", Boolean(text) && !FINE.includes(word));
  }

  disconnectedCallback() {
    if (this.turn) this.stop();
  }
}
customElements.define("scan-code", ScanCode);
