/* What every page of the shop may use. Each part improves HTML that works without it, and is fetched only
   where its element stands. */

const PARTS = {
  "copy-text": "./copy-text.js",
  "quantity-field": "./quantity-field.js",
  "photo-upload": "./photo-upload.js",
  "district-picker": "./district-picker.js",
  "checkout-form": "./checkout-form.js",
  "poll-status": "./poll-status.js",
  "[data-buy-bar]": "./buy-bar.js",
  "[data-buy-form]": "./buy-form.js",
  "[data-gallery]": "./gallery.js",
};

for (const [selector, file] of Object.entries(PARTS)) {
  if (document.querySelector(selector)) import(file);
}

/* The number beside the cart: pages are the same for all visitors, so it comes from a cookie. */
function showCount() {
  const pieces = Number(/(?:^|; )isi_keranjang=(\d+)/.exec(document.cookie)?.[1] ?? 0);
  for (const place of document.querySelectorAll("cart-count")) {
    place.textContent = pieces > 99 ? "99+" : pieces || "";
    if (pieces) place.setAttribute("aria-label", `${pieces} barang`);
    else place.removeAttribute("aria-label");
  }
}
showCount();
addEventListener("pageshow", showCount);

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
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

/* The photo of a card becomes the photo of its product. */
addEventListener("click", (event) => {
  const photo = event.target.closest?.(".card__link")?.closest(".card")?.querySelector(".photo");
  if (photo) photo.style.viewTransitionName = "product-photo";
});

/* A transition that a browser gives up is nothing to complain about. */
function calm(transition) {
  for (const step of ["ready", "updateCallbackDone", "finished"]) transition?.[step]?.catch(() => {});
}
calm(document.activeViewTransition);
for (const moment of ["pageswap", "pagereveal"]) addEventListener(moment, (event) => calm(event.viewTransition));

/* Filters apply themselves when a choice changes; without script a button does it. */
for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
  });
}
