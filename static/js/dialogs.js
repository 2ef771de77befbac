/* Boxes over the page. A link [data-opens] to a dialog opens it as a modal one: focus goes in and comes back.
   [data-closes], Escape and a press beside it close it. A menu of <details> closes the same way. */

addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  const box = event.target.closest?.("dialog");
  if (opener) {
    const wanted = document.getElementById(opener.hash.slice(1));
    if (!wanted?.showModal) return;
    event.preventDefault();
    wanted.showModal();
  } else if (box?.open && (event.target === box || event.target.closest("[data-closes]"))) {
    event.preventDefault();
    box.close();
  }
  for (const menu of document.querySelectorAll("details.site-menu[open], details.office-bar__more[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.site-menu[open], details.office-bar__more[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  /* A sheet that is the page's target is left by its own way out. */
  document.querySelector(".filters:target .filters__close")?.click();
});
