"""The pages: from the order to a review, and the desks where it is read. Whose is it, and who may come in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storefront.core import clock
from storefront.facilities.models import Facility
from storefront.feedback.models import NoteStatus, Review, ReviewStatus, ThankYouNote
from storefront.feedback.queries import desks
from storefront.feedback.services import (
    answer_review,
    approve_note,
    forget_buyer,
    publish_review,
    submit_note,
    submit_review,
)
from tests import factories
from tests.catalog_staff.photos import upload
from tests.feedback.conftest import deliver
from tests.support.html import Page

WORDS = {"rating": "5", "text": "Rapi sekali", "author": "Siti C."}


@pytest.fixture
def review_id(bought):
    return submit_review(bought.purchase, rating=5, text="Rapi sekali", author="Siti C.").id


# --- the buyer ------------------------------------------------------------------------------------


def test_the_order_page_leads_to_both_forms_once_it_arrived(client, bought):
    page = client.get(f"/pesanan/{bought.token}").text
    assert bought.review_path in page
    assert bought.thanks_path in page


def test_before_it_arrives_there_is_nothing_to_write(client, product):
    on_the_way = deliver(product, arrive=False)
    assert on_the_way.review_path not in client.get(f"/pesanan/{on_the_way.token}").text
    assert client.get(on_the_way.review_path).status_code == 404
    assert client.get(on_the_way.thanks_path).status_code == 404


def test_a_buyer_reviews_what_they_bought(client, db, bought):
    answer = client.submit(bought.review_path, WORDS | {"photos": upload()}, action=bought.review_path)

    assert answer.status_code == 303
    review = db.session.scalars(select(Review)).one()
    assert (review.rating, review.author, review.status) == (5, "Siti C.", ReviewStatus.PENDING)
    assert len(review.photos) == 1
    assert "sedang dibaca" in client.get(f"/pesanan/{bought.token}").text
    assert "sudah menulis" in client.get(bought.review_path).text


@pytest.mark.parametrize("author", ["Siti Contoh", "Ketua RW"])
def test_nobody_signs_with_more_than_is_offered(client, db, bought, author):
    answer = client.submit(bought.review_path, WORDS | {"author": author}, action=bought.review_path)
    assert answer.status_code == 422
    assert "Rapi sekali" in answer.text


def test_what_is_wrong_is_said_beside_it(client, db, bought):
    answer = client.submit(
        bought.review_path, {"text": "Rapi", "author": "Pembeli"}, action=bought.review_path
    )
    assert answer.status_code == 422
    assert "Pilih nilainya." in answer.text
    lost = {"rating": "", "author": "Pembeli", "photos": upload()}
    answer = client.submit(bought.review_path, lost, action=bought.review_path)
    assert "Pilih fotonya sekali lagi" in answer.text
    bad = WORDS | {"photos": upload(content=b"no picture")}
    assert client.submit(bought.review_path, bad, action=bought.review_path).status_code == 422
    assert db.session.scalars(select(Review)).all() == []


def test_a_stranger_without_the_address_writes_nothing(client, bought):
    assert client.get(f"/pesanan/falsch/ulasan/{bought.line_id}").status_code == 404


def test_a_buyer_thanks_the_workshop(client, db, bought):
    words = {"text": "Terima kasih, rapi sekali."}
    assert client.submit(bought.thanks_path, words, action=bought.thanks_path).status_code == 303
    assert client.submit(bought.review_path, WORDS, action=bought.review_path).status_code == 303
    note = db.session.scalars(select(ThankYouNote)).one()
    assert (note.text, note.status) == (words["text"], NoteStatus.PENDING)
    assert "sudah kami terima" in client.get(bought.thanks_path).text


# --- the product's page ---------------------------------------------------------------------------


def test_the_product_says_what_buyers_say_at_once(client, bought, review_id):
    path = f"/produk/{bought.slug}"
    assert "Kata pembeli" not in client.get(path).text
    publish_review(review_id, None)

    page = client.get(path).text
    assert "Rapi sekali" in page
    assert "Siti C." in page
    assert "Siti Contoh" not in page
    answer_review(bought.facility_id, review_id, None, "Sama-sama")
    assert "Sama-sama" in client.get(path).text


def test_a_review_is_text_and_nothing_else(client, bought):
    one = submit_review(bought.purchase, rating=1, text="<script>alert(1)</script>", author="Siti").id
    publish_review(one, None)
    assert "<script>alert" not in client.get(f"/produk/{bought.slug}").text


# --- the office -----------------------------------------------------------------------------------


def test_the_office_reads_publishes_and_keeps_back(client, db, bought, review_id):
    factories.signed_in(client, "regional")
    page = client.get("/kanwil/ulasan").text
    assert "Rapi sekali" in page
    assert bought.number not in page

    assert client.submit("/kanwil/ulasan", action=f"/kanwil/ulasan/{review_id}/tayangkan").status_code == 303
    published = "/kanwil/ulasan?status=published"
    refused = client.submit(published, {"reason": ""}, action=f"/kanwil/ulasan/{review_id}/tolak")
    assert refused.status_code == 422
    page = Page.parse(refused.text)
    [lead] = [link.attrs["href"] for link in page.one("div", role="alert").all("a")]
    assert page.one("input", id=lead[1:]).inside("details").attrs.keys() >= {"open"}
    for link in page.one("nav", aria_label="Menurut status").all("a"):
        assert client.get(link.attrs["href"]).status_code == 200
    client.submit(published, {"reason": "Iklan"}, action=f"/kanwil/ulasan/{review_id}/tolak")
    assert "Iklan" in client.get("/kanwil/ulasan?status=rejected").text


def test_the_office_is_told_what_to_look_at_twice(client, bought):
    submit_review(bought.purchase, rating=5, text="Buatan napi, WA 0812-0000-1234", author="Siti")
    factories.signed_in(client, "regional")
    page = client.get("/kanwil/ulasan").text
    assert "menyinggung martabat" in page
    assert "Kontak atau akun" in page


def test_the_office_passes_thanks_on_or_keeps_them(client, db, product, bought):
    first = submit_note(bought.purchase, "Terima kasih").id
    second = submit_note(deliver(product).purchase, "Telepon saya ya").id
    factories.signed_in(client, "regional")
    room = "/kanwil/ulasan/terima-kasih"

    assert client.submit(room, action=f"{room}/{first}/teruskan").status_code == 303
    assert client.submit(room, {"reason": ""}, action=f"{room}/{second}/tahan").status_code == 422
    assert client.submit(room, {"reason": "Kontak"}, action=f"{room}/{second}/tahan").status_code == 303
    db.session.expire_all()
    states = [db.session.get_one(ThankYouNote, one).status for one in (first, second)]
    assert states == [NoteStatus.APPROVED, NoteStatus.REJECTED]


def test_the_office_answers_complaints(client, db):
    words = {"topic": "goods", "text": "Piringnya retak satu", "name": "Siti Contoh", "phone": "081200001111"}
    client.submit("/pengaduan", words, action="/pengaduan")
    factories.signed_in(client, "regional")
    assert "Pengaduan belum dijawab" in client.get("/kanwil").text
    link = next(a for a in client.page("/kanwil/pengaduan").all("a") if "ADU-" in a.text)
    path = link.attrs["href"]
    assert "Siti Contoh" in client.get(path).text

    assert client.submit(path, {"answer": ""}, action=f"{path}/jawab").status_code == 422
    assert client.submit(path, {"answer": "Kami ganti"}, action=f"{path}/jawab").status_code == 303
    assert client.submit(path, action=f"{path}/tutup").status_code == 303
    assert "Ditutup" in client.get(path).text


def test_the_office_is_not_told_that_an_erased_sender_can_be_reached(client, db):
    words = {
        "topic": "goods",
        "text": "Piringnya retak satu",
        "name": "Siti Contoh",
        "email": "siti@contoh.id",
    }
    client.submit("/pengaduan", words, action="/pengaduan")
    forget_buyer([], email="siti@contoh.id")
    factories.signed_in(client, "regional")
    path = next(a for a in client.page("/kanwil/pengaduan").all("a") if "ADU-" in a.text).attrs["href"]

    page = client.get(path).text
    assert "@invalid" not in page
    assert "sudah menghapus datanya" in page
    client.submit(path, {"answer": "Kami ganti"}, action=f"{path}/jawab")
    after = client.get(path).text
    assert "tidak ada yang menerimanya" in after
    assert "dikirim lewat e-mail." not in after


def test_what_was_decided_last_stands_first(client, db, product, bought):
    ids = [submit_note(one.purchase, "Terima kasih").id for one in (bought, deliver(product))]
    for minutes, note_id in enumerate(reversed(ids)):
        with clock.travel(clock.now() + timedelta(minutes=minutes)):
            approve_note(note_id, None)
    assert [note.id for note in desks.notes_page(NoteStatus.APPROVED, 1)[0]] == ids


# --- the facility ---------------------------------------------------------------------------------


def test_a_facility_answers_its_reviews(client, db, bought, review_id):
    publish_review(review_id, None)
    facility = db.session.get_one(Facility, bought.facility_id)
    factories.signed_in(client, "facility_staff", facility=facility)
    page = client.get("/petugas/ulasan").text
    assert "Rapi sekali" in page
    assert "Siti Contoh" not in page

    path = f"/petugas/ulasan/{review_id}/jawab"
    refused = client.submit("/petugas/ulasan", {"answer": "x" * 1001}, action=path)
    assert refused.status_code == 422
    assert f'href="#answer-{review_id}"' in refused.text
    assert client.submit("/petugas/ulasan", {"answer": "Sama-sama"}, action=path).status_code == 303
    assert "Sama-sama" in client.get(f"/produk/{bought.slug}").text
    assert "Rapi sekali" not in client.get("/petugas/ulasan?belum=1").text


def test_a_facility_prints_and_hands_over_its_thanks(client, db, bought):
    note_id = submit_note(bought.purchase, "Terima kasih, rapi sekali").id
    approve_note(note_id, None)
    facility = db.session.get_one(Facility, bought.facility_id)
    factories.signed_in(client, "facility_staff", facility=facility)
    page = client.get("/petugas/terima-kasih").text
    assert "rapi sekali" in page
    for secret in ("Siti", bought.number, bought.token, "0812"):
        assert secret not in page

    answer = client.submit("/petugas/terima-kasih", {"note": str(note_id)}, action="/petugas/terima-kasih")
    assert answer.status_code == 303
    assert "Tidak ada ucapan yang menunggu" in client.get("/petugas/terima-kasih").text


def test_another_facility_sees_and_touches_none_of_it(client, db, bought, review_id):
    publish_review(review_id, None)
    approve_note(submit_note(bought.purchase, "Terima kasih, rapi sekali").id, None)
    factories.signed_in(client, "facility_head", facility=factories.facility("LPB"))

    for room in ("/petugas/ulasan", "/petugas/terima-kasih"):
        assert "api sekali" not in client.get(room).text
    token = client.page("/petugas/terima-kasih").all("input")[0].attrs["value"]
    body = {"answer": "Milik saya", "csrf_token": token}
    assert client.post(f"/petugas/ulasan/{review_id}/jawab", data=body).status_code == 404


@pytest.mark.parametrize("role", ["facility_staff", "promoter", "buyer"])
@pytest.mark.parametrize("room", ["/kanwil/ulasan", "/kanwil/ulasan/terima-kasih", "/kanwil/pengaduan"])
def test_only_the_office_reads_them_all(client, db, role, room):
    factories.signed_in(
        client, role, facility=factories.facility("LPC") if role == "facility_staff" else None
    )
    assert client.get(room).status_code == 403
