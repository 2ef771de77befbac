/* <photo-order> around the photos of a product: one is dragged to its place, by its handle with a finger, anywhere
   with a mouse. The buttons beside it do the same step by step. Each move is saved at once; what stands there
   afterwards comes from the shop. */

import { parse } from "./quietly.js";
import { say } from "./say.js";

const EDGE = 88; // pixels: this close to the window's edge the page follows
const STEP = 10;
const far = (from, to, at) => Math.max(from - at, 0, at - to);

class PhotoOrder extends HTMLElement {
  connectedCallback() {
    this.dress();
    this.addEventListener("pointerdown", (event) => this.begin(event));
    this.addEventListener("pointermove", (event) => this.follow(event));
    this.addEventListener("pointerup", (event) => this.end(event, true));
    this.addEventListener("pointercancel", (event) => this.end(event, false));
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.addEventListener("submit", (event) => this.press(event));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.end(this.drag, false));
  }

  get items() {
    return [...this.querySelectorAll("[data-photo]")];
  }

  get order() {
    return this.items.map((item) => item.dataset.photo).join();
  }

  dress() {
    const some = this.items.filter((item) => item.querySelector("form[data-move]"));
    this.classList.toggle("is-ready", some.length > 1);
    for (const item of some) {
      const grip = document.createElement("span");
      grip.className = "album__grip";
      item.querySelector(".photo").append(grip);
    }
  }

  begin(event) {
    const item = event.target.closest("[data-photo]");
    const wanted = event.pointerType === "mouse" ? ".photo" : ".album__grip";
    if (!item || event.button || this.drag || this.busy || !event.target.closest(wanted)) return;
    if (!this.classList.contains("is-ready")) return;
    event.preventDefault();
    this.setPointerCapture(event.pointerId);
    const { left, top } = item.getBoundingClientRect();
    const { pointerId, clientX, clientY } = event;
    this.drag = { item, pointerId, clientX, clientY, dx: clientX - left, dy: clientY - top, was: this.items, order: this.order };
    item.classList.add("is-dragged");
    this.creep();
  }

  follow({ pointerId, clientX, clientY }) {
    if (pointerId !== this.drag?.pointerId) return;
    Object.assign(this.drag, { clientX, clientY });
    this.draw();
  }

  /* The photo stays under the finger; the one whose middle the finger has passed makes room. */
  draw() {
    const { item, clientX: x, clientY: y, dx, dy } = this.drag;
    item.style.transform = "";
    const items = this.items;
    const boxes = new Map(items.map((one) => [one, one.getBoundingClientRect()]));
    const away = (box) => Math.hypot(far(box.left, box.right, x), far(box.top, box.bottom, y));
    const near = items.reduce((best, one) => (away(boxes.get(one)) < away(boxes.get(best)) ? one : best), item);
    const box = boxes.get(near);
    const forth = items.indexOf(near) > items.indexOf(item);
    const own = boxes.get(item);
    const stacked = items.every((one) => Math.abs(boxes.get(one).left - own.left) < 2);
    const inRow = Math.abs(box.top - own.top) < box.height / 2;
    const beyond = stacked ? y > (box.top + box.bottom) / 2 : inRow ? x > (box.left + box.right) / 2 : forth;
    if (near !== item && beyond === forth) forth ? near.after(item) : near.before(item);
    const { left, top } = item.getBoundingClientRect();
    item.style.transform = `translate(${x - dx - left}px, ${y - dy - top}px)`;
  }

  creep() {
    if (!this.drag) return;
    const { clientY: y } = this.drag;
    const way = y > innerHeight - EDGE ? STEP : y < EDGE ? -STEP : 0;
    const before = scrollY;
    if (way) scrollBy({ top: way, behavior: "instant" });
    if (scrollY !== before) this.draw();
    requestAnimationFrame(() => this.creep());
  }

  end(event, meant) {
    if (!event || event.pointerId !== this.drag?.pointerId) return;
    const { item, was, order } = this.drag;
    this.drag = null;
    item.classList.remove("is-dragged");
    item.style.transform = "";
    if (!meant) return this.put(was);
    if (this.order !== order) this.save(item, this.items.indexOf(item) + 1, was, order);
  }

  put(items) {
    items.at(-1).parentNode.append(...items);
  }

  /* The buttons: the same, without a new page under what is being typed. */
  async press(event) {
    const form = event.target.closest("form[data-move]");
    if (!form) return;
    event.preventDefault();
    if (this.busy || this.drag) return;
    const item = form.closest("[data-photo]");
    const { value } = event.submitter;
    const place = this.items.indexOf(item) + (value === "up" ? 0 : 2);
    await this.save(item, place, this.items, this.order);
    const again = this.items.find((one) => one.dataset.photo === item.dataset.photo);
    const way = (name) => again?.querySelector(`button[value="${name}"]:not(:disabled)`);
    (way(value) ?? way("up") ?? way("down"))?.focus();
  }

  async save(item, place, was, order) {
    this.busy = true;
    this.ariaBusy = "true";
    const form = item.querySelector("form[data-move]");
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, place, seen: order });
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!told.words && !told.error) throw new Error(String(answer.status));
      await this.renew();
      say(told.words ?? told.error);
    } catch {
      this.put(was);
      say(this.dataset.failed);
    }
    this.busy = false;
    this.ariaBusy = null;
  }

  /* What the page says about the photos is said anew; what is being typed stays. */
  async renew() {
    const fresh = parse(await (await fetch(this.dataset.page)).text());
    const { top } = this.getBoundingClientRect();
    for (const place of ["photo-order", "[data-standing]"]) {
      const old = document.querySelector(place);
      const now = fresh.querySelector(place);
      if (old && now) old.replaceChildren(...now.childNodes);
    }
    this.dress();
    scrollBy({ top: this.getBoundingClientRect().top - top, behavior: "instant" }); // what stands above may have grown
    document.querySelector("live-preview")?.draw?.();
  }
}
customElements.define("photo-order", PhotoOrder);
