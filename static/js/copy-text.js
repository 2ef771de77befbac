/* <copy-text data-value="…"> with a hidden button: shows the button and copies the value. */

class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const words = this.querySelector("[data-words]");
    if (!button || !words || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(this.dataset.value);
        words.textContent = "Tersalin";
      } catch {
        words.textContent = "Tekan lama untuk menyalin";
      }
      words.setAttribute("role", "status");
      setTimeout(() => (words.textContent = "Salin"), 2500);
    });
  }
}
customElements.define("copy-text", CopyText);
