"""The checkout over HTTP: what it refuses, what it keeps, and who may see an order."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import func, select

from storefront.core.db import db as database
from storefront.inventory.services import count
from storefront.orders.models import Order, OrderStatus
from storefront.payments.models import TransferClaim
from tests import factories
from tests.buying import CIPONDOH, buy, know_cipondoh, only, open_shop, order_of, transfer_attempt
from tests.support.html import values

GOOD = {
    "nama": "Siti Contoh",
    "telepon": "0812 0000 1111",
    "email": "",
    "tujuan": "Cipondoh, Kota Tangerang, Banten",
    "kecamatan": CIPONDOH,
    "alamat": "Jl. Contoh 1",
    "bayar": "transfer",
}
NONSENSE = ["", "\x00", "😀" * 3, "x" * 300_000, "١٢", "-1", "Rp 1.000,50"]


@pytest.fixture
def bag(db):
    open_shop()
    know_cipondoh()
    return factories.product(title="Tas Anyam", price=185_000, stock=5)


@pytest.fixture
def cart(client, bag):
    client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 2})
    return client


def test_adding_remembers_the_cart_in_the_browser_and_counts_for_the_script(client, bag):
    answer = client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 2})
    assert (answer.status_code, answer.location) == (303, "/keranjang")
    cookies = "\n".join(answer.headers.getlist("Set-Cookie"))
    assert "keranjang=" in cookies
    assert "isi_keranjang=2" in cookies
    assert "HttpOnly" in next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("keranjang="))
    assert "Tas Anyam" in client.page("/keranjang").text


def test_a_script_gets_words_the_count_and_what_it_shows(client, bag):
    sent, asked = {"variant": only(bag).id, "jumlah": 9}, {"Accept": "application/json"}
    answer = client.post("/keranjang/tambah", data=sent, headers=asked).json
    assert answer["count"] == 5
    assert "menyesuaikan" in answer["message"]
    assert 'class="drawer"' in answer["html"]
    assert 'id="laci-jumlah-' in answer["html"]

    again = client.post("/keranjang/tambah", data=sent | {"halaman": "1"}, headers=asked).json
    assert again["kind"] == "error"
    assert 'class="cart__columns"' in again["html"]


@pytest.mark.parametrize("value", ["", "0", "-1", "1.5", str(2**31), "\x00", "😀", "١٢", "x" * 1000])
def test_senseless_quantities_add_nothing(client, bag, value):
    answer = client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": value})
    assert answer.status_code == 303
    assert "masih kosong" in client.page("/keranjang").text


def test_another_sites_form_adds_nothing(client, bag):
    answer = client.post(
        "/keranjang/tambah",
        data={"variant": only(bag).id, "jumlah": 1},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://jahat.example"},
    )
    assert answer.status_code == 403


def test_somebody_elses_line_cannot_be_changed(cart, app, bag):
    stranger = app.test_client()
    stranger.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 1})
    line = cart.page("/keranjang").all("input", name="baris")[0].attrs["value"]
    answer = stranger.submit("/keranjang", {"baris": line, "jumlah": "3"}, action="/keranjang/ubah")
    assert answer.status_code == 404
    assert "Rp370.000" in cart.page("/keranjang").text


def test_the_total_stands_on_the_button_before_it_is_pressed(cart):
    page = cart.page("/checkout?tujuan=Cipondoh")
    total = next(int(dd.attrs["data-total"]) for dd in page.all("dd") if "data-total" in dd.attrs)
    assert total > 370_000
    shown = f"Bayar Rp{total:,}".replace(",", ".")
    assert shown in page.text


def test_on_a_phone_the_folded_sum_is_the_same_and_follows_the_district(cart):
    before = cart.page("/checkout").one("details", id="ringkas").text
    after = cart.submit("/checkout", {"tujuan": "Cipondoh", "aksi": "hitung"}, action="/checkout")
    total = re.search(r'data-total="(\d+)"', after.text).group(1)

    assert "Sebelum ongkir" in before
    assert int(total) > 370_000
    assert f"Total <strong>Rp{int(total):,}".replace(",", ".") in after.text


def test_the_district_is_asked_for_once(cart):
    cart.submit("/checkout", {"tujuan": "Cipondoh", "aksi": "hitung"}, action="/checkout")

    assert 'value="Cipondoh, Kota Tangerang, Banten"' in cart.get("/keranjang").text
    assert 'value="Cipondoh, Kota Tangerang, Banten"' in cart.get("/checkout").text


def test_a_good_form_places_one_order_and_goes_to_its_page(cart):
    unseen = cart.submit("/checkout", GOOD, action="/checkout")
    assert unseen.status_code == 409  # the button showed a sum without delivery
    answer = cart.submit("/checkout?tujuan=Cipondoh", GOOD, action="/checkout")
    assert answer.status_code == 303
    order = database.session.scalars(select(Order)).one()
    assert answer.location == f"/pesanan/{order.token}"
    assert order.phone == "+6281200001111"
    assert "Transfer tepat sejumlah ini" in cart.page(answer.location).text


@pytest.mark.parametrize("field", ["nama", "telepon", "tujuan", "alamat"])
@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_is_refused_beside_the_field_and_nothing_is_lost(cart, field, value):
    sent = GOOD | {field: value} | ({"kecamatan": ""} if field == "tujuan" else {})
    acceptable = field in {"nama", "alamat"} and value in {"-1", "Rp 1.000,50", "١٢", "😀😀😀"}
    answer = cart.submit("/checkout?tujuan=Cipondoh", sent, action="/checkout")
    if acceptable and answer.status_code in {303, 409}:
        return
    assert answer.status_code in {413, 422}
    assert database.session.scalar(select(func.count(Order.id))) == 0
    if answer.status_code == 422:
        assert "Jl. Contoh 1" in answer.text or field == "alamat"
        assert "Siti Contoh" in answer.text or field == "nama"
        assert "Salah:" in answer.text


def test_a_bad_postal_code_or_mail_address_is_named(cart):
    for field, value in {"kode_pos": "15 1", "email": "bukan-surat"}.items():
        answer = cart.submit("/checkout?tujuan=Cipondoh", GOOD | {field: value}, action="/checkout")
        assert answer.status_code == 422
        assert value in answer.text


def test_a_form_cannot_set_what_is_not_its_own(cart):
    cart.submit(
        "/checkout?tujuan=Cipondoh",
        GOOD | {"status": "paid", "price": "1", "subtotal": "1", "shipping": "0", "facility_id": "1"},
        action="/checkout",
    )
    order = database.session.scalars(select(Order)).one()
    assert (order.status, order.subtotal) == (OrderStatus.PENDING, 370_000)


def test_selling_out_meanwhile_keeps_everything_typed(cart, bag):
    filled = values(cart.page("/checkout?tujuan=Cipondoh").form("/checkout"))
    count(bag.facility_id, only(bag).id, 1)
    answer = cart.post("/checkout", data=filled | GOOD)
    assert answer.status_code == 409
    assert "stok tinggal 1" in answer.text
    assert "Jl. Contoh 1" in answer.text


def test_orders_are_found_only_with_both_number_and_phone(client, bag):
    placed = buy({bag: 1})
    right = {"nomor": placed.number.lower(), "telepon": "0812-0000-1111"}
    assert client.submit("/lacak", right).location == f"/pesanan/{placed.token}"
    wrong = client.submit("/lacak", right | {"telepon": "081299999999"})
    assert wrong.status_code == 422


def test_guessing_orders_is_slowed_down(client, bag):
    placed = buy({bag: 1})
    codes = [
        client.submit("/lacak", {"nomor": placed.number, "telepon": f"08129999{n:04}"}).status_code
        for n in range(7)
    ]
    assert codes[:5] == [422] * 5
    assert codes[-1] == 429


def test_an_order_page_is_personal_and_unguessable(client, bag):
    placed = buy({bag: 1})
    answer = client.get(f"/pesanan/{placed.token}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert client.get(f"/pesanan/{placed.token[:-1]}x").status_code == 404
    assert client.get(f"/pesanan/{placed.number}").status_code == 404


def test_a_proof_that_is_no_picture_leaves_nothing_behind(client, bag, app):
    placed = buy({bag: 1}, method="transfer")
    transfer_attempt(placed)
    answer = client.submit(
        f"/pesanan/{placed.token}",
        {"pengirim": "Siti", "bukti": (io.BytesIO(b"%PDF-1.4"), "bukti.png")},
        action=f"/pesanan/{placed.token}/bukti",
    )
    assert answer.status_code == 422
    assert "Siti" in answer.text
    assert database.session.scalar(select(func.count(TransferClaim.id))) == 0
    assert not list(app.config["MEDIA_ROOT"].rglob("*.webp"))


def test_a_proof_is_kept_privately(client, bag, app):
    placed = buy({bag: 1}, method="transfer")
    transfer_attempt(placed)
    picture = io.BytesIO()
    Image.new("RGB", (400, 600), "#eeeeee").save(picture, "JPEG")
    picture.seek(0)
    answer = client.submit(
        f"/pesanan/{placed.token}",
        {"pengirim": "Siti", "bukti": (picture, "bukti.jpg")},
        action=f"/pesanan/{placed.token}/bukti",
    )
    assert answer.status_code == 303
    key = database.session.scalars(select(TransferClaim.proof_key)).one()
    assert key.startswith("private/")
    assert client.get(f"/media/{key}").status_code == 404
    assert order_of(placed).pay_by


def test_without_a_card_vendor_there_is_no_card_button(cart):
    assert "Kartu debit" not in cart.page("/checkout").text


def test_query_counts_do_not_grow_with_the_cart(client, bag, query_count):
    client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 1})
    with query_count() as few:
        client.get("/keranjang")
    for _ in range(6):
        client.post("/keranjang/tambah", data={"variant": only(factories.product()).id, "jumlah": 1})
    with query_count(at_most=len(few)):
        client.get("/keranjang")
    with query_count(at_most=12):
        client.get("/checkout?tujuan=Cipondoh")
