"""What is asked for: the pages that everybody shares, and a guest's whole purchase step by step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.seed import FACILITIES, STUFFS, THINGS, slug_of, variant_of
from bench.visitor import Answer, Request, Visitor, filled

DISTRICT = "Cipondoh, Kota Tangerang, Banten"
JSON = "application/json"

Shared = Callable[[int, int], str]
"""The path of the i-th request in a shop of so many products."""

SHARED: dict[str, Shared] = {
    "home": lambda _i, _total: "/",
    "list": lambda i, _total: f"/produk?hal={1 + i % 4}",
    "list, cheapest first": lambda i, _total: f"/produk?urut=termurah&hal={1 + i % 4}",
    "list of a category": lambda i, _total: f"/kategori/{THINGS[i % len(THINGS)].lower()}",
    "search, two words": lambda i, _total: f"/produk?q={two_words(i)}",
    "product": lambda i, total: f"/produk/{slug_of(1 + i * 7 % total)}",
    "facility": lambda i, _total: f"/lapas/lapas-uji-{1 + i % FACILITIES}",
}


def two_words(number: int) -> str:
    """What somebody looks for: 'tas+pandan'."""
    return f"{THINGS[number % 10]}+{STUFFS[number // 3 % 10]}".lower()


@dataclass
class Purchase:
    """A guest who buys two things from two facilities. `answers` are those to the steps so far."""

    visitor: Visitor
    first: int
    second: int
    answers: list[Answer] = field(default_factory=list)


def purchase(visitor: Visitor, number: int, total: int) -> Purchase:
    """The number-th purchase in a shop of so many products, of goods that are in stock."""
    first = number * 10 % total + 1
    return Purchase(visitor, first, first + 1)


def _add(number: int) -> Request:
    return Request("/keranjang/tambah", {"variant": variant_of(number), "jumlah": 1}, JSON)


def _place(bought: Purchase) -> Request:
    typed = {
        "nama": "Siti Contoh", "telepon": "0812 0000 1111", "tujuan": DISTRICT,
        "alamat": "Jl. Contoh 1 RT 2/RW 3", "bayar": "transfer",
    }  # fmt: skip
    return Request("/checkout", filled(bought.answers[-1], "/checkout", typed))


STEPS: dict[str, Callable[[Purchase], Request]] = {
    "home page": lambda _: Request("/"),
    "product page": lambda bought: Request(f"/produk/{slug_of(bought.first)}"),
    "cart add": lambda bought: _add(bought.first),
    "second product page": lambda bought: Request(f"/produk/{slug_of(bought.second)}"),
    "cart add, second": lambda bought: _add(bought.second),
    "cart": lambda _: Request("/keranjang"),
    "checkout page": lambda _: Request(f"/checkout?tujuan={DISTRICT.replace(' ', '+')}"),
    "place the order": _place,
}


def expect(step: str, answer: Answer) -> None:
    """A measurement of an error page is worth nothing. Raises RuntimeError."""
    wanted = 303 if step == "place the order" else 200
    if answer.status != wanted:
        raise RuntimeError(f"{step}: {answer.status} instead of {wanted}\n{answer.text[:2000]}")


def whole(bought: Purchase, steps: Sequence[str] = tuple(STEPS)) -> None:
    """Take all steps of a purchase."""
    for step in steps:
        answer = bought.visitor.ask(STEPS[step](bought))
        expect(step, answer)
        bought.answers.append(answer)
