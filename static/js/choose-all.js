/* <choose-all data-form="id">: one box that ticks all boxes of a form, wherever on the page they stand. */

class ChooseAll extends HTMLElement {
  connectedCallback() {
    const all = this.querySelector("input");
    const boxes = () => [...document.querySelectorAll(`input[type="checkbox"][form="${this.dataset.form}"]`)];
    const draw = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
    };
    this.hidden = false;
    all.addEventListener("change", () => boxes().forEach((box) => (box.checked = all.checked)));
    document.addEventListener("change", draw);
    addEventListener("pageshow", draw);
  }
}
customElements.define("choose-all", ChooseAll);
