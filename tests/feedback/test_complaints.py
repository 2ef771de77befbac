"""Complaints: filed by anybody, seen by the office only, answered by letter."""

import pytest

from storefront.core.errors import DomainError, Invalid
from storefront.core.outbox import drain
from storefront.feedback.models import Complaint, ComplaintStatus, ComplaintTopic
from storefront.feedback.queries import data_of, desks
from storefront.feedback.services import answer_complaint, close_complaint, file_complaint, forget_buyer
from tests import factories

WRONG = "Satu dari enam piring retak waktu dibuka."
FORM = {"topic": "goods", "text": WRONG, "name": "Siti Contoh", "phone": "0812 0000 1111"}


@pytest.fixture
def file(db):
    """Files a complaint."""

    def make(**fields):
        values = {
            "name": "Siti Contoh", "topic": ComplaintTopic.GOODS, "text": WRONG, "phone": "+6281200001111",
        } | fields  # fmt: skip
        return file_complaint(**values).id

    return make


def test_the_office_hears_of_it_without_the_words_and_the_sender_is_thanked(db, file, letters):
    office = factories.user("regional").email
    file(email="siti@contoh.id")
    drain()

    [first, second] = letters()
    assert (first["To"], second["To"]) == (office, "siti@contoh.id")
    for part in first.iter_parts():
        assert "/kanwil/pengaduan/" in part.get_content()
        assert WRONG not in part.get_content()
        assert "Siti" not in part.get_content()
    assert "ADU-" in second["Subject"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"phone": ""}, "phone"), ({"text": " "}, "text"), ({"text": "x" * 2001}, "text"),
     ({"facility_id": 999}, "facility_id")],
)  # fmt: skip
def test_a_complaint_that_cannot_be_answered_is_refused(db, file, fields, name):
    with pytest.raises(Invalid) as refused:
        file(**fields)
    assert name in refused.value.errors


def test_an_answer_goes_to_whoever_wrote(db, file, letters):
    complaint_id = file(email="siti@contoh.id")
    with pytest.raises(DomainError):
        close_complaint(complaint_id, None)
    answer_complaint(complaint_id, None, "Kami ganti hari ini.")
    drain()

    assert "Kami ganti hari ini." in letters()[-1].get_body(("plain",)).get_content()
    close_complaint(complaint_id, None)
    complaint = db.session.get_one(Complaint, complaint_id)
    assert (complaint.status, complaint.closed_at is None) == (ComplaintStatus.CLOSED, False)
    with pytest.raises(DomainError):
        answer_complaint(complaint_id, None, "Lagi")
    with pytest.raises(DomainError):
        close_complaint(complaint_id, None)


def test_an_answer_says_something(db, file):
    with pytest.raises(Invalid):
        answer_complaint(file(), None, " ")


def test_a_letter_is_written_in_the_language_of_its_reader(client, db, letters):
    client.submit("/en/pengaduan", FORM | {"phone": "", "email": "siti@contoh.id"}, action="/en/pengaduan")
    drain()
    assert "received" in letters()[-1]["Subject"]


def test_a_sender_who_goes_takes_their_data_along(db, file, letters):
    complaint_id = file(email="siti@contoh.id", order_number="WBP-1")
    other_id = file(email="lain@contoh.id")
    [taken] = data_of([], email="siti@contoh.id")["complaints"]
    assert taken["text"] == WRONG
    forget_buyer([], email="siti@contoh.id")

    complaint = db.session.get_one(Complaint, complaint_id)
    assert (complaint.name, complaint.phone, complaint.order_number) == ("Pembeli", "", "")
    assert complaint.email.endswith("@invalid")
    assert complaint.mail_to == ""
    assert db.session.get_one(Complaint, other_id).name == "Siti Contoh"
    answer_complaint(complaint_id, None, "Sudah kami ganti.")
    drain()
    assert not [letter for letter in letters() if "invalid" in letter["To"]]


def test_counts_by_status(db, file):
    answer_complaint(file(), None, "Sudah")
    file()
    assert desks.complaint_counts() == {ComplaintStatus.OPEN: 1, ComplaintStatus.ANSWERED: 1}


# --- the public page ------------------------------------------------------------------------------


def test_the_page_tells_the_ways_and_takes_the_form(client, db):
    factories.facility("LPA")
    page = client.get("/pengaduan").text
    assert "/lacak" in page
    assert "0853-1111-1010" in page

    answer = client.submit("/pengaduan", FORM, action="/pengaduan")
    assert answer.status_code == 303
    [complaint] = desks.complaints_page(ComplaintStatus.OPEN, 1)[0]
    assert complaint.phone == "+6281200001111"
    assert complaint.reference in client.get("/pengaduan/diterima").text


def test_the_order_page_gives_its_number_along(client, db):
    assert "WBP-260128-7K2QX" in client.get("/pengaduan?pesanan=WBP-260128-7K2QX").text


def test_what_was_typed_survives(client, db):
    answer = client.submit("/pengaduan", FORM | {"phone": "", "text": WRONG}, action="/pengaduan")
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert "agar kami dapat menjawab" in answer.text
    answer = client.submit(
        "/pengaduan", {"topic": "", "text": "", "name": "", "phone": ""}, action="/pengaduan"
    )
    assert "agar kami dapat menjawab" in answer.text, "all that is missing is said at once"
    answer = client.submit("/pengaduan", FORM | {"email": "bukan-alamat"}, action="/pengaduan")
    assert answer.status_code == 422
    assert "tidak lengkap" in answer.text


def test_a_stranger_sees_no_reference(client, app, db):
    client.submit("/pengaduan", FORM, action="/pengaduan")
    assert app.test_client().get("/pengaduan/diterima").status_code == 303


def test_somebody_who_files_again_and_again_is_stopped(client, db):
    codes = [client.submit("/pengaduan", FORM, action="/pengaduan").status_code for _ in range(7)]
    assert codes[-1] == 429
