"""The board: four steps, parcels taken together, codes that are scanned, waybills by the list."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid, NotFound
from storefront.core.models import Job
from storefront.orders.models import OrderEvent, Parcel, ParcelStatus
from storefront.orders.services import SYSTEM, Actor, accept_parcel, pack_parcel
from storefront.orders.services.board import MOST_LINES, accept_many, enter_waybills, read_pairs
from tests import factories
from tests.buying import buy, open_shop, order_of, pay
from tests.support import html
from tests.support.queries import counted

BOARD, MANY = "/petugas/pesanan", "/petugas/pesanan/banyak"
SCAN, WAYBILLS = "/petugas/pesanan/pindai", "/petugas/pesanan/resi"
WAITING, PROCESSING, PACKED = ParcelStatus.WAITING, ParcelStatus.PROCESSING, ParcelStatus.PACKED


@pytest.fixture
def bag(db):
    open_shop()
    return factories.product(factories.facility("LPA"), title="Tas Anyam", stock=50)


@pytest.fixture
def rug(bag):
    return factories.product(factories.facility("LPB"), title="Keset", stock=50)


def parcel(product, status=WAITING, **kwargs):
    """A paid parcel at a step: its id and code."""
    placed = buy({product: 1}, **kwargs)
    pay(placed)
    [made] = order_of(placed).parcels
    found = made.facility_id, made.id, made.code
    if status in (PROCESSING, PACKED):
        accept_parcel(*found[:2], SYSTEM)
    if status is PACKED:
        pack_parcel(*found[:2], SYSTEM)
    return found[1:]


def status_of(parcel_id):
    database.session.expire_all()
    return database.session.get_one(Parcel, parcel_id).status


def staff(client, product):
    return factories.signed_in(client, "facility_staff", facility=product.facility).id


def codes(page):
    return [link.text for link in page.all("a") if link.text.startswith("WBP-")]


def send(client, page, path, **body):
    """Post this with the page's own token: the boxes belong to the form without standing in it."""
    token = html.values(client.page(page).all("form")[-1])["csrf_token"]
    return client.post(path, data={"csrf_token": token} | body)


# --- the board ----------------------------------------------------------------------------------------


def test_what_is_worked_on_is_to_be_made_or_to_be_packed(client, bag):
    table = factories.product(bag.facility, title="Meja", supply="made_to_order", weekly_capacity=5)
    _id, ready = parcel(bag, PROCESSING)
    _id, made = parcel(table, PROCESSING)
    staff(client, bag)
    assert codes(client.page(f"{BOARD}?tahap=buat")) == [made]
    assert codes(client.page(f"{BOARD}?tahap=kemas")) == [ready]
    assert set(codes(client.page(f"{BOARD}?tahap=dikerjakan"))) == {ready, made}
    tabs = {
        link.attrs["href"]: link.text
        for link in client.page(BOARD).all("a")
        if "tahap=" in link.attrs["href"]
    }
    assert tabs[f"{BOARD}?tahap=buat"].endswith("1")
    assert tabs[f"{BOARD}?tahap=kemas"].endswith("1")


def test_each_parcel_says_until_when_and_how_late_it_is(client, bag):
    parcel(bag)
    staff(client, bag)
    assert "terlambat" not in client.page(BOARD).one("table").text
    with clock.travel(clock.now() + timedelta(days=20)):
        staff(client, bag)
        assert "terlambat" in client.page(BOARD).one("table").text


def test_the_board_asks_the_same_questions_however_much_lies_on_it(client, bag):
    parcel(bag)
    staff(client, bag)
    client.get(BOARD)
    with counted() as few:
        client.get(BOARD)
    for _ in range(4):
        parcel(bag)
    with counted() as many:
        client.get(BOARD)
    assert len(many) == len(few)


def test_a_long_stage_is_read_on_from_the_last_parcel(client, bag, rug, monkeypatch):
    monkeypatch.setattr("storefront.orders.staff_views.SIZE", 2)
    made = [parcel(bag) for _ in range(5)]
    made.sort(key=lambda one: (database.session.get_one(Parcel, one[0]).order.paid_at, one[0]))
    elsewhere = parcel(rug)[0]
    staff(client, bag)
    first = client.page(BOARD)
    assert codes(first) == [code for _id, code in made[:2]]
    more = next(link.attrs["href"] for link in first.all("a") if link.text == "Tampilkan lagi")
    accept_parcel(bag.facility_id, made[0][0], SYSTEM)  # who was above moves on: nobody is passed over
    accept_parcel(bag.facility_id, made[1][0], SYSTEM)
    with counted() as second_asks:
        second = client.page(more)
    assert codes(second) == [code for _id, code in made[2:4]]
    with counted() as third_asks:
        third = client.page(f"{BOARD}?tahap=diterima&sebelum={made[3][0]}")
    assert (codes(third), len(third_asks)) == ([made[4][1]], len(second_asks))
    end = client.page(f"{BOARD}?tahap=diterima&sebelum={made[4][0]}")
    assert (codes(end), "Tidak ada lagi di bawahnya" in end.text) == ([], True)
    assert "Kembali ke yang paling lama" in end.text
    assert codes(client.page(f"{BOARD}?sebelum={elsewhere}")) == []  # not a place in this row
    assert codes(client.page(f"{BOARD}?sebelum=x")) == codes(client.page(BOARD))
    refused = send(client, BOARD, MANY, langkah="terima", tahap="diterima")  # nothing was ticked
    assert (refused.status_code, 'href="/petugas/pesanan?tahap=diterima&amp;sebelum=' in refused.text) == (
        422,
        True,
    )


# --- many at once -------------------------------------------------------------------------------------


def test_the_chosen_ones_are_accepted_and_the_others_stay(client, bag):
    first, second, third = (parcel(bag)[0] for _ in range(3))
    staff(client, bag)
    for _twice in range(2):
        body = {"langkah": "terima", "tahap": "diterima", "kiriman": [first, second]}
        assert send(client, BOARD, MANY, **body).status_code == 303
    assert [status_of(one) for one in (first, second, third)] == [PROCESSING, PROCESSING, WAITING]
    events = select(func.count(OrderEvent.id)).where(OrderEvent.to_status == "processing")
    assert database.session.scalar(events) == 2
    assert "Tidak menunggu lagi" in client.get(BOARD).text


def test_nothing_chosen_and_what_is_no_step_change_nothing(client, bag):
    one, _code = parcel(bag)
    staff(client, bag)
    answer = send(client, BOARD, MANY, langkah="terima", tahap="diterima")
    assert answer.status_code == 422
    assert "Centang dahulu kiriman yang dimaksud." in answer.text
    assert send(client, BOARD, MANY, langkah="hapus", kiriman=[one]).status_code == 404
    assert status_of(one) is WAITING


def test_anothers_parcel_among_the_chosen_ones_stops_all(client, bag, rug):
    mine, theirs = parcel(bag)[0], parcel(rug)[0]
    with pytest.raises(NotFound):
        accept_many(bag.facility_id, [mine, theirs], Actor(None))
    staff(client, bag)
    for act in ("terima", "cetak"):
        answer = send(client, BOARD, MANY, langkah=act, kiriman=[mine, theirs])
        if act == "cetak":
            answer = client.get(answer.headers["Location"])
        assert answer.status_code == 404
    assert (status_of(mine), status_of(theirs)) == (WAITING, WAITING)


def test_all_papers_of_the_chosen_ones_are_one_file(client, bag):
    """A work order for what is not packed, a slip and a label for each; only labels know the buyer."""
    open_one, packed_one = parcel(bag), parcel(bag, PACKED)
    staff(client, bag)
    answer = send(client, BOARD, MANY, langkah="cetak", kiriman=[open_one[0], packed_one[0]])
    assert answer.status_code == 303
    file = client.get(answer.headers["Location"])
    assert file.mimetype == "application/pdf"
    pages = PdfReader(io.BytesIO(file.data)).pages
    texts = [page.extract_text() for page in pages]
    heads = ["Perintah kerja", "Isi kiriman", "Isi kiriman", "Kepada", "Kepada"]
    assert [head in text for head, text in zip(heads, texts, strict=True)] == [True] * 5
    assert [round(page.mediabox.width / 72 * 25.4) for page in pages] == [210, 210, 210, 105, 105]
    assert ["Siti Contoh" in text for text in texts] == [False, False, False, True, True]
    assert all(code in "".join(texts[1:3]) for code in (open_one[1], packed_one[1]))


# --- codes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "step", "words"),
    [(WAITING, "terima", "akan ditandai diterima"), (PROCESSING, "kemas", "akan ditandai sudah dikemas")],
)
def test_a_code_says_what_will_happen_and_moves_nothing_before_yes(client, bag, status, step, words):
    one, code = parcel(bag, status)
    staff(client, bag)
    answer = client.submit(SCAN, {"code": f" {code.lower()} "}, action=SCAN)
    assert answer.status_code == 200
    assert words in answer.text
    assert "Siti Contoh" not in answer.text
    assert status_of(one) is status
    page = html.Page.parse(answer.text)
    form = page.form(f"{BOARD}/{one}/{step}")
    done = client.post(form.attrs["action"], data=html.values(form))
    assert done.status_code == 303
    assert done.headers["Location"].endswith(SCAN)
    assert status_of(one) is not status
    assert client.post(form.attrs["action"], data=html.values(form)).status_code == 409


def test_a_packed_parcel_asks_for_its_waybill_there(client, bag):
    one, code = parcel(bag, PACKED)
    staff(client, bag)
    page = html.Page.parse(client.submit(SCAN, {"code": code}, action=SCAN).text)
    form = page.form(f"{BOARD}/{one}/kirim")
    sent = client.post(
        form.attrs["action"], data=html.values(form) | {"courier": "JNE", "waybill": "AB12345"}
    )
    assert sent.headers["Location"].endswith(SCAN)
    assert status_of(one) is ParcelStatus.SHIPPED


def test_anothers_code_is_as_unknown_as_one_that_is_none(client, bag, rug):
    _one, theirs = parcel(rug)
    staff(client, bag)
    answers = [client.submit(SCAN, {"code": code}, action=SCAN) for code in (theirs, "WBP-1", "<b>", "")]
    assert [answer.status_code for answer in answers] == [422] * 4
    assert "Tidak ada kiriman dengan kode ini di Lapas Anda." in answers[0].text
    assert f'value="{theirs}"' in answers[0].text
    said = [html.Page.parse(answer.text).one("scan-code").text for answer in answers[:2]]
    assert said[0] == said[1]


# --- waybills -----------------------------------------------------------------------------------------


def test_each_line_is_judged_by_itself_and_bad_ones_change_nothing(client, bag, rug):
    good, spaced, comma = parcel(bag, PACKED), parcel(bag, PACKED), parcel(bag, PACKED)
    waiting, theirs = parcel(bag), parcel(rug, PACKED)
    staff(client, bag)
    lines = [
        f"{good[1]}\tJX0000001", f"{spaced[1].lower()}   JX0000002", f"{comma[1]}, JX0000003", "",
        f"{waiting[1]} JX0000004", f"{theirs[1]} JX0000005", f"{good[1]} JX0000009", "satu dua tiga", "x",
    ]  # fmt: skip
    answer = client.submit(WAYBILLS, {"courier": "J&T", "lines": "\n".join(lines)}, action=WAYBILLS)
    assert answer.status_code == 422
    page = html.Page.parse(answer.text)
    rows = [row.text for row in page.one("tbody").all("tr")]
    assert len(rows) == 8
    for row, words in zip(
        rows,
        ("Tersimpan", "Tersimpan", "Tersimpan", "belum dikemas", "Tidak ada kiriman", "dengan resi JX0000001",
         "Tulis kode kiriman", "Tulis kode kiriman"),
        strict=True,
    ):  # fmt: skip
        assert words in row
    left = page.one("textarea").text
    assert left.startswith(f"{waiting[1]} JX0000004 {theirs[1]} JX0000005")
    assert spaced[1] not in left.upper()
    database.session.expire_all()
    sent = [
        database.session.get_one(Parcel, one).waybill for one, _code in (good, spaced, comma, waiting, theirs)
    ]
    assert sent == ["JX0000001", "JX0000002", "JX0000003", "", ""]
    assert [status_of(one) for one in (waiting[0], theirs[0])] == [WAITING, PACKED]


def test_the_same_list_again_changes_nothing_and_is_good(client, bag):
    one, code = parcel(bag, PACKED)
    staff(client, bag)
    for words in ("Tersimpan.", "Sudah tersimpan sebelumnya."):
        answer = client.submit(WAYBILLS, {"courier": "JNE", "lines": f"{code} AB12345"}, action=WAYBILLS)
        assert answer.status_code == 200
        assert words in answer.text
    letters = select(func.count(Job.id)).where(Job.key == f"letter.shipped:{one}")
    assert database.session.scalar(letters) == 1
    events = select(func.count(OrderEvent.id)).where(OrderEvent.to_status == "shipped")
    assert database.session.scalar(events) == 1


def test_a_waybill_typed_in_small_letters_is_the_same_waybill(bag):
    one, code = parcel(bag, PACKED)
    for typed, is_new in ((f"{code.lower()} ab12345", True), (f"{code} AB12345", False)):
        [said] = enter_waybills(bag.facility_id, typed, courier="JNE", actor=SYSTEM)
        assert (said.good, said.is_new) == (True, is_new)
    assert database.session.get_one(Parcel, one, populate_existing=True).waybill == "AB12345"


def test_a_waybill_of_another_order_and_of_no_form_are_refused_in_words(bag):
    first, second = parcel(bag, PACKED), parcel(bag, PACKED)
    text = f"{first[1]} AB12345\n{second[1]} AB12345\n{second[1]} A!"
    said = enter_waybills(bag.facility_id, text, courier="JNE", actor=SYSTEM)
    assert [verdict.good for verdict in said] == [True, False, False]
    assert "milik kiriman lain" in said[1].words
    assert "5–40 huruf dan angka" in said[2].words
    assert status_of(second[0]) is PACKED


def test_a_list_has_an_end_and_a_beginning(bag):
    for text in ("", " \n\t\n", "A B\n" * (MOST_LINES + 1)):
        with pytest.raises(Invalid):
            enter_waybills(bag.facility_id, text, courier="JNE", actor=SYSTEM)


word = st.text("ABC123-", min_size=1, max_size=8)


@given(st.lists(st.tuples(word, word, st.sampled_from([" ", "\t", ", ", ";", "\n", "\r\n", "\n\n"]))))
def test_whatever_stands_between_a_code_and_its_waybill_the_pair_is_read(pairs):
    text = "\n".join(f"{code}{between}{waybill}" for code, waybill, between in pairs)
    assert [parts for _number, _typed, parts in read_pairs(text)] == [[code, bill] for code, bill, _ in pairs]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_the_same_list_sent_twice_at_once_sends_each_parcel_once(app, db, bag):
    made = [parcel(bag, PACKED) for _ in range(4)]
    facility_id = bag.facility_id
    text = "\n".join(f"{code} AB{number}00000" for number, (_one, code) in enumerate(made))
    gate = Barrier(3)

    def send_list():
        gate.wait(timeout=60)
        with app.app_context():
            try:
                said = enter_waybills(facility_id, text, courier="JNE", actor=SYSTEM)
                return [(verdict.good, verdict.is_new) for verdict in said]
            finally:
                database.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(3) as pool:
        answers = [future.result() for future in [pool.submit(send_list) for _ in range(3)]]
    assert all(good for said in answers for good, _new in said)
    assert sum(new for said in answers for _good, new in said) == 4
    events = select(func.count(OrderEvent.id)).where(OrderEvent.to_status == "shipped")
    assert db.session.scalar(events) == 4
