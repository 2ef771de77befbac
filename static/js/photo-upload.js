/* <photo-upload> around a file field: shows what was chosen, takes dropped files, says what is too large. */

import { fill } from "./say.js";

const MOST_BYTES = 15 * 1024 * 1024;
const megabytes = (bytes) => (bytes / 1024 / 1024).toFixed(1).replace(".", ",") + " MB";

class PhotoUpload extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector("[data-previews]");
    this.input.addEventListener("change", () => this.show());
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.classList.add("is-over");
    });
    this.addEventListener("dragleave", () => this.classList.remove("is-over"));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.classList.remove("is-over");
      const { files } = event.dataTransfer;
      this.take(this.input.multiple ? [...this.input.files, ...files] : [files[0]]);
    });
  }

  take(files) {
    const kept = new DataTransfer();
    for (const file of files) kept.items.add(file);
    this.input.files = kept.files;
    this.show();
  }

  show() {
    this.list.replaceChildren(...[...this.input.files].map((file, index) => this.row(file, index)));
    this.list.hidden = !this.input.files.length;
  }

  row(file, index) {
    const row = document.createElement("li");
    row.className = "upload__item";
    if (file.type.startsWith("image/")) {
      const image = document.createElement("img");
      image.className = "upload__image";
      image.alt = "";
      image.src = URL.createObjectURL(file);
      image.onload = () => URL.revokeObjectURL(image.src);
      row.append(image);
    }
    const words = document.createElement("span");
    words.className = "upload__name";
    const large = file.size > MOST_BYTES;
    row.classList.toggle("is-too-large", large);
    const said = { name: file.name, size: megabytes(file.size) };
    words.textContent = fill(large ? this.dataset.large : "{name} · {size}", said);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "upload__remove";
    remove.textContent = "×";
    remove.ariaLabel = fill(this.dataset.remove, said);
    remove.addEventListener("click", () => {
      this.take([...this.input.files].filter((_, place) => place !== index));
      this.input.focus();
    });
    row.append(words, remove);
    return row;
  }
}
customElements.define("photo-upload", PhotoUpload);
