/* New HTML in the place of old: focus returns to what has the same id. A − or + that came to its end gives it to
   the number beside it; what is gone, to the first thing there is. */

export function swap(place, fresh) {
  const had = place.contains(document.activeElement) && document.activeElement;
  place.replaceChildren(...fresh.childNodes);
  if (!had) return;
  const again = had.id && document.getElementById(had.id);
  (again?.disabled ? again.parentNode.querySelector("input") : again || place.querySelector("a, button, summary, input:not([type=hidden])"))?.focus();
}

export const parse = (html) => new DOMParser().parseFromString(html, "text/html");
