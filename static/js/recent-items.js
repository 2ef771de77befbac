/* <recent-items>: remembers on this device which products were opened (their ids, nothing else), and shows
   today's cards of the others. */

const KEY = "terlihat";
const MOST = 9;

class RecentItems extends HTMLElement {
  async connectedCallback() {
    const here = Number(this.dataset.seen) || 0;
    const before = this.known().filter((id) => id !== here);
    if (here) this.keep([here, ...before].slice(0, MOST));
    this.querySelector("[data-forget]")?.addEventListener("click", () => {
      this.keep([]);
      this.hidden = true;
    });
    if (!before.length) return;
    try {
      const answer = await fetch(`${this.dataset.src}?id=${before.slice(0, MOST - 1)}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !page.querySelector("li")) return;
      this.querySelector("[data-cards]").replaceChildren(...page.body.childNodes);
      this.hidden = false;
      dispatchEvent(new Event("cards-added"));
    } catch { /* the page is complete without it */ }
  }

  known() {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "[]").filter(Number.isInteger);
    } catch {
      return [];
    }
  }

  keep(ids) {
    try {
      localStorage.setItem(KEY, JSON.stringify(ids));
    } catch { /* a device that keeps nothing */ }
  }
}
customElements.define("recent-items", RecentItems);
