"""The longest, the most, the dearest, the last and the none of everything: nothing breaks, nothing jumps."""

from collections.abc import Callable

import pytest
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page

from bench import seed
from storefront.catalog.models import Product
from storefront.core import clock
from storefront.core.transactions import touch, transaction
from storefront.facilities.models import Facility
from tests import factories
from tests.accessibility.conftest import lend_cookies
from tests.buying import buy, cart_of, open_shop
from tests.filled import develop_photos
from tests.support import fairs
from tests.support.axe import NARROW, sideways, violations
from tests.support.browser import OFFICE, PHONE, Windows
from tests.support.client import Client

LONG = "Miniatur rumah leuit Baduy dari kayu jati tua dengan atap ijuk asli serta tangga lepas 90c"[:90]
WORD = "Kerajinananyamanpandanberlapiskainkatunhalus"
"""Longer than any line of a phone, without a place to break."""
DEAR = 12_500_000
COLOURS = (
    "marun", "biru tua", "hijau lumut", "hitam", "cokelat soga", "putih gading", "kuning kunyit",
    "ungu manggis", "abu-abu", "merah bata", "jingga", "biru langit", "hijau daun", "krem polos",
)  # fmt: skip
_SHIFT = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 300);
})"""
STILL = 0.005
"""What is shown as a layout shift of 0.00."""
SIZES = (NARROW, PHONE, OFFICE)

Check = Callable[..., None]


@pytest.fixture
def maker(db: SQLAlchemy) -> Facility:
    open_shop()
    return factories.facility(
        "LPX", name="Lembaga Pembinaan Khusus Anak Kelas I Tangerang dan Balai Latihan Kerja Terpadu Banten",
        workshops=("Bengkel Anyaman, Jahit dan Sulam Tangan Terpadu",),
    )  # fmt: skip


def faults(page: Page, address: str, *, axe: bool = True) -> list[str]:
    """What is wrong with a page at every width: too wide, jumping, hard to use."""
    found = []
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        found += [f"{address} at {size['width']}: {fault}" for fault in sideways(page)]
        shift = page.evaluate(_SHIFT)
        if shift > STILL:
            found.append(f"{address} at {size['width']}: jumps by {shift:.4f}")
    return [*found, *(violations(page) if axe else ())]


def extreme(maker: Facility) -> Product:
    """A dear thing with a long name, fourteen colours (one sold out, one with one piece left)."""
    product = factories.product(
        maker, title=LONG, price=DEAR, summary=f"{WORD} {LONG}", materials=f"{WORD}, {WORD}",
        description=f"{WORD}\n\n{LONG} " * 8,
    )  # fmt: skip
    for number, colour in enumerate(COLOURS):
        factories.variant(product, colour, price=DEAR, stock={0: 0, 1: 1}.get(number, 10))
    return product


def test_names_prices_and_choices_at_their_limits(windows: Windows, client: Client, maker: Facility) -> None:
    assert len(LONG) == 90
    product = extreme(maker)
    path = f"/produk/{product.slug}"
    other = factories.product(maker, title=WORD, price=DEAR, stock=1)
    one_left = f"/produk/{other.slug}"
    gone = f"/produk/{factories.product(maker, title=f'Habis {LONG[:80]}', stock=0).slug}"
    fair = fairs.fair(name=LONG, venue=f"{WORD} {WORD}", products=[product], starts_on=clock.today(),
                      ends_on=clock.today())  # fmt: skip
    placed = buy({other: 1})
    token = cart_of({factories.product(maker, title=LONG, price=DEAR, stock=5): 3})
    develop_photos()
    page = windows.open(size=OFFICE)
    page.context.add_cookies([{"name": "keranjang", "value": token, "url": windows.base_url}])
    addresses = ["/", "/produk", path, one_left, gone, "/lapas", f"/lapas/{maker.slug}", "/acara"]
    addresses += ["/keranjang", "/checkout", f"/pesanan/{placed.token}", f"/en{path}"]
    assert fair
    found = [fault for address in addresses for fault in faults(page, address)]
    assert not found, "\n".join(found)


def test_the_back_office_at_its_limits(windows: Windows, client: Client, maker: Facility) -> None:
    product = extreme(maker)
    draft = factories.product(maker, title=LONG, status="draft", photo=False)
    submitted = factories.product(maker, title=f"{WORD} {WORD}", status="submitted", price=DEAR)
    page = windows.open(size=OFFICE)
    factories.signed_in(client, "facility_head", facility=maker)
    lend_cookies(client, page, windows.base_url)
    addresses = ["/petugas", "/petugas/produk", "/petugas/stok", "/petugas/pesanan", "/petugas/pendapatan"]
    addresses += [f"/petugas/produk/{one}" for one in (product.id, draft.id, submitted.id)]
    found = [fault for address in addresses for fault in faults(page, address)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_results(windows: Windows, maker: Facility, count: int) -> None:
    for number in range(count):
        factories.product(maker, title=f"Tas Pandan {number}")
    develop_photos()
    page = windows.open(size=OFFICE)
    addresses = ("/", "/produk", "/produk?q=pandan", f"/lapas/{maker.slug}")
    found = [fault for address in addresses for fault in faults(page, address, axe=False)]
    assert not found, "\n".join(found)


def test_three_thousand_results(windows: Windows, client: Client, db: SQLAlchemy) -> None:
    seed.open_shop()
    seed.grow(3_000)
    with transaction():
        touch("catalog")
    assert "3.000" in client.get("/produk").text
    page = windows.open(size=OFFICE)
    addresses = ("/", "/produk", "/produk?hal=125", "/produk?q=tas", "/lapas/lapas-uji-1")
    found = [fault for address in addresses for fault in faults(page, address, axe=False)]
    assert not found, "\n".join(found)
    assert client.get("/produk?hal=126").status_code in {200, 302, 303, 404}
