/* Hearts: filled from this device's list (the cookie `disimpan`), turned without a new page. */

import { say } from "./say.js";

const list = () => new Set((/(?:^|; )disimpan=([\d.]+)/.exec(document.cookie)?.[1] ?? "").split("."));

function turn(form, on) {
  const button = form.querySelector("button");
  button.setAttribute("aria-pressed", String(on));
  button.value = on ? "hapus" : "simpan";
  button.ariaLabel = on ? button.dataset.savedLabel : button.dataset.label;
}

export function showSaved() {
  const saved = list();
  for (const form of document.querySelectorAll("form[data-save]")) if (saved.has(form.dataset.save)) turn(form, true);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-save]") || event.defaultPrevented || form.dataset.plain) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    event.submitter.classList.toggle("is-new", told.saved);
    for (const one of document.querySelectorAll(`form[data-save="${form.dataset.save}"]`)) turn(one, told.saved);
    say(told.message);
  } catch {
    form.dataset.plain = "1";
    form.requestSubmit(event.submitter);
  }
  delete form.dataset.busy;
});
