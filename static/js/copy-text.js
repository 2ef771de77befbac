/* <copy-text data-value="…"> with a hidden button: shows the button and copies the value. */

class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const words = this.querySelector("[data-words]");
    if (!navigator.clipboard) return;
    const before = words.textContent;
    button.hidden = false;
    words.role = "status";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(this.dataset.value);
        words.textContent = this.dataset.done;
      } catch {
        words.textContent = this.dataset.failed;
      }
      setTimeout(() => (words.textContent = before), 2500);
    });
  }
}
customElements.define("copy-text", CopyText);
