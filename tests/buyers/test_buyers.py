"""A buyer's past: whose orders they are, buying again, taking everything away, and leaving."""

import json
from inspect import signature

import pytest
from sqlalchemy import func, select

from storefront.accounts import services as accounts
from storefront.accounts.models import Address, User
from storefront.accounts.services import Place, passwords
from storefront.buyers.services import NOBODY, StillOpen, erase_account
from storefront.cart import services as cart_services
from storefront.catalog.models import Product, ProductStatus
from storefront.core.errors import Invalid
from storefront.core.language import speaking
from storefront.core.outbox import drain
from storefront.core.transactions import transaction
from storefront.feedback.models import Complaint, ComplaintTopic
from storefront.feedback.services import file_complaint
from storefront.inventory.services import count
from storefront.orders.models import Order
from storefront.orders.services import Actor, accept_parcel, finish_parcel, pack_parcel, ship_parcel
from storefront.orders.services.claims import claim_orders
from storefront.payments.services import expire_orders
from storefront.revenue.models import Entry
from storefront.wishlist import services as wishlist_services
from storefront.wishlist.models import SavedProduct
from tests import factories
from tests.buying import CIPONDOH, buy, cart_of, know_cipondoh, only, open_shop, order_of, pay

GOOD = "meja biru kopi senja"
HERE = {"address": "127.0.0.1"}


@pytest.fixture
def siti(client, db):
    open_shop()
    person = factories.user("buyer", email="siti@contoh.id", password_hash=passwords.hash_password(GOOD))
    factories.sign_in(client, person)
    return person


def completed(product):
    """An order of siti@contoh.id that has arrived."""
    placed = buy({product: 2})
    pay(placed)
    for parcel in list(order_of(placed).parcels):
        at, parcel_id, actor = parcel.facility_id, parcel.id, Actor(None)
        accept_parcel(at, parcel_id, actor)
        pack_parcel(at, parcel_id, actor)
        ship_parcel(at, parcel_id, actor, courier="JNE", waybill="AB12345")
        finish_parcel(at, parcel_id, actor)
    return placed


# --- whose orders ---------------------------------------------------------------------------------


def test_an_order_belongs_to_whose_answered_address_it_has(client, siti, db):
    placed = buy({factories.product(title="Tas Anyam", stock=5): 1})

    assert order_of(placed).buyer_id == siti.id
    assert "Tas Anyam" in client.page("/akun/pesanan").text


def test_orders_from_before_are_claimed_by_signing_in(client, db):
    open_shop()
    placed = buy({factories.product(stock=5): 1})
    assert order_of(placed).buyer_id is None
    factories.user("buyer", email="siti@contoh.id", password_hash=passwords.hash_password(GOOD))

    client.submit("/masuk", {"email": "siti@contoh.id", "password": GOOD})

    assert placed.number in client.page("/akun/pesanan").text


@pytest.mark.parametrize("role", ["facility_staff", "regional", "promoter"])
def test_staff_claim_nothing(db, role):
    open_shop()
    person = factories.user(role, email="siti@contoh.id")
    placed = buy({factories.product(stock=5): 1})

    assert claim_orders(person.id) == 0
    assert order_of(placed).buyer_id is None


def test_the_same_number_or_name_claims_nothing(db):
    open_shop()
    placed = buy({factories.product(stock=5): 1})
    other = factories.user("buyer", email="lain@contoh.id", name="Siti Contoh", phone="+6281200001111")

    assert claim_orders(other.id) == 0
    assert order_of(placed).buyer_id is None


def test_an_order_of_somebody_is_never_claimed_again(db, siti):
    placed = buy({factories.product(stock=5): 1})
    with transaction():
        db.session.get_one(User, siti.id).email = "lain@contoh.id"
    second = factories.user("buyer", email="siti@contoh.id")

    assert claim_orders(second.id) == 0
    assert order_of(placed).buyer_id == siti.id


def test_nobody_sees_the_orders_of_others(app, client, siti):
    placed = buy({factories.product(stock=5): 1})
    stranger = app.test_client()
    factories.signed_in(stranger, "buyer")

    assert placed.number not in stranger.page("/akun/pesanan").text
    assert placed.number not in stranger.get("/akun/data-saya.json").text


def test_the_history_costs_the_same_however_long(client, siti, query_count):
    bag = factories.product(stock=50)
    for _ in range(4):
        buy({bag: 1})
    client.get("/akun/pesanan")
    with query_count(at_most=6):
        client.get("/akun/pesanan")


# --- the checkout knows its buyer -----------------------------------------------------------------


def test_the_book_fills_the_checkout_and_only_a_tick_adds_to_it(client, siti, db):
    know_cipondoh()
    bag = factories.product(price=50_000, stock=9)
    client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 1})
    typed = {"telepon": "081200001111", "tujuan": "Cipondoh", "alamat": "Jl. Melati 5", "bayar": "transfer"}
    assert 'value="siti@contoh.id"' in client.get("/checkout").text

    total = client.submit("/checkout", typed | {"aksi": "hitung"}, action="/checkout")
    assert total.status_code == 200
    assert db.session.scalars(select(Address)).all() == []

    page = client.submit("/checkout", typed | {"aksi": "bayar", "simpan_alamat": "y", "total": ""})
    assert page.status_code == 303
    [kept] = db.session.scalars(select(Address))
    assert (kept.street, kept.user_id, kept.is_default) == ("Jl. Melati 5", siti.id, True)


def test_a_chosen_address_of_the_book_is_used_whatever_was_typed(client, siti, db):
    know_cipondoh()
    place = Place("Ibu Siti", "+6281200002222", CIPONDOH, "Cipondoh, Kota Tangerang", "Jl. Melati 5")
    address_id = accounts.save_address(siti.id, place)
    bag = factories.product(price=50_000, stock=9)
    client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 1})
    assert "Jl. Melati 5" in client.page("/checkout").text

    fields = {"nama": "", "telepon": "", "tujuan": "", "alamat": "", "bayar": "transfer", "total": ""}
    answer = client.submit("/checkout", fields | {"alamat_tersimpan": str(address_id), "aksi": "bayar"})

    assert answer.status_code == 303
    order = db.session.scalars(select(Order)).one()
    assert (order.customer_name, order.phone) == ("Ibu Siti", "+6281200002222")
    assert order.address["street"] == "Jl. Melati 5"


def test_somebody_elses_address_cannot_be_chosen(client, siti, db):
    know_cipondoh()
    other = factories.user("buyer")
    place = Place("Rahasia", "+6281200003333", CIPONDOH, "Cipondoh, Kota Tangerang", "Jl. Rahasia 1")
    address_id = accounts.save_address(other.id, place)
    bag = factories.product(stock=9)
    client.post("/keranjang/tambah", data={"variant": only(bag).id, "jumlah": 1})

    fields = {"alamat_tersimpan": str(address_id), "aksi": "bayar", "alamat": "", "bayar": "transfer"}
    answer = client.submit("/checkout", fields)

    assert answer.status_code == 422
    assert "Rahasia" not in answer.text


# --- buying again ---------------------------------------------------------------------------------


def test_buying_again_takes_what_there_is_and_says_what_not(client, siti, db):
    bag, hat, cloth = (factories.product(title=title, stock=9) for title in ("Tas", "Peci", "Kain"))
    placed = buy({bag: 2, hat: 4, cloth: 1})
    count(hat.facility_id, only(hat).id, 5)  # four of them are held for the order
    with transaction():
        db.session.get_one(Product, cloth.id).status = ProductStatus.ARCHIVED

    answer = client.submit("/akun/pesanan", action=f"/pesanan/{placed.token}/lagi")

    assert answer.location == "/keranjang"
    page = client.page("/keranjang").text
    assert "Barang yang masih dijual ada di keranjang." in page
    assert "Peci: Hanya 1" in page
    assert "Kain tidak ditambahkan" in page


def test_a_guest_buys_again_from_the_page_of_the_order(client, db):
    open_shop()
    bag = factories.product(title="Tas", stock=9)
    placed = completed(bag)

    client.submit(f"/pesanan/{placed.token}", action=f"/pesanan/{placed.token}/lagi")

    assert "Semua barang dari pesanan itu" in client.page("/keranjang").text


# --- taking everything away, and leaving ----------------------------------------------------------


def test_everything_about_a_buyer_as_a_file(client, siti):
    placed = buy({factories.product(title="Tas Anyam", stock=5): 1})
    place = Place("Siti", "+6281200001111", CIPONDOH, "Cipondoh", "Jl. Melati 5")
    accounts.save_address(siti.id, place)

    answer = client.get("/akun/data-saya.json")

    told = json.loads(answer.text)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert told["account"]["email"] == "siti@contoh.id"
    assert told["addresses"][0]["street"] == "Jl. Melati 5"
    assert told["orders"][0]["number"] == placed.number
    assert told["orders"][0]["lines"][0]["title"] == "Tas Anyam"
    assert "password" not in answer.text
    assert placed.token not in answer.text


def test_complaints_come_by_the_answered_address_and_never_by_a_number_that_was_typed(client, siti, db):
    with transaction():
        db.session.get_one(User, siti.id).phone = "+6281299990000"
    for text, contact in (
        ("Punya saya.", {"email": "siti@contoh.id"}),
        ("Punya orang lain.", {"phone": "+6281299990000"}),
    ):
        file_complaint(name="Seseorang", topic=ComplaintTopic.GOODS, text=text, **contact)

    told = json.loads(client.get("/akun/data-saya.json").text)["complaints"]
    erase_account(siti.id, GOOD, **HERE)

    assert [complaint["text"] for complaint in told] == ["Punya saya."]
    left = {one.text: one.name for one in db.session.scalars(select(Complaint))}
    assert left["Punya orang lain."] == "Seseorang"
    assert left["Punya saya."] != "Seseorang"


def test_leaving_takes_the_name_off_and_keeps_the_books(client, siti, db):
    bag = factories.product(title="Tas Anyam", stock=5)
    placed = completed(bag)
    client.post("/simpan", data={"produk": bag.id})
    accounts.save_address(siti.id, Place("Siti", "+6281200001111", CIPONDOH, "Cipondoh", "Jl. Melati 5"))
    before = db.session.scalar(select(func.sum(func.abs(Entry.amount))))
    total = order_of(placed).total

    answer = client.submit("/akun", {"sandi_hapus": GOOD}, action="/akun/hapus")

    assert (answer.status_code, answer.location) == (303, "/masuk")
    order = order_of(placed)
    assert (order.customer_name, order.phone, order.email, order.buyer_id) == (NOBODY, "", "", None)
    assert set(order.address) <= {"district", "district_label"}
    assert (order.total, order.lines[0].title) == (total, "Tas Anyam")
    assert db.session.scalar(select(func.sum(func.abs(Entry.amount)))) == before
    for model in (User, Address, SavedProduct):
        assert db.session.scalars(select(model)).all() == [], model
    assert client.get("/akun").status_code == 303
    assert client.get(f"/pesanan/{placed.token}").status_code == 404  # its address was in letters


def test_an_order_under_way_keeps_its_buyer(client, siti, db):
    placed = buy({factories.product(stock=5): 1})

    answer = client.submit("/akun", {"sandi_hapus": GOOD}, action="/akun/hapus")

    assert answer.status_code == 409
    assert placed.number in answer.text
    pay(placed)
    with pytest.raises(StillOpen):
        erase_account(siti.id, GOOD, **HERE)


def test_an_expired_order_keeps_nobody(siti, db):
    placed = buy({factories.product(stock=5): 1})
    expire_orders(order_of(placed).pay_by)

    erase_account(siti.id, GOOD, **HERE)

    assert order_of(placed).customer_name == NOBODY


def test_leaving_needs_the_password(client, siti, db):
    assert client.submit("/akun", {"sandi_hapus": ""}, action="/akun/hapus").status_code == 422
    assert client.submit("/akun", {"sandi_hapus": "salah"}, action="/akun/hapus").status_code == 422
    with pytest.raises(Invalid):
        erase_account(siti.id, "salah", **HERE)
    assert db.session.scalars(select(User.email)).all() == ["siti@contoh.id"]


def test_the_orders_of_others_stay_as_they_are(siti, db):
    other = factories.user("buyer", email="lain@contoh.id", phone="+6281200001111")
    with transaction():
        db.session.get_one(User, siti.id).phone = other.phone
    placed = buy({factories.product(stock=5): 1})
    with transaction():
        db.session.get_one(Order, placed.id).buyer_id = other.id

    erase_account(siti.id, GOOD, **HERE)

    assert order_of(placed).customer_name == "Siti Contoh"


@pytest.mark.parametrize(
    ("prefix", "promises"),
    [
        ("", ("keranjang {carts} hari", "lama {lists} hari", "paling lama {sessions} hari", "dua hari")),
        ("/en", ("cart {carts} days", "{lists} days at most", "at most {sessions} days", "two days")),
    ],
)
def test_the_privacy_page_tells_how_long_things_are_kept(client, db, prefix, promises):
    days = {
        "carts": signature(cart_services.delete_stale).parameters["days"].default,
        "lists": signature(wishlist_services.delete_stale).parameters["days"].default,
        "sessions": accounts.sessions.LONGEST.days,
    }
    words = client.page(f"{prefix}/privasi").one("main").text

    for promise in promises:
        assert promise.format(**days) in words
    assert accounts.newcomers.GOOD_FOR.days == 2  # of a registration that nobody confirmed


# --- letters --------------------------------------------------------------------------------------


def test_letters_speak_the_language_in_which_the_order_was_placed(siti, letters):
    bag = factories.product(stock=9)
    with speaking("en"):
        english = buy({bag: 1})
    indonesian = buy({bag: 1})
    drain()
    pay(english)
    pay(indonesian)
    drain()

    subjects = [letter["Subject"] for letter in letters()]
    assert f"We received the payment for order {english.number}" in subjects
    assert f"Pembayaran pesanan {indonesian.number} kami terima" in subjects
    told = next(one for one in letters() if english.number in one["Subject"])
    text = told.get_body(("plain",)).get_content()
    assert f"/en/pesanan/{english.token}" in text
    assert "Pesanan" not in text.replace("pesanan/", "")
    assert f"/en/pesanan/{english.token}" in told.get_body(("html",)).get_content()


def test_a_cart_of_a_signed_in_buyer_with_another_address_is_theirs(siti):
    from storefront.checkout.services import place_order
    from tests.buying import somebody

    token = cart_of({factories.product(stock=5): 1})
    placed = place_order(token, somebody(email="kado@contoh.id"), payment_method="card", buyer_id=siti.id)

    assert order_of(placed).buyer_id == siti.id
