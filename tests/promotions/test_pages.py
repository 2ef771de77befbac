"""Vouchers where buyers meet them (cart, checkout, order, letter), and where the office makes them."""

import pytest
from sqlalchemy import select

from storefront.core import outbox
from storefront.core.db import db as database
from storefront.orders.models import Order, OrderStatus
from storefront.promotions.models import Promotion
from storefront.promotions.services import end_promotion
from tests import factories
from tests.buying import buy, know_cipondoh, only, open_shop, order_of, pay
from tests.checkout.test_pages import GOOD
from tests.support import html
from tests.support.offers import author, offer, used

NEW = {
    "name": "Diskon HUT Banten", "code": "hut banten", "kind": "percent", "percent": "10",
    "minimum": "Rp 50.000", "maximum": "20.000", "starts_on": "2026-01-02", "ends_on": "31/12/2026",
    "scope": "everything", "total_limit": "100", "person_limit": "1", "funder": "pemprov",
}  # fmt: skip


@pytest.fixture
def bag(db):
    open_shop()
    know_cipondoh()
    return factories.product(title="Tas Anyam", price=50_000, stock=9)


@pytest.fixture
def cart(client, bag):
    client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 2})
    return client


def send(client, path, data, *, page="", status=303):
    """Fill in the form of a page and send it; the page that answers, or where it leads."""
    own = "" if path[-1].isdigit() else None  # beside the form there is the one that ends it
    answer = client.submit(page or path, data, action=path if page else own)
    assert answer.status_code == status, answer.text
    return answer.location if status == 303 else html.Page.parse(answer.text)


def put_in(client, typed):
    """Type a code on the cart's page; the page afterwards."""
    send(client, "/keranjang/kode", {"kode": typed}, page="/keranjang")
    return client.page("/keranjang")


def summary(page) -> str:
    """What stands in the box with the sum."""
    return page.one("aside", **{"aria-labelledby": "ringkasan-judul"}).text


def total_of(page) -> int:
    return int(page.one("input", name="total").attrs["value"])


def said(page, field) -> str:
    """The message beside a field."""
    return page.one("p", id=f"{field}-error").text


def test_a_code_is_typed_explained_kept_and_taken_off_again(cart):
    offer(code="HEMAT10", value=10, name="Diskon pelanggan")
    page = put_in(cart, " hemat 10 ")
    assert "Diskon pelanggan" in summary(page)
    assert "−Rp10.000" in summary(page)
    assert "Rp90.000" in summary(page)
    send(cart, "/keranjang/kode", {"lepas": "1"}, page="/keranjang")
    page = cart.page("/keranjang")
    assert "Diskon pelanggan" not in summary(page)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("TIDAKADA", "tidak kami kenal"),
        ("", "Tulis kode"),
        ("LAMA", "berakhir"),
        ("x" * 99, "Terlalu panjang"),
    ],
)
def test_a_code_that_cannot_be_used_is_answered_beside_its_field(cart, typed, words):
    by = author()
    end_promotion(offer(by, code="LAMA"), by)
    page = send(cart, "/keranjang/kode", {"kode": typed}, page="/keranjang", status=422)
    assert words in said(page, "kode")
    assert page.one("input", id="kode").attrs["value"] == typed


def test_what_is_missing_is_said_in_rupiah(cart):
    offer(kind="free_shipping", value=0, minimum=120_000, name="Gratis ongkir Banten")
    offer(code="BESAR", minimum=150_000)
    page = put_in(cart, "BESAR")
    assert "Belanja Rp20.000 lagi untuk Gratis ongkir Banten" in page.text
    assert "Kode BESAR berlaku setelah belanja Rp50.000 lagi." in page.text


def test_the_drawer_has_the_sum_after_offers(cart, bag):
    offer(value=10)
    answer = cart.post(
        "/keranjang/tambah",
        data={"variant": only(bag).id, "jumlah": 1},
        headers={"Accept": "application/json"},
    ).json
    assert answer["subtotal_text"] == "Rp135.000"
    assert "setelah potongan Rp15.000" in answer["html"]


def test_the_checkout_asks_for_the_sum_that_it_showed_and_the_order_keeps_it(cart):
    voucher = offer(code="HEMAT10", name="Diskon pelanggan")
    put_in(cart, "HEMAT10")
    shown = send(cart, "/checkout", GOOD | {"aksi": "hitung"}, status=200)
    total = total_of(shown)
    assert "Diskon pelanggan" in shown.one("aside", id="ringkasan").text

    sent = GOOD | {"aksi": "bayar", "total": str(total), "email": "siti@contoh.id"}
    send(cart, "/checkout", sent, status=303)
    placed = database.session.scalars(select(Order)).one()
    assert (placed.total, placed.discount) == (total, 10_000)
    assert used(voucher) == 1
    page = cart.page(f"/pesanan/{placed.token}")
    assert "Diskon pelanggan" in page.text
    assert "−Rp10.000" in page.text


def test_a_voucher_that_ends_while_paying_asks_again_and_keeps_what_was_typed(cart):
    by = author()
    voucher = offer(by, code="HEMAT10")
    put_in(cart, "HEMAT10")
    total = total_of(send(cart, "/checkout", GOOD | {"aksi": "hitung"}, status=200))
    end_promotion(voucher, by)

    sent = GOOD | {"aksi": "bayar", "total": str(total)}
    page = send(cart, "/checkout", sent, status=409)
    assert "Totalnya berubah" in page.text
    assert "Kode HEMAT10 tidak dapat dipakai" in page.text
    assert total_of(page) == total + 10_000
    assert page.one("input", id="nama").attrs["value"] == "Siti Contoh"
    assert database.session.scalars(select(Order)).all() == []


def test_an_order_that_costs_nothing_needs_no_way_to_pay(cart, bag):
    offer(code="GRATIS", value=100)
    put_in(cart, "GRATIS")
    collected = GOOD | {f"kirim-{bag.facility_id}": "pickup", "aksi": "hitung"}
    page = send(cart, "/checkout", collected, status=200)
    assert "Pesan tanpa membayar" in page.one("button", id="bayar-sekarang").text

    sent = collected | {"aksi": "bayar", "total": "0", "bayar": "free"}
    send(cart, "/checkout", sent, status=303)
    placed = database.session.scalars(select(Order)).one()
    assert (placed.status, placed.total) == (OrderStatus.PAID, 0)
    assert "Lunas" in cart.page(f"/pesanan/{placed.token}").text


def test_nobody_calls_an_order_free_that_is_not(cart):
    sent = GOOD | {"aksi": "bayar", "bayar": "free"}
    send(cart, "/checkout", sent, status=422)
    assert database.session.scalars(select(Order)).all() == []


def test_letters_say_what_was_taken_off(app, client, bag):
    offer(name="Diskon pelanggan")
    pay(buy({bag: 1}))
    outbox.run_due(50)
    letters = list((app.config["INSTANCE_DIR"] / "mail").glob("*"))
    assert any("Diskon pelanggan" in letter.read_text("utf-8", errors="ignore") for letter in letters)


# --- the back office ----------------------------------------------------------------------------------


def test_the_promoter_makes_a_voucher_sees_its_uses_and_ends_it(client, bag):
    factories.signed_in(client, "promoter")
    answer = send(client, "/pemprov/promosi/baru", NEW, status=303)
    promotion = database.session.scalars(select(Promotion)).one()
    assert (promotion.code, promotion.value, promotion.minimum, promotion.maximum) == (
        "HUTBANTEN", 10, 50_000, 20_000,
    )  # fmt: skip
    listed = client.page("/pemprov/promosi")
    assert "Diskon HUT Banten" in listed.text
    assert "0 / 100" in listed.text
    send(client, f"{answer}/akhiri", {}, page=answer)
    assert "Berakhir" in client.page("/pemprov/promosi?tahap=over").text
    assert "akhiri" not in client.page(answer).one("main").text.lower()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"code": "a b!"}, "code"),
        ({"kind": "x"}, "kind"),
        ({"percent": "0"}, "percent"),
        ({"percent": "101"}, "percent"),
        ({"percent": ""}, "percent"),
        ({"kind": "amount"}, "amount"),
        ({"kind": "bundle"}, "pieces"),
        ({"minimum": "-1"}, "minimum"),
        ({"maximum": "0"}, "maximum"),
        ({"starts_on": "31/2/2026"}, "starts_on"),
        ({"ends_on": "2025-01-01"}, "ends_on"),
        ({"scope": "product", "product": "/produk/tidak-ada"}, "product"),
        ({"scope": "category"}, "category"),
        ({"kind": "fair_price"}, "scope"),
        ({"total_limit": "0"}, "total_limit"),
        ({"funder": "office"}, "funder"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(client, bag, change, field):
    factories.signed_in(client, "promoter")
    page = send(client, "/pemprov/promosi/baru", NEW | change, status=422)
    assert said(page, field)
    assert page.one("input", id="name").attrs["value"] == (NEW | change)["name"]
    assert database.session.scalars(select(Promotion)).all() == []


def test_a_taken_code_is_said_beside_the_field(client, bag):
    offer(code="HUTBANTEN")
    factories.signed_in(client, "promoter")
    page = send(client, "/pemprov/promosi/baru", NEW, status=422)
    assert "sudah ada" in said(page, "code")


def test_the_promoter_neither_sees_nor_spends_what_others_pay(client, bag):
    others = offer(name="Uang Kanwil", funder="office")
    factories.signed_in(client, "promoter")
    assert "Uang Kanwil" not in client.page("/pemprov/promosi").text
    assert client.get(f"/pemprov/promosi/{others}").status_code == 404


def test_staff_look_and_the_head_decides_with_the_facilitys_own_money(client, bag):
    at = factories.facility()
    factories.signed_in(client, "facility_staff", facility=at)
    assert client.page("/petugas/promosi").all("a", **{"class": "button"}) == []
    assert client.get("/petugas/promosi/baru").location == "/petugas/promosi"
    factories.signed_in(client, "facility_head", facility=at)
    smuggled = NEW | {"funder": "pemprov", "facility_id": str(bag.facility_id)}
    send(client, "/petugas/promosi/baru", smuggled, status=303)
    promotion = database.session.scalars(select(Promotion)).one()
    assert (promotion.funder, promotion.facility_id) == ("facility", at.id)
    foreign = NEW | {"code": "LAIN", "scope": "product", "product": f"/produk/{bag.slug}"}
    page = send(client, "/petugas/promosi/baru", foreign, status=422)
    assert "barangnya sendiri" in said(page, "product")


def test_what_was_used_can_only_be_prolonged(client, bag):
    factories.signed_in(client, "promoter")
    where = send(client, "/pemprov/promosi/baru", NEW | {"code": ""}, status=303)
    order_of(buy({bag: 1}))
    page = send(client, where, NEW | {"code": "", "percent": "50"}, status=422)
    assert "sudah dipakai" in page.text.lower()
    send(client, where, NEW | {"code": "", "ends_on": "2027-12-31"}, status=303)
    assert str(database.session.scalars(select(Promotion.ends_on)).one()) == "2027-12-31"


def test_the_report_says_who_bears_what(client, bag):
    offer(name="Diskon Provinsi", value=10)
    offer(name="Diskon Lapas", code="LAPAS", funder="facility", facility_id=bag.facility_id)
    pay(buy({bag: 2}))
    factories.signed_in(client, "promoter")
    page = client.page("/pemprov/promosi/laporan")
    assert "Rp10.000" in page.text
    csv = client.get("/pemprov/promosi/laporan/tabel.csv").text
    assert "Pemprov Banten" in csv
    assert "10000" in csv
    factories.signed_in(client, "facility_head", facility=database.session.merge(bag).facility)
    assert "Rp10.000" not in client.page("/petugas/promosi/laporan").text
