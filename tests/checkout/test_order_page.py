"""The page of an order says what is so and what is next, in every state an order can be in."""

from datetime import UTC, datetime, timedelta

import pytest

from storefront.checkout.queries import order_page
from storefront.core import clock
from storefront.core.outbox import drain
from storefront.orders.models import ParcelStatus
from storefront.orders.services import Actor, accept_parcel, finish_parcel, pack_parcel, ship_parcel
from storefront.payments.services import submit_proof
from tests import factories
from tests.buying import buy, open_shop, order_of, pay, transfer_attempt

AGAIN = 'class="order__again"'
NOBODY = Actor(None)


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(factories.facility("LPA"), title="Tas Anyam", stock=9)


def test_whoever_sent_a_proof_is_not_asked_to_transfer_again(client, bag):
    placed = buy({bag: 1}, method="transfer")
    attempt_id = transfer_attempt(placed).id
    assert "Transfer tepat sejumlah ini" in client.page(f"/pesanan/{placed.token}").text

    submit_proof(attempt_id, "private/bukti/x.webp", sender="Siti")

    page = client.page(f"/pesanan/{placed.token}")
    assert "Transfer tepat sejumlah ini" not in page.text
    folds = [fold.one("summary").text for fold in page.all("details") if "open" not in fold.attrs]
    assert {"Lihat rekening dan jumlahnya", "Ganti bukti pembayaran"} <= set(folds)
    assert AGAIN not in client.get(f"/pesanan/{placed.token}").text


def test_what_came_to_nothing_can_be_ordered_again_at_once(client, bag):
    placed = buy({bag: 1})
    assert AGAIN not in client.get(f"/pesanan/{placed.token}").text

    with clock.travel(order_of(placed).pay_by + timedelta(minutes=1)):
        page = client.page(f"/pesanan/{placed.token}")
        assert page.one("header", class_="order__head").one("form").text == "Beli lagi"
        assert "Bayar" not in [button.text for button in page.all("button")]


def test_a_paid_order_offers_it_beside_its_parcels(client, bag):
    placed = buy({bag: 1})
    pay(placed)

    page = client.page(f"/pesanan/{placed.token}")
    assert page.one("header", class_="order__head").all("form") == []
    assert AGAIN in client.get(f"/pesanan/{placed.token}").text


def test_how_far_the_parcels_are_is_said_first(client, db, bag):
    mat = factories.product(factories.facility("LPB"), title="Keset", stock=9)
    placed = buy({bag: 1, mat: 1})
    pay(placed)
    said = [order_page(order_of(placed)).next_step]
    for facility_id, parcel_id in [(one.facility_id, one.id) for one in order_of(placed).parcels]:
        accept_parcel(facility_id, parcel_id, NOBODY)
        pack_parcel(facility_id, parcel_id, NOBODY)
        ship_parcel(facility_id, parcel_id, NOBODY, courier="JNE", waybill="JT0012345")
        said.append(order_page(order_of(placed)).next_step)
    first, second = [(one.facility_id, one.id) for one in order_of(placed).parcels]
    finish_parcel(*first, NOBODY)
    said.append(order_page(order_of(placed)).next_step)
    finish_parcel(*second, NOBODY)
    said.append(order_page(order_of(placed)).next_step)

    assert [words.split(";")[0].split(".")[0] for words in said] == [
        "Setiap Lapas menyiapkan kirimannya sendiri",
        "Sebagian kiriman sudah dalam perjalanan",
        "Semua kiriman sedang dalam perjalanan",
        "Sebagian kiriman sudah dalam perjalanan",
        "Semua kiriman sudah sampai di tangan Anda",
    ]


def test_what_was_sent_back_has_not_arrived(db, bag):
    placed = buy({bag: 1})
    pay(placed)
    [parcel] = order_of(placed).parcels
    at = parcel.facility_id, parcel.id
    assert order_page(order_of(placed)).next_step == f"{parcel.facility.name} menyiapkan kiriman Anda."
    accept_parcel(*at, NOBODY)
    pack_parcel(*at, NOBODY)
    ship_parcel(*at, NOBODY, courier="JNE", waybill="JT0012345")
    finish_parcel(*at, NOBODY)
    order = order_of(placed)
    order.parcels[0].status = ParcelStatus.RETURNED

    assert "sudah sampai" not in order_page(order).next_step


def test_an_order_leads_to_the_terms_of_its_day_in_banten(client, bag, letters):
    """A quarter past eleven at night in UTC is the next day in WIB."""
    with clock.travel(datetime(2026, 11, 2, 23, 15, tzinfo=UTC)):
        placed = buy({bag: 1})
        page = client.page(f"/pesanan/{placed.token}")
        link = page.one("a", href="/syarat/2026-11-03")
        assert link.text == "Syarat pada hari pesanan ini dibuat"
        assert client.get("/syarat/2026-11-03", follow_redirects=True).status_code == 200
        assert 'href="/en/syarat/2026-11-03"' in client.get(f"/en/pesanan/{placed.token}").text
        drain()
    [letter] = [one for one in letters() if "kami terima" in one["Subject"]]
    base = client.application.config["PUBLIC_BASE_URL"]
    assert f"{base}/syarat/2026-11-03" in letter.get_body(("plain",)).get_content().splitlines()
    assert f'href="{base}/syarat/2026-11-03"' in letter.get_body(("html",)).get_content()
