/* The cart without a new page: what is added opens the drawer, quantities change where they stand. Every form
   works by itself; when an answer does not come it is sent the ordinary way. */

import { fill, say } from "./say.js";

const drawer = () => document.getElementById("laci");

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  if (!told || !("count" in told)) throw new Error(String(answer.status));
  return told;
}

/* The page asked for its own way of sending: never twice at once. */
function plainly(form, submitter) {
  form.dataset.plain = "1";
  delete form.dataset.sent;
  form.requestSubmit(submitter?.form === form && submitter.isConnected ? submitter : undefined);
}

function put(place, html) {
  if (!place || html === undefined) return;
  const id = place.contains(document.activeElement) ? document.activeElement.id : "";
  const page = new DOMParser().parseFromString(html, "text/html");
  place.replaceChildren(...page.body.childNodes);
  if (id) (document.getElementById(id) ?? place.querySelector("a, button, input:not([type=hidden])"))?.focus();
}

function showAll(told) {
  put(document.getElementById("isi-keranjang"), told.cart_html);
  put(drawer()?.querySelector(".dialog__body"), told.drawer_html);
  dispatchEvent(new Event("cart-changed"));
  say(told.message || fill(document.getElementById("kabar")?.dataset.sum, { sum: told.subtotal_text }));
}

async function add(form, submitter) {
  const told = await send(form, submitter);
  if (told.kind === "error") throw new Error(told.message);
  showAll(told);
  const box = drawer();
  if (box && !box.open) box.showModal();
}

async function change(form, submitter) {
  showAll(await send(form, submitter));
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const act = form.matches("[data-cart-line]") ? change : form.action.endsWith("/keranjang/tambah") ? add : null;
  if (!act || form.dataset.plain || event.defaultPrevented) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  try {
    await act(form, event.submitter);
  } catch {
    plainly(form, event.submitter);
  }
  delete form.dataset.busy;
  event.submitter?.removeAttribute("aria-busy");
});

let waiting;
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-cart-line]");
  if (!form || !event.target.matches("[name=jumlah]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => form.isConnected && form.requestSubmit(), 350);
});
