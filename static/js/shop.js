/* What every page of the shop may use. Each part improves HTML that works without it, and is fetched only
   where its element stands, or at the first sign that it is wanted. */

import "./dialogs.js";

const PARTS = {
  "copy-text": "./copy-text.js",
  "quantity-field": "./quantity-field.js",
  "photo-upload": "./photo-upload.js",
  "district-picker": "./district-picker.js",
  "checkout-form": "./checkout-form.js",
  "poll-status": "./poll-status.js",
  "recent-items": "./recent-items.js",
  "product-gallery": "./gallery.js",
  "shipping-cost": "./shipping-cost.js",
  "[data-buy-form]": "./buy-form.js",
  "form[data-cart-line], form[action$='/keranjang/tambah']": "./cart.js",
};

for (const [selector, file] of Object.entries(PARTS)) {
  if (document.querySelector(selector)) import(file);
}

const search = document.querySelector("search-box");
search?.addEventListener("focusin", () => import("./search-box.js"), { once: true });
if (search?.contains(document.activeElement)) import("./search-box.js");

/* Hearts are empty on pages that everybody shares; this device knows which ones to fill. */
const hearts = () => document.querySelector("form[data-save]") && import("./saved.js").then((part) => part.showSaved());
hearts();
for (const moment of ["pageshow", "cards-added"]) addEventListener(moment, hearts);

/* The number beside the cart: pages are the same for all visitors, so it comes from a cookie. */
function showCount() {
  const pieces = Number(/(?:^|; )isi_keranjang=(\d+)/.exec(document.cookie)?.[1] ?? 0);
  for (const place of document.querySelectorAll("cart-count")) {
    place.textContent = pieces > 99 ? "99+" : pieces || "";
    place.ariaLabel = pieces ? place.dataset.words.replace("{n}", pieces) : null;
    place.role = pieces ? "img" : null;
  }
}
for (const moment of ["pageshow", "cart-changed"]) addEventListener(moment, showCount);
showCount();

/* A summary of errors is read first. */
document.querySelector("[autofocus][role=alert]")?.focus();

/* A form is sent once, however often its button is pressed. */
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent], form[data-plain]")) {
    delete form.dataset.sent;
    delete form.dataset.plain;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

/* The photo of a card becomes the photo of its product: on each page one photo has the name, no second one. */
addEventListener("click", (event) => {
  const photo = event.target.closest?.(".card__link")?.closest(".card")?.querySelector(".photo");
  if (photo) for (const one of document.querySelectorAll(".photo")) one.style.viewTransitionName = one === photo ? "product-photo" : "none";
});
addEventListener("pageshow", () => {
  for (const photo of document.querySelectorAll(".photo[style]")) photo.style.viewTransitionName = "";
});

/* Filters apply themselves when a choice changes; without script a button does it. */
for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
  });
}
