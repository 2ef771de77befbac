/* A form with [data-buy-form]: the price follows the chosen variant (inputs with data-price in whole rupiah). */

const rupiah = (amount) => "Rp" + String(amount).replace(/\B(?=(\d{3})+$)/g, ".");

for (const form of document.querySelectorAll("[data-buy-form]")) {
  form.addEventListener("change", () => {
    const price = form.querySelector("input[data-price]:checked")?.dataset.price;
    if (!price) return;
    for (const place of document.querySelectorAll("[data-buy-price]")) {
      (place.querySelector(".price") ?? place).textContent = rupiah(price);
    }
  });
}
