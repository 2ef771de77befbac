/* A form with [data-buy-form]: the price follows the chosen variant (inputs with data-price in whole rupiah).
   Of two options the first is chosen by itself: its forms alone are shown, with the same second one where there
   is one. Without script all forms stand there, a row for each value of the first option. */

const rupiah = (amount) => "Rp" + String(amount).replace(/\B(?=(\d{3})+$)/g, ".");

for (const form of document.querySelectorAll("[data-buy-form]")) {
  const first = form.querySelector("[data-first-option]");
  const groups = [...form.querySelectorAll("[data-group]")];
  const words = (input) => input?.nextElementSibling.firstChild.textContent;
  const narrow = () => {
    const name = first.querySelector(":checked")?.value;
    const before = form.querySelector("[data-group] :checked");
    for (const group of groups) group.hidden = group.dataset.group !== name;
    const open = [...form.querySelectorAll("[data-group]:not([hidden]) input:enabled")];
    if (!open.includes(before)) (open.find((one) => words(one) === words(before)) ?? open[0]).checked = true;
  };
  const show = () => {
    const price = form.querySelector("input[data-price]:checked")?.dataset.price;
    if (!price) return;
    for (const place of document.querySelectorAll("[data-buy-price]")) {
      (place.querySelector(".price") ?? place).textContent = rupiah(price);
    }
  };
  form.addEventListener("change", (event) => {
    if (first?.contains(event.target)) narrow();
    show();
  });
  if (groups.length > 1 && first.querySelector(":checked:enabled")) {
    first.hidden = false;
    for (const group of groups) group.querySelector("legend").textContent = first.dataset.second;
    narrow();
  }
  show();
}
