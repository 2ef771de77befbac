/* The back office: the same parts as the shop, and a warning before typed words are lost. */

import "./shop.js";

if (document.querySelector("live-preview")) import("./live-preview.js");
if (document.querySelector("form[data-draft]")) import("./keep-draft.js");
if (document.querySelector("spot-mark")) import("./spot-mark.js");
if (document.querySelector("price-help")) import("./price-help.js");
if (document.querySelector("photo-sender")) import("./photo-sender.js");
if (document.querySelector("photo-order")) import("./photo-order.js");
if (document.querySelector("scan-code")) import("./scan-code.js");
if (document.querySelector("choose-all")) import("./choose-all.js");

/* A strip of tabs that is wider than a phone starts at the one that is open. */
for (const here of document.querySelectorAll(".tabs [aria-current]")) here.scrollIntoView({ inline: "center", block: "nearest" });

const changed = new Set();
for (const form of document.querySelectorAll("form[data-keep]")) {
  form.addEventListener("input", () => changed.add(form));
  form.addEventListener("submit", () => changed.delete(form));
  form.addEventListener("kept", () => changed.delete(form));
}
addEventListener("beforeunload", (event) => {
  if (changed.size) event.preventDefault();
});
