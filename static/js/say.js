/* What happened, for those who listen: the page's one live region. */

export function say(words) {
  const place = document.getElementById("kabar");
  if (!place) return;
  place.textContent = "";
  setTimeout(() => (place.textContent = words), 60);
}

/* "{n} barang" with its values. */
export const fill = (words, values) => (words ?? "").replace(/{(\w+)}/g, (all, name) => values[name] ?? all);
