/* Forms that work without a new page: sent with fetch, and when no answer comes, sent the ordinary way. What came
   back takes the place of the old. */

export function quietly(wanted, act) {
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (!form.matches(wanted) || form.dataset.plain || event.defaultPrevented) return;
    event.preventDefault();
    if (submitter?.ariaBusy) return;
    submitter?.setAttribute("aria-busy", "true");
    try {
      await act(form, submitter);
    } catch {
      form.dataset.plain = "1";
      form.requestSubmit(submitter ?? undefined);
    }
    submitter?.removeAttribute("aria-busy");
  });
}

export const filledIn = (form, submitter) => new URLSearchParams(new FormData(form, submitter));

/* A refusal has its words in the answer; an error of the server, or no answer, is thrown. */
export async function ask(form, body) {
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const told = await answer.json();
  if ("error" in told) throw told;
  return told;
}

export const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/* Focus returns to what has the same id. A − or + that came to its end gives it to the number beside it; what is
   gone, to the first thing there is. */
export function swap(place, fresh) {
  const had = place.contains(document.activeElement) && document.activeElement;
  place.replaceChildren(...fresh.childNodes);
  if (!had) return;
  const again = had.id && document.getElementById(had.id);
  (again?.disabled ? again.parentNode.querySelector("input") : again || place.querySelector("a, button, summary, input:not([type=hidden])"))?.focus();
}
