/* The bar at the foot of a product page hides while the real button is in sight. */

const bar = document.querySelector("[data-buy-bar]");
const button = document.querySelector("[data-buy-button]");
if (bar && button) {
  new IntersectionObserver(([entry]) => bar.classList.toggle("is-away", entry.isIntersecting)).observe(button);
}
