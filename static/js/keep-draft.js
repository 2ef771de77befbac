/* A form that is kept as it is typed (form[data-draft]): on this device at once, in the shop after a pause. What the
   shop answers stands beside the fields. Without a connection the device keeps it and sends it later; what another
   screen saved meanwhile is never overwritten unasked. Of a product that is there already (data-product) only what
   was changed is kept. */

const PAUSE = 1200;
const AGAIN = 15000;
const given = (field) => ([...(field.options ?? [])].find((one) => one.defaultSelected) ?? field.options?.[0])?.value;
const touched = (field) => field.type !== "file" && (field.value !== (field.defaultValue ?? given(field) ?? field.value) || field.checked !== field.defaultChecked);
const same = (one, other) => one.replace(/\s+/g, " ").trim() === other.replace(/\s+/g, " ").trim();
const OURS = ["csrf_token", "draft", "revision", "kept", "checked", "action"];

class Keeper {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-draft-status]");
    this.clash = form.querySelector("[data-draft-clash]");
    this.restore();
    const soon = (event) => this.soon(event);
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("focusout", () => this.remark());
    form.addEventListener("submit", (event) => this.leave(event));
    addEventListener("online", () => this.waiting && this.send());
    this.clash.querySelector("[data-draft-mine]").addEventListener("click", () => this.insist());
    document.querySelector("form[data-draft-drop]")?.addEventListener("submit", () => this.drop());
    const unsaved = "unsaved" in form.dataset || [...form.elements].some(touched); // typed before this came
    if (!form.dataset.sent && unsaved) this.later();
  }

  get slot() {
    const { owner, product } = this.form.dataset;
    return `draf:${owner}:${product ? `produk-${product}` : this.value("draft") || "baru"}`;
  }

  value(name) {
    return this.form.elements[name]?.value ?? "";
  }

  soon(event) {
    if (event.target.type === "file") return;
    delete event.target.dataset.suggested;
    this.later();
  }

  later() {
    this.hold();
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.send(), PAUSE);
  }

  /* The device may refuse to keep anything: then there is only the shop. */
  hold() {
    this.waiting = true;
    const fields = [...this.form.elements].filter((one) => one.name && one.value !== undefined && !OURS.includes(one.name));
    const kept = fields.filter((one) => !/file|submit|button/.test(one.type) && (!this.form.dataset.product || touched(one)));
    const typed = kept.filter((one) => one.type !== "radio" || one.checked).map((one) => [one.name, this.says(one)]);
    try {
      localStorage.setItem(this.slot, JSON.stringify({ typed, revision: this.value("revision") }));
    } catch {}
  }

  says(field) {
    return field.type === "checkbox" && !field.checked ? "" : field.value;
  }

  forget() {
    this.waiting = false;
    try {
      localStorage.removeItem(this.slot);
    } catch {}
  }

  restore() {
    let held;
    try {
      held = JSON.parse(localStorage.getItem(this.slot));
    } catch {}
    if (!held) return;
    const fields = this.form.elements;
    const other = held.typed.filter(([name, value]) => fields[name] && !touched(fields[name]) && !same(this.says(fields[name]), value));
    if (!other.length) return this.forget(); // it arrived
    for (const [name, value] of other) {
      if (fields[name].type === "checkbox") fields[name].checked = Boolean(value);
      else fields[name].value = value;
    }
    if (held.revision) fields.revision.value = held.revision;
    this.say(this.form.dataset.restored);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  async send() {
    clearTimeout(this.timer);
    if (this.busy) return void (this.more = true);
    this.busy = true;
    this.more = false;
    this.waiting = true;
    this.request = new AbortController();
    try {
      const body = new FormData(this.form);
      body.delete("photos");
      for (const one of this.form.querySelectorAll("[data-suggested]")) body.delete(one.name);
      const asked = { method: "POST", body, headers: { Accept: "application/json" }, signal: this.request.signal };
      const answer = await fetch(this.form.dataset.draft, asked);
      this.away = answer.redirected || answer.status === 400; // to the sign-in, or the page is too old
      if (this.away || !answer.headers.get("Content-Type")?.includes("json")) throw new Error(String(answer.status));
      this.failed = false;
      this.heard(answer.status, await answer.json());
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failed = true;
      this.say(this.away ? this.form.dataset.away : this.form.dataset.held);
      this.timer = setTimeout(() => this.send(), AGAIN);
    } finally {
      this.busy = false;
    }
    if (this.more) this.send();
  }

  heard(status, told) {
    if (status === 409 || status === 404) return this.stop(told);
    if (told.draft === null) return this.forget();
    if (!told.draft) return this.say(told.words ?? told.error);
    if (!this.more) this.forget();
    const { draft, revision } = this.form.elements;
    draft.value = told.draft;
    revision.value = told.revision;
    if (this.form.dataset.open) history.replaceState(null, "", `${this.form.dataset.open}?formulir=${told.draft}`);
    this.told = told;
    this.suggest("category_id", told.category_id, this.form.dataset.likely);
    this.suggest("weight", told.weight, this.form.dataset.usual);
    this.remark();
    this.say(told.words);
    this.form.dispatchEvent(new Event("kept"));
  }

  /* A suggestion fills what is empty and follows the name until somebody chooses. */
  suggest(name, value, why) {
    const field = this.form.elements[name];
    if (!value || (field.value && !field.dataset.suggested)) return;
    field.value = value;
    field.dataset.suggested = "yes";
    this.told.remarks[name] = why;
  }

  /* Nobody is corrected in the middle of a word: the field that is typed in waits. */
  remark() {
    if (!this.told) return;
    const { errors, remarks } = this.told;
    for (const place of this.form.querySelectorAll("[data-remark]")) {
      const name = place.dataset.remark;
      if (document.activeElement?.name === name) continue;
      const words = errors[name] ?? remarks[name] ?? "";
      place.textContent = words;
      place.hidden = !words;
      place.classList.toggle("remark--wrong", name in errors);
    }
  }

  stop(told) {
    this.stopped = true;
    this.newer = told;
    this.clash.querySelector("[data-draft-words]").textContent = told.words ?? told.error;
    this.clash.querySelector("[data-draft-mine]").hidden = !told.revision;
    const theirs = this.clash.querySelector("[data-draft-theirs]");
    if (told.revision && this.form.dataset.open) theirs.href = `${this.form.dataset.open}?formulir=${this.value("draft")}`;
    theirs.addEventListener("click", () => this.forget());
    this.clash.hidden = false;
    this.say("");
  }

  insist() {
    const { draft, revision } = this.form.elements;
    draft.value = this.newer.draft ?? draft.value;
    revision.value = this.newer.revision;
    this.stopped = false;
    this.clash.hidden = true;
    this.send();
  }

  leave(event) {
    if (event.submitter?.value === "look") return;
    clearTimeout(this.timer);
    if (!navigator.onLine) {
      event.preventDefault();
      this.hold();
      return this.say(this.form.dataset.held);
    }
    this.request?.abort();
    if (!this.failed) this.forget();
  }

  drop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.request?.abort();
    this.forget();
  }

  say(words) {
    this.state.textContent = words ?? "";
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) new Keeper(form);
