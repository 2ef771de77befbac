"""Thanks to a workshop: one way, read first, and nothing of the buyer in it."""

from datetime import UTC, datetime

import pytest

from storefront.core import clock
from storefront.core.errors import DomainError, Invalid
from storefront.feedback.models import NoteStatus, ThankYouNote
from storefront.feedback.queries import desks
from storefront.feedback.services import AlreadyWritten, approve_note, hand_over, reject_note, submit_note
from tests import factories
from tests.feedback.conftest import deliver


@pytest.fixture
def note_id(bought):
    return submit_note(bought.purchase, " Terima kasih, rapi sekali. ").id


def test_a_note_waits_for_the_office_and_then_reaches_its_facility(db, bought, note_id):
    assert desks.batch_of(bought.facility_id) == []
    approve_note(note_id, None)

    [row] = desks.batch_of(bought.facility_id)
    assert (row.text, row.product_title, row.workshop) == (
        "Terima kasih, rapi sekali.", "Tas Anyam", "Bengkel Kayu",
    )  # fmt: skip


def test_a_facility_reads_nothing_of_the_buyer(db, bought, note_id):
    approve_note(note_id, None)
    [row] = desks.batch_of(bought.facility_id)

    assert set(row._fields) == {"id", "text", "product_title", "workshop", "month"}
    assert not {"name", "phone", "email", "author", "order_id"} & set(ThankYouNote.__table__.c.keys())
    for word in ("Siti", bought.number, bought.token, "6281200001111"):
        assert word not in repr(row)


def test_a_facility_reads_the_month_in_its_own_time_and_not_the_moment(db, bought):
    with clock.travel(datetime(2026, 11, 30, 20, tzinfo=UTC)):  # 3 o'clock on 1 December in Jakarta
        note_id = submit_note(bought.purchase, "Terima kasih").id
        approve_note(note_id, None)
    assert [row.month for row in desks.batch_of(bought.facility_id)] == ["2026-12"]


def test_no_more_is_printed_at_once_than_can_be_handed_over(db, product, bought, monkeypatch):
    monkeypatch.setattr(desks, "BATCH", 1)
    first, second = submit_note(bought.purchase, "Satu").id, submit_note(deliver(product).purchase, "Dua").id
    for note_id in (first, second):
        approve_note(note_id, None)
    assert [row.id for row in desks.batch_of(bought.facility_id)] == [first]
    hand_over(bought.facility_id, [first])
    assert [row.id for row in desks.batch_of(bought.facility_id)] == [second]


def test_a_reason_is_kept_whole_or_refused(db, note_id):
    with pytest.raises(Invalid) as refused:
        reject_note(note_id, None, "x" * 301)
    assert refused.value.errors == {"reason": "Paling panjang 300 huruf."}


def test_one_note_a_line(db, bought, note_id):
    with pytest.raises(AlreadyWritten):
        submit_note(bought.purchase, "Sekali lagi")


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_a_note_says_something_and_not_too_much(db, bought, text):
    with pytest.raises(Invalid):
        submit_note(bought.purchase, text)


def test_what_is_kept_back_never_arrives(db, bought, note_id):
    with pytest.raises(Invalid):
        reject_note(note_id, None, "")
    reject_note(note_id, None, "Memuat nomor telepon")

    assert desks.batch_of(bought.facility_id) == []
    with pytest.raises(DomainError):
        approve_note(note_id, None)


def test_what_was_handed_over_is_not_printed_again(db, bought, note_id):
    approve_note(note_id, None)
    other_id = factories.facility("LPB").id

    assert hand_over(other_id, [note_id]) == 0
    assert hand_over(bought.facility_id, [note_id]) == 1
    assert hand_over(bought.facility_id, [note_id]) == 0
    assert desks.batch_of(bought.facility_id) == []
    assert desks.handed_over(bought.facility_id) == 1


def test_a_note_that_waits_cannot_be_handed_over(db, bought, note_id):
    assert hand_over(bought.facility_id, [note_id]) == 0
    assert db.session.get_one(ThankYouNote, note_id).status is NoteStatus.PENDING


def test_the_desks_know_what_waits(db, bought, note_id):
    assert desks.office_to_do() == {"reviews": 0, "notes": 1, "complaints": 0}
    approve_note(note_id, None)
    assert desks.facility_to_do(bought.facility_id) == {"unanswered": 0, "notes": 1}
    assert desks.office_to_do()["notes"] == 0
