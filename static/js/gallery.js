/* A gallery of [data-gallery]: its small pictures (links to #ids) scroll the large row, and show where it is. */

for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const links = [...gallery.querySelectorAll('a[href^="#"]')];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const target = (link) => document.getElementById(link.hash.slice(1));

  for (const link of links) {
    link.addEventListener("click", (event) => {
      const slide = target(link);
      if (!slide) return;
      event.preventDefault();
      slide.parentElement.scrollTo({ left: slide.offsetLeft - slide.parentElement.offsetLeft, behavior: still.matches ? "auto" : "smooth" });
    });
  }

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links) {
        if (target(link) === entry.target) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }, { root: links.length ? target(links[0])?.parentElement : null, threshold: 0.6 });
  for (const link of links) if (target(link)) seen.observe(target(link));
}
