/* <product-gallery>: small pictures scroll the row and show where it stands; a picture opens large in a dialog,
   fetched only then. Arrows step, a tap on it enlarges where it was touched, scrolling and pinching move it. */

import { fill } from "./say.js";

class ProductGallery extends HTMLElement {
  connectedCallback() {
    this.row = this.querySelector(".gallery__row");
    this.items = [...this.row.children];
    this.thumbs = [...this.querySelectorAll(".gallery__thumb")];
    this.box = this.querySelector("dialog");
    this.large = this.querySelector("[data-large]");
    this.addEventListener("click", (event) => this.clicked(event));
    this.box.addEventListener("keydown", (event) => this.step({ ArrowLeft: -1, ArrowRight: 1 }[event.key]));
    this.move(this.large.parentElement);
    const seen = new IntersectionObserver((entries) => {
      const entry = entries.find((one) => one.isIntersecting);
      if (entry) this.mark(this.items.indexOf(entry.target));
    }, { root: this.row, threshold: 0.6 });
    for (const item of this.items) seen.observe(item);
  }

  clicked(event) {
    const on = (selector) => event.target.closest(selector);
    const thumb = on(".gallery__thumb");
    const link = on("[data-zoom]");
    if (thumb) {
      event.preventDefault();
      this.show(this.thumbs.indexOf(thumb));
    } else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.enlarge(this.items.indexOf(link.closest("li")));
      this.box.showModal();
    } else if (on("[data-step]")) this.step(Number(on("[data-step]").dataset.step));
    else if (on("[data-grow]")) this.grow();
    else if (on("[data-large]") && !this.dragged) this.grow(event.offsetX / this.large.clientWidth, event.offsetY / this.large.clientHeight);
  }

  /* A mouse drags the enlarged picture (a finger scrolls it anyway); a finger swipes to the next one. */
  move(stage) {
    let from = null;
    stage.addEventListener("pointerdown", () => (this.dragged = false));
    stage.addEventListener("pointermove", (event) => {
      if (event.buttons !== 1 || event.pointerType !== "mouse" || !(event.movementX || event.movementY)) return;
      stage.scrollBy(-event.movementX, -event.movementY);
      this.dragged = true;
    });
    stage.addEventListener("touchstart", ({ touches }) => {
      from = touches.length === 1 && stage.scrollWidth <= stage.clientWidth && !(visualViewport?.scale > 1) ? touches[0].clientX : null;
    }, { passive: true });
    stage.addEventListener("touchend", ({ changedTouches }) => {
      const way = from === null ? 0 : changedTouches[0].clientX - from;
      if (Math.abs(way) > 50) this.step(way < 0 ? 1 : -1);
    });
  }

  mark(index) {
    this.thumbs.forEach((thumb, place) => (thumb.ariaCurrent = place === index || null));
  }

  show(index) {
    this.row.scrollTo({ left: this.items[index].offsetLeft - this.row.offsetLeft });
  }

  enlarge(index) {
    this.at = index;
    const link = this.items[index].querySelector("a");
    this.grow(0, 0, false);
    this.large.src = this.items[index].querySelector("img").currentSrc; /* what is here already, until the large one came */
    const wanted = new Image();
    wanted.src = link.href;
    wanted.decode().then(() => this.at === index && (this.large.src = link.href), () => {});
    this.large.alt = link.querySelector("img").alt;
    const count = this.querySelector("[data-count]");
    if (count) count.textContent = fill("{n} / {all}", { n: index + 1, all: this.items.length });
  }

  step(way) {
    if (!way || this.items.length < 2) return;
    this.enlarge((this.at + way + this.items.length) % this.items.length);
    this.show(this.at);
  }

  grow(x = 0.5, y = 0.5, large = !this.box.classList.contains("is-large")) {
    this.box.classList.toggle("is-large", large);
    this.querySelector("[data-grow]").ariaPressed = large;
    const stage = this.large.parentElement;
    stage.scrollTo(x * stage.scrollWidth - stage.clientWidth / 2, y * stage.scrollHeight - stage.clientHeight / 2);
  }
}
customElements.define("product-gallery", ProductGallery);
