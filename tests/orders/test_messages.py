"""Messages about parcels: the parcel's facts and nothing of the buyer, told once, in the head's own words."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from storefront.core import outbox
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.core.transactions import transaction
from storefront.orders.models import MessageText, Order, OrderEvent, Parcel
from storefront.orders.queries import parcel_of
from storefront.orders.services import SYSTEM, IllegalMove, accept_parcel, pack_parcel, ship_parcel
from storefront.orders.services.messages import KINDS, Way, messages_for, save_words, tell
from tests import factories
from tests.buying import buy, open_shop, order_of, pay
from tests.support import html

WORDS = "/petugas/pesanan/pesan"


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(factories.facility("LPA"), title="Tas Anyam", stock=50)


@pytest.fixture
def made(bag):
    """A paid parcel that its facility works on: id and code."""
    placed = buy({bag: 2})
    pay(placed)
    [parcel] = order_of(placed).parcels
    accept_parcel(parcel.facility_id, parcel.id, SYSTEM)
    return parcel.id, parcel.code


def offered(bag, parcel_id):
    database.session.expire_all()
    return {one.kind: one.text for one in messages_for(parcel_of(bag.facility_id, parcel_id))}


def told(parcel_id):
    notes = select(OrderEvent.note).filter_by(parcel_id=parcel_id, kind="message").order_by(OrderEvent.id)
    return list(database.session.scalars(notes))


def test_a_message_names_the_parcel_and_nothing_of_the_buyer(bag, made):
    parcel_id, code = made
    texts = offered(bag, parcel_id)
    assert set(texts) == {"prepared", "late"}
    assert code in texts["prepared"]
    assert "2 × Tas Anyam" in texts["prepared"]
    order = database.session.get_one(Parcel, parcel_id).order
    for private in (order.customer_name, order.phone, order.email, order.token, "Cipondoh"):
        assert private not in "".join(texts.values())


def test_what_is_said_follows_the_step_and_waits_for_its_facts(bag, made):
    parcel_id, _code = made
    pack_parcel(bag.facility_id, parcel_id, SYSTEM)
    assert offered(bag, parcel_id) == {}
    ship_parcel(bag.facility_id, parcel_id, SYSTEM, courier="JNE", waybill="AB12345")
    assert "JNE, nomor resi AB12345" in offered(bag, parcel_id)["sent"]
    save_words(bag.facility_id, "sent", "Berangkat {resi}, siap {tenggat}.", actor_id=None)
    assert offered(bag, parcel_id)["sent"].startswith("Berangkat AB12345, siap ")


def test_the_heads_words_are_for_buyers_who_read_them(bag, made):
    save_words(bag.facility_id, "late", "Maaf, {kode} menyusul.", actor_id=None)
    assert offered(bag, made[0])["late"] == f"Maaf, {made[1]} menyusul."
    with transaction():
        order = database.session.get_one(Order, database.session.get_one(Parcel, made[0]).order_id)
        order.language = "en"
    assert offered(bag, made[0])["late"].startswith("Hello, we are sorry")
    save_words(bag.facility_id, "late", "", actor_id=None)
    assert database.session.scalar(select(MessageText.id)) is None


@pytest.mark.parametrize("wrong", ["{nama}", "{kode", "kode}", "{}", "{kode.__class__}", "x" * 501])
def test_words_that_name_something_else_are_refused(bag, wrong):
    with pytest.raises(Invalid):
        save_words(bag.facility_id, "late", wrong, actor_id=None)
    with pytest.raises(NotFound):
        save_words(bag.facility_id, "promo", "Beli lagi", actor_id=None)


def test_a_letter_goes_out_once_and_its_telling_is_noted_once(db, letters, bag, made):
    for _twice in range(2):
        tell(bag.facility_id, made[0], "prepared", Way.EMAIL, SYSTEM)
    while outbox.run_due(50):
        pass
    sent = [letter for letter in letters() if made[1] in letter["Subject"]]
    assert len(sent) == 1
    assert "sedang disiapkan" in sent[0].get_body(("plain",)).get_content()
    assert told(made[0]) == ["Sedang disiapkan · e-mail"]


def delivered(letters, code):
    while outbox.run_due(50):
        pass
    return len([letter for letter in letters() if code in letter["Subject"]])


def test_a_letter_goes_again_when_it_is_meant_and_says_when_it_went_before(client, letters, bag, made):
    factories.signed_in(client, "facility_staff", facility=bag.facility)
    page = f"/petugas/pesanan/{made[0]}/pesan"
    first = html.values(client.page(page).all("form", action=page)[0]) | {"lewat": "email"}
    assert "sudah" not in first
    assert "Pesan dikirim lewat e-mail." in client.post(page, data=first, follow_redirects=True).text
    again = client.post(page, data=first, follow_redirects=True).text
    assert "Tidak dikirim lagi: pesan ini sudah dikirim lewat e-mail pada" in again
    assert "Pesan dikirim lewat e-mail." not in again
    assert delivered(letters, made[1]) == 1

    shown = client.page(page)
    assert "Sudah dikirim lewat e-mail pada" in shown.text
    assert [one.text for one in shown.all("button")].count("Kirim lagi lewat e-mail") == 1, (
        "the other kind is new"
    )
    meant = html.values(shown.all("form", action=page)[0]) | {"lewat": "email"}
    assert shown.one("input", name="sudah").attrs["value"] == "1"
    for _twice in range(2):
        client.post(page, data=meant)
    assert delivered(letters, made[1]) == 2
    assert told(made[0]) == ["Sedang disiapkan · e-mail"] * 2
    assert "Sudah 2 kali dikirim lewat e-mail, terakhir pada" in client.get(page).text


@pytest.mark.parametrize("odd", ["-1", "x", "9" * 5, "²", ""])
def test_a_count_that_is_none_sends_the_first_letter_only(client, letters, bag, made, odd):
    factories.signed_in(client, "facility_staff", facility=bag.facility)
    page = f"/petugas/pesanan/{made[0]}/pesan"
    body = html.values(client.page(page).all("form", action=page)[0]) | {"lewat": "email", "sudah": odd}
    for _twice in range(2):
        assert client.post(page, data=body).status_code == 303
    assert delivered(letters, made[1]) == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_the_same_letter_asked_for_again_at_once_goes_once(app, db, letters, bag, made):
    facility_id = bag.facility_id
    tell(facility_id, made[0], "late", Way.EMAIL, SYSTEM)
    gate = Barrier(4)

    def press(_number):
        with app.app_context():
            gate.wait()
            return tell(facility_id, made[0], "late", Way.EMAIL, SYSTEM, times=1).before

    with ThreadPoolExecutor(4) as pool:
        before = list(pool.map(press, range(4)))
    assert before.count(None) == 1
    assert delivered(letters, made[1]) == 2


def test_what_does_not_fit_and_anothers_parcel_are_not_found(bag, made):
    other = factories.facility("LPB").id
    mine = bag.facility_id
    for facility_id, kind, error in (
        (other, "prepared", NotFound), (mine, "sent", IllegalMove), (mine, "promo", IllegalMove),
    ):  # fmt: skip
        with pytest.raises(error):
            tell(facility_id, made[0], kind, Way.WHATSAPP, SYSTEM)
        database.session.rollback()
    assert told(made[0]) == []


def test_the_number_is_masked_until_the_link_is_asked_for(client, bag, made):
    factories.signed_in(client, "facility_staff", facility=bag.facility)
    page = f"/petugas/pesanan/{made[0]}/pesan"
    before = client.get(page).text
    assert "wa.me" not in before
    assert "81200001111" not in before.replace("-", "").replace(" ", "")
    body = {"jenis": "late", "lewat": "whatsapp"}
    token = client.page(page).all("input", name="csrf_token")[0].attrs["value"]
    for _twice in range(2):
        after = client.post(page, data=body | {"csrf_token": token})
        assert after.status_code == 200
        assert "https://wa.me/6281200001111?text=" in after.text
    assert told(made[0]) == ["Mohon maaf terlambat · WhatsApp"]
    assert client.post(page, data=body | {"csrf_token": token, "lewat": "pos"}).status_code == 404
    assert client.get(WORDS).status_code == 403


def test_the_head_writes_the_words_and_keeps_what_was_wrong(client, bag):
    factories.signed_in(client, "facility_head", facility=bag.facility)
    token = client.page(WORDS).all("input", name="csrf_token")[-1].attrs["value"]
    wrong = client.post(WORDS, data={"csrf_token": token, "kind": "late", "body": "Halo {nama}"})
    assert wrong.status_code == 422
    assert "Halo {nama}" in wrong.text
    assert "Yang dapat disebut hanya" in wrong.text
    right = {"csrf_token": token, "kind": "late", "body": "Maaf, {kode} menyusul."}
    assert client.post(WORDS, data=right).status_code == 303
    assert "Maaf, {kode} menyusul." in client.get(WORDS).text
    assert set(KINDS) == {"prepared", "late", "sent", "ready"}
