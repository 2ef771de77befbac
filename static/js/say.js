/* What happened: shown for a moment at the foot of the page, and read aloud; inside an open dialog, where the
   rest of the page is silent, by the dialog's own live region. */

let timer;

export function say(words) {
  const page = document.getElementById("kabar");
  if (!page) return;
  clearTimeout(timer);
  page.textContent = "";
  timer = setTimeout(() => {
    (document.querySelector("dialog[open] [role=status]") ?? page).textContent = words;
    timer = setTimeout(() => (page.textContent = ""), 6000);
  }, 60);
}

/* "{n} barang" with its values. */
export const fill = (words, values) => (words ?? "").replace(/{(\w+)}/g, (all, name) => values[name] ?? all);
