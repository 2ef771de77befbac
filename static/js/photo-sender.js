/* <photo-sender> around a file field: each photo is sent on its own as soon as it is chosen, with its
   progress; what fails is sent again with one tap. Without it the form sends them all together. */

import { fill, say } from "./say.js";

const AT_ONCE = 2;
const PATIENT = 20;
const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

class PhotoSender extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.input = this.querySelector("input[type=file]");
    this.box = this.querySelector("input[name=checked]");
    this.rows = this.querySelector("[data-sent]");
    this.note = this.querySelector("[data-tick]");
    this.button = this.form.querySelector("[data-send]");
    this.queue = [];
    this.running = 0;
    this.button?.classList.add("is-spare");
    for (const line of this.querySelectorAll(".kept__item")) this.movable(line, line.dataset.name);
    this.ask();
    this.input.addEventListener("change", () => this.take());
    this.box.addEventListener("change", () => this.go());
    this.form.addEventListener("submit", (event) => this.hold(event), { capture: true });
    if (!this.form.dataset.sent) this.take(); // what was chosen before this came
  }

  /* Who sends the form while photos are on their way means: with them. */
  hold(event) {
    if (!this.running && !this.queue.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.pressed = event.submitter;
    this.go();
    if (!this.note.hidden) this.box.focus();
  }

  take() {
    if (!this.input.files.length) return;
    this.first ??= this.input.files[0]; // what a preview may show before the shop has it
    for (const file of this.input.files) this.queue.push(this.row(file));
    this.input.value = "";
    this.querySelector("photo-upload").show?.();
    this.go();
  }

  /* The checklist is about photos: it is asked once there are some. */
  ask() {
    const some = this.rows.children.length || this.form.querySelector("input[name=kept]");
    this.classList.toggle("has-photos", Boolean(some) || this.box.checked);
  }

  go() {
    this.ask();
    this.note.hidden = this.box.checked || !this.queue.length;
    while (this.box.checked && this.queue.length && this.running < AT_ONCE) this.send(this.queue.shift());
  }

  row(file) {
    const line = document.createElement("li");
    line.className = "sent__item";
    line.file = file;
    const words = document.createElement("span");
    words.className = "sent__name";
    words.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.ariaLabel = file.name;
    line.append(words, bar);
    this.rows.append(line);
    return { file, line, words, bar };
  }

  async send(row) {
    this.running += 1;
    for (const button of row.line.querySelectorAll("button")) button.remove();
    row.line.classList.remove("is-failed");
    const { file } = row;
    for (let turn = 0; ; turn += 1) {
      row.words.textContent = file.name;
      const answer = await this.post(row);
      if (answer.status === 200) {
        this.done(row, answer.body);
        break;
      }
      if (![429, 503].includes(answer.status) || turn === PATIENT) {
        this.failed(row, answer.body.error);
        break;
      }
      row.words.textContent = fill(this.dataset.waits, { name: file.name });
      await wait(answer.after + Math.random());
    }
    this.running -= 1;
    this.go();
    if (this.pressed && !this.running && !this.queue.length) {
      const { pressed } = this;
      this.pressed = null;
      this.form.requestSubmit(pressed);
    }
    if (!this.running && !this.queue.length && this.dataset.then === "reload" && !this.rows.querySelector(".is-failed")) {
      location.reload();
    }
  }

  post({ file, bar }) {
    return new Promise((answer) => {
      const body = new FormData();
      body.append("csrf_token", this.form.elements.csrf_token.value);
      body.append("checked", "yes");
      body.append("photos", file);
      const request = new XMLHttpRequest();
      request.open("POST", this.dataset.url);
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => event.lengthComputable && (bar.value = event.loaded / event.total);
      request.onerror = () => answer({ status: 0, body: {} });
      request.onload = () => {
        let said = {};
        try {
          said = JSON.parse(request.responseText);
        } catch {
          /* a page instead of words: ours say it */
        }
        answer({ status: request.status, body: said, after: Number(request.getResponseHeader("Retry-After")) || 2 });
      };
      request.send(body);
    });
  }

  done(row, said) {
    row.bar.value = 1;
    row.line.classList.add("is-done");
    if (!said.note) return;
    row.bar.remove();
    const image = document.createElement("img");
    image.className = "sent__image";
    image.src = said.src;
    image.alt = "";
    const label = document.createElement("label");
    label.className = "kept__label";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = "kept";
    box.value = said.note;
    box.checked = true;
    row.words.textContent = fill(this.dataset.use, { name: row.file.name });
    label.append(box, row.words);
    row.line.append(image, label);
    this.movable(row.line, row.file.name);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* Photos that wait for the form go one place to the front; the first is the cover. */
  movable(line, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.classList.add("button", "button--small", "button--secondary", "sent__earlier");
    button.textContent = line.matches(".kept__item") ? "←" : "↑";
    button.ariaLabel = fill(this.dataset.earlier, { name });
    button.addEventListener("click", () => {
      const last = line.parentNode === this.rows ? this.querySelector(".kept > li:last-child") : null;
      const before = line.previousElementSibling ?? last;
      if (!before) return;
      before.before(line);
      this.first = this.rows.firstElementChild?.file;
      const row = [...this.querySelectorAll(".kept > li, .sent > li")];
      say(fill(this.dataset.moved, { name, place: row.indexOf(line) + 1 }));
      line.querySelector("input").dispatchEvent(new Event("input", { bubbles: true }));
      (button.checkVisibility() ? button : line.querySelector("input")).focus();
    });
    line.append(button);
  }

  failed(row, words) {
    row.line.classList.add("is-failed");
    row.words.textContent = fill("{name}: {words}", { name: row.file.name, words: words || this.dataset.failed });
    const again = document.createElement("button");
    again.type = "button";
    again.classList.add("button", "button--small", "button--secondary");
    again.textContent = this.dataset.again;
    again.addEventListener("click", () => {
      this.queue.push(row);
      this.go();
    });
    const away = document.createElement("button");
    away.type = "button";
    away.className = "upload__remove";
    away.textContent = "×";
    away.ariaLabel = fill(this.dataset.remove, { name: row.file.name });
    away.addEventListener("click", () => row.line.remove());
    row.line.append(again, away);
  }
}
customElements.define("photo-sender", PhotoSender);
