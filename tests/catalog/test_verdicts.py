"""Letters about what the office decided: one for a sitting, to the facility's people, never for nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask_sqlalchemy import SQLAlchemy

from storefront.accounts.models import User
from storefront.catalog.services import publish_product, return_product
from storefront.catalog.services.changes import (
    approve_change,
    request_change,
    return_change,
    submit_change,
    take_back_change,
)
from storefront.catalog.services.curation import Changed
from storefront.catalog.services.staging import save_details
from storefront.catalog.services.verdicts import LETTER, verdicts
from storefront.core import clock, outbox
from storefront.core.language import speaking
from storefront.core.models import Job
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from tests import factories
from tests.support.staged import submitted_change

NOON = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)


@pytest.fixture
def facility(db: SQLAlchemy) -> Facility:
    return factories.facility("LPTES", name="Lapas Tes")


@pytest.fixture
def officer(db: SQLAlchemy) -> int:
    return factories.user("regional").id


@pytest.fixture
def staff(facility: Facility) -> User:
    factories.user("facility_staff", facility=factories.facility("LPLAIN"))
    return factories.user("facility_staff", facility=facility)


def deliver(at: datetime) -> None:
    with clock.travel(at):
        while outbox.run_due(20):
            pass


def waiting(db: SQLAlchemy) -> int:
    return db.session.query(Job).filter_by(kind=LETTER).count()


Letters = Callable[[], list[EmailMessage]]


def text_of(letter: EmailMessage) -> str:
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]


def breaking_off(change_id: int, actor_id: int) -> None:
    """A decision whose transaction does not hold."""
    with transaction():
        approve_change(change_id, actor_id)
        raise ZeroDivisionError


def test_one_decision_is_one_letter_with_its_words_and_its_product(
    db: SQLAlchemy, letters: Letters, facility: Facility, staff: User, officer: int
) -> None:
    to = staff.email
    change = submitted_change(facility)
    with clock.travel(NOON):
        return_change(change.id, officer, "Judul terlalu umum.", ["title"])
    deliver(NOON + timedelta(minutes=10))
    assert letters() == []
    for _again in range(2):
        deliver(NOON + timedelta(minutes=11))
    (letter,) = letters()
    text = text_of(letter)
    assert letter["To"] == to
    assert letter["Subject"].endswith("Perubahan dikembalikan untuk diperbaiki")
    assert f"/petugas/produk/{change.product_id}\n" in text
    assert ("Judul terlalu umum." in text, "Lapas Tes" in text) == (True, True)


def test_a_sitting_is_one_letter_and_the_next_one_another(
    db: SQLAlchemy, letters: Letters, facility: Facility, staff: User, officer: int
) -> None:
    new, bad = (factories.product(facility, status="submitted", title=t).id for t in ("Kursi", "Meja"))
    asked, change = factories.product(facility, title="Lampu").id, submitted_change(facility).id
    elsewhere = factories.product(factories.facility("LPC"), status="submitted").id
    with clock.travel(NOON + timedelta(minutes=1)):
        publish_product(new, officer)
        publish_product(elsewhere, officer)
    with clock.travel(NOON + timedelta(minutes=9, seconds=59)):
        return_product(bad, officer, "Fotonya gelap.")
        approve_change(change, officer)
    with clock.travel(NOON + timedelta(minutes=10)):
        request_change(asked, officer, "Tambahkan ukurannya.")
    deliver(NOON + timedelta(minutes=30))
    first, second = letters()
    assert first["Subject"] == "3 putusan Kanwil tentang produk Anda"
    text = text_of(first)
    for words in ("Kursi\nTayang di toko.", "Meja\nDikembalikan", "Fotonya gelap.", "/petugas/produk\n"):
        assert words in text
    assert "Lampu" in second["Subject"]


def test_steps_of_the_facility_nobody_s_and_refused_ones_are_told_to_nobody(
    db: SQLAlchemy, facility: Facility, staff: User, officer: int
) -> None:
    product_id = factories.product(facility).id
    save_details(product_id, staff.id, title="Baru")
    submit_change(product_id, staff.id)
    take_back_change(product_id, staff.id)
    publish_product(factories.product(facility, status="submitted").id, None)
    with pytest.raises(Changed):
        publish_product(factories.product(facility, status="submitted").id, officer, seen="lain")
    change = submitted_change(facility)
    with pytest.raises(ZeroDivisionError):
        breaking_off(change.id, officer)
    assert waiting(db) == 0


def test_whoever_left_meanwhile_gets_none(
    db: SQLAlchemy, letters: Letters, facility: Facility, staff: User, officer: int
) -> None:
    change = submitted_change(facility)
    with clock.travel(NOON):
        approve_change(change.id, officer)
    with transaction():
        db.session.get_one(User, staff.id).is_enabled = False
    deliver(NOON + timedelta(minutes=30))
    assert (waiting(db), letters()) == (1, [])


def test_the_words_are_there_in_english(
    db: SQLAlchemy, facility: Facility, staff: User, officer: int
) -> None:
    change = submitted_change(facility)
    with clock.travel(NOON):
        approve_change(change.id, officer)
    with speaking("en"):
        (told,) = verdicts(facility.id, NOON)
    assert told.words == "Change approved, the shop shows it already"
