/* <poll-status data-url data-status>: an order page that waits for the bank asks how things are, and loads
   again when they changed. Gives up after five minutes. Without script the visitor loads the page again. */

const EVERY = 2500;
const ROUNDS = 120;

class PollStatus extends HTMLElement {
  connectedCallback() {
    this.left = ROUNDS;
    this.timer = setInterval(() => this.ask(), EVERY);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async ask() {
    if (this.left-- <= 0) return clearInterval(this.timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(this.dataset.url, { headers: { Accept: "application/json" } });
      if (answer.ok && (await answer.json()).status !== this.dataset.status) location.replace(location.pathname);
    } catch { /* the next round asks again */ }
  }
}

customElements.define("poll-status", PollStatus);
