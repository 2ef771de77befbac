/* <scan-code>: reads a parcel's QR with the camera or from a photo, puts it into the form and sends that.
   Only where the browser can read codes itself; elsewhere the form stays as it is, to be typed into. */

const EVERY = 250;

class ScanCode extends HTMLElement {
  async connectedCallback() {
    this.scanner = this.querySelector("[data-scanner]");
    this.words = this.querySelector("[data-words]");
    this.view = this.querySelector("video");
    if (!("BarcodeDetector" in window)) return;
    const known = await BarcodeDetector.getSupportedFormats();
    const formats = ["qr_code", "code_128"].filter((format) => known.includes(format));
    if (!formats.length) return;
    this.detector = new BarcodeDetector({ formats });
    this.scanner.hidden = false;
    const camera = this.querySelector("[data-camera]");
    camera.hidden = !navigator.mediaDevices;
    camera.addEventListener("click", () => (this.stream ? this.stop() : this.start()));
    this.querySelector("[data-photo]").addEventListener("change", (event) => this.photo(event.target.files[0]));
    addEventListener("pagehide", () => this.stop());
  }

  async start() {
    this.words.textContent = "";
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      this.words.textContent = this.dataset.denied;
      return;
    }
    this.view.srcObject = this.stream;
    this.view.hidden = false;
    await this.view.play();
    this.look();
  }

  async look() {
    if (!this.stream) return;
    const code = await this.read(this.view);
    if (code) this.send(code);
    else setTimeout(() => this.look(), EVERY);
  }

  async photo(file) {
    if (!file) return;
    this.words.textContent = "";
    try {
      const code = await this.read(await createImageBitmap(file));
      if (code) return this.send(code);
    } catch {
      /* not a picture: said below */
    }
    this.words.textContent = this.dataset.none;
  }

  async read(source) {
    try {
      return (await this.detector.detect(source))[0]?.rawValue;
    } catch {
      return undefined; /* no picture yet */
    }
  }

  send(code) {
    this.stop();
    const form = this.querySelector("form");
    form.elements.code.value = code;
    form.requestSubmit();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.view.hidden = true;
  }

  disconnectedCallback() {
    this.stop();
  }
}
customElements.define("scan-code", ScanCode);
