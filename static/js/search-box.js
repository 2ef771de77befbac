/* <search-box> around the header's search: products with their photos, and the shelves, Lapas and fairs that fit. */

import { Combobox } from "./combobox.js";
import { fill } from "./say.js";

const part = (name, words) => {
  const span = document.createElement("span");
  span.className = `suggest__${name}`;
  span.textContent = words ?? "";
  return span;
};

class SearchBox extends Combobox {
  flat({ products = [], places = [], meant }, words) {
    const results = (text) => `${this.dataset.results}?q=${encodeURIComponent(text)}`;
    return [
      ...(meant ? [{ url: results(meant), label: fill(this.dataset.meant, { q: meant }), kind: "" }] : []),
      ...products,
      ...places,
      ...(products.length ? [{ url: results(words), label: fill(this.dataset.all, { q: words }), kind: "" }] : []),
    ];
  }

  draw(option, one) {
    if (!one.title) return option.append(part("name", one.label), part("kind", one.kind));
    option.classList.add("suggest__option--photo");
    const picture = document.createElement("img");
    Object.assign(picture, { alt: "", width: 40, height: 50, className: "suggest__photo" });
    if (one.tone) picture.style.backgroundColor = one.tone;
    if (one.photo) picture.src = one.photo;
    option.append(picture, part("name", one.title), part("kind", one.facility), part("price", one.price));
  }

  choose(one, event) {
    if (event.ctrlKey || event.metaKey) return open(one.url);
    this.close();
    location.assign(one.url);
  }
}
customElements.define("search-box", SearchBox);
