/* <spot-mark>: draws a box on a photo by touch; a tap makes one of a fifth. Writes "x,y,w,h" in per mille. */

const FIFTH = 200;
const within = (number) => Math.max(0, Math.min(1000, Math.round(number)));

class SpotMark extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input[data-mark]");
    if (!this.field) return;
    this.stage = this.querySelector(".spotted");
    this.layer = this.stage.querySelector("svg");
    this.stage.addEventListener("pointerdown", (event) => this.begin(event));
    this.stage.addEventListener("pointermove", (event) => this.from && this.draw(event));
    for (const end of ["pointerup", "pointercancel"]) this.stage.addEventListener(end, (event) => this.end(event));
    this.querySelector("[data-clear]").addEventListener("click", () => this.show(null));
    this.classList.add("is-ready");
    if (/^\d+,\d+,\d+,\d+$/.test(this.field.value)) this.show(this.field.value.split(",").map(Number));
  }

  at(event) {
    const box = this.stage.getBoundingClientRect();
    return [within(((event.clientX - box.left) / box.width) * 1000), within(((event.clientY - box.top) / box.height) * 1000)];
  }

  begin(event) {
    event.preventDefault();
    this.stage.setPointerCapture(event.pointerId);
    this.from = this.at(event);
  }

  draw(event) {
    const [x, y] = this.at(event);
    const [left, top] = this.from;
    this.show([Math.min(x, left), Math.min(y, top), Math.abs(x - left), Math.abs(y - top)]);
  }

  end(event) {
    if (!this.from) return;
    const [x, y] = this.at(event);
    const [left, top] = this.from;
    if (Math.abs(x - left) < 20 || Math.abs(y - top) < 20) {
      const corner = (middle) => Math.max(0, Math.min(1000 - FIFTH, middle - FIFTH / 2));
      this.show([corner(left), corner(top), FIFTH, FIFTH]);
    }
    this.from = null;
  }

  show(mark) {
    this.field.value = mark ? mark.join(",") : "";
    this.layer.replaceChildren();
    if (!mark) return;
    const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    box.setAttribute("class", "spotted__box");
    ["x", "y", "width", "height"].forEach((name, place) => box.setAttribute(name, mark[place]));
    this.layer.append(box);
  }
}
customElements.define("spot-mark", SpotMark);
