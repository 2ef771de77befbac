/* The cart without a new page: what is added opens the drawer, quantities change where they stand. */

import "./quantity-field.js";
import { ask, filledIn, parse, quietly, swap } from "./quietly.js";
import { fill, say } from "./say.js";

const drawer = document.getElementById("laci");
const ownPage = document.getElementById("isi-keranjang");
const place = ownPage ?? drawer.querySelector(".dialog__body");

/* One after the other, each with what it said when it was sent: no tap is lost while an answer is under way. */
const waiting = new Map();
let underWay = 0;
let last;

async function send(form, submitter) {
  const body = filledIn(form, submitter);
  if (ownPage) body.set("halaman", 1);
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  underWay++;
  try {
    const next = () => ask(form, body);
    return await (last = last ? last.then(next, next) : next());
  } finally {
    underWay--;
  }
}

/* What was half typed where the parcels go stays; what was changed meanwhile is shown by its own answer. */
function show(told) {
  if (!underWay && !waiting.size) {
    const fresh = parse(told.html).body;
    const district = fresh.querySelector("[name=tujuan]");
    if (district) district.value = place.querySelector("[name=tujuan]").value;
    swap(place, fresh);
  }
  dispatchEvent(new Event("cart-changed"));
  say(told.message || fill(document.getElementById("kabar").dataset.sum, { sum: told.subtotal_text }));
}

quietly("[action$='/keranjang/tambah']", async (form, submitter) => {
  const told = await send(form, submitter);
  if (told.kind === "error") throw told;
  show(told);
  if (!ownPage && !drawer.open) drawer.showModal();
});

quietly("[data-cart-line]", async (form, submitter) => show(await send(form, submitter)));

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-cart-line]");
  if (!form || !target.matches("[name=jumlah]")) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => form.requestSubmit(), 350));
});
