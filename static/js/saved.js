/* Hearts: filled from this device's list (the cookie `disimpan`), turned without a new page. */

import { ask, filledIn, quietly } from "./quietly.js";
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

quietly("[data-save]", async (form, submitter) => {
  const told = await ask(form, filledIn(form, submitter));
  if (told.kind === "error") throw told;
  submitter.classList.toggle("is-new", told.saved);
  for (const one of document.querySelectorAll(`form[data-save="${form.dataset.save}"]`)) turn(one, told.saved);
  say(told.message);
});
