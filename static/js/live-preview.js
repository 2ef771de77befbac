/* <live-preview> shows a product as buyers will see it while it is typed: the page's own form is sent with
   action=look, nothing is saved, and this element's part of the answer comes back. On a phone [data-look] opens
   it as a sheet. Photos that were only chosen so far are shown from the device. */

import { parse } from "./quietly.js";

const PAUSE = 500;

class LivePreview extends HTMLElement {
  connectedCallback() {
    this.forms = this.dataset.forms.split(" ").map((id) => document.querySelector(`#${id} form[data-keep]`)).filter(Boolean);
    if (!this.forms.length) return;
    this.sheet = document.getElementById(this.dataset.sheet);
    const soon = (event) => {
      if (!this.forms.includes(event.target.form)) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.draw(), PAUSE);
    };
    document.addEventListener("input", soon);
    document.addEventListener("change", soon);
    for (const button of document.querySelectorAll("[data-look]")) button.addEventListener("click", (event) => this.open(event));
  }

  async draw() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = new AbortController();
    const [form, ...more] = this.forms;
    const body = new FormData();
    for (const one of [form, ...more]) {
      for (const [name, value] of new FormData(one)) if (typeof value === "string" && !(one !== form && name === "csrf_token")) body.append(name, value);
    }
    body.set("action", "look");
    try {
      const answer = await fetch(form.getAttribute("action") ?? location.pathname, { method: "POST", body, signal: this.request.signal });
      const fresh = answer.ok && parse(await answer.text()).querySelector("live-preview");
      if (!fresh) return false;
      this.replaceChildren(...fresh.childNodes);
      this.hang(form);
      return true;
    } catch (error) {
      if (error.name === "AbortError") return true;
      return false;
    }
  }

  /* The first chosen photo, where the shop has none yet. */
  hang(form) {
    const input = form.querySelector("input[type=file]");
    const file = input?.files[0] ?? input?.closest("photo-sender")?.first;
    if (!file?.type.startsWith("image/")) return;
    this.url &&= URL.revokeObjectURL(this.url);
    this.url = URL.createObjectURL(file);
    for (const place of this.querySelectorAll(".photo--none")) {
      const image = new Image();
      image.className = "photo__image";
      image.src = this.url;
      place.classList.remove("photo--none");
      place.replaceChildren(image);
    }
  }

  async open(event) {
    if (!this.sheet?.showModal) return;
    event.preventDefault();
    if (!(await this.draw())) return;
    this.sheet.querySelector(".dialog__body").replaceChildren(...[...this.childNodes].map((node) => node.cloneNode(true)));
    this.sheet.showModal();
  }
}
customElements.define("live-preview", LivePreview);
