/* The cart without a new page: what is added opens the drawer, quantities change where they stand. Every form
   works by itself; when an answer does not come it is sent the ordinary way. */

import "./quantity-field.js";
import { fill, say } from "./say.js";
import { parse, swap } from "./swap.js";

const drawer = document.getElementById("laci");
const ownPage = document.getElementById("isi-keranjang");
const place = ownPage ?? drawer.querySelector(".dialog__body");

/* One after the other, each with what it said when it was sent: no tap is lost while an answer is under way. */
const waiting = new Map();
let underWay = 0;
let last = Promise.resolve();

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  if (ownPage) body.set("halaman", 1);
  const ask = () => fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  underWay++;
  try {
    const answer = await (last = last.then(ask, ask));
    if (!answer.headers.get("Content-Type")?.includes("json")) throw new Error(String(answer.status));
    return await answer.json();
  } finally {
    underWay--;
  }
}

/* The page asked for its own way of sending: never twice at once. */
function plainly(form, submitter) {
  if (!form.isConnected) return location.reload();
  form.dataset.plain = "1";
  delete form.dataset.sent;
  form.requestSubmit(submitter ?? undefined);
}

/* What was half typed where the parcels go stays; what was changed meanwhile is shown by its own answer. */
function show(told) {
  const district = () => place.querySelector("[name=tujuan]");
  const typed = district()?.value;
  if (!underWay && !waiting.size) swap(place, parse(told.html).body);
  if (typed && district() && district().value !== typed) {
    district().value = typed;
    district().dispatchEvent(new Event("input"));
  }
  dispatchEvent(new Event("cart-changed"));
  say(told.message || fill(document.getElementById("kabar").dataset.sum, { sum: told.subtotal_text }));
}

async function add(form, submitter) {
  const told = await send(form, submitter);
  if (told.kind === "error") throw new Error(told.message);
  show(told);
  if (!ownPage && !drawer.open) drawer.showModal();
}

async function change(form, submitter) {
  show(await send(form, submitter));
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const act = form.matches("[data-cart-line]") ? change : form.action.endsWith("/keranjang/tambah") ? add : null;
  if (!act || form.dataset.plain || event.defaultPrevented) return;
  event.preventDefault();
  if (submitter?.ariaBusy) return;
  submitter?.setAttribute("aria-busy", "true");
  try {
    await act(form, submitter);
  } catch {
    plainly(form, submitter);
  }
  submitter?.removeAttribute("aria-busy");
});

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-cart-line]");
  if (!form || !target.matches("[name=jumlah]")) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => form.requestSubmit(), 350));
});
