"""The letter of Monday morning: once a week and person, what happened in the week and what waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.accounts.models import User
from storefront.core import clock, outbox
from storefront.core.models import Job
from storefront.desk.queries.week import due_week, readers, week_before
from storefront.desk.services import DIGEST, ask_for_digests
from storefront.facilities.models import Facility
from storefront.notices.services import choose_letters
from tests import factories
from tests.buying import buy, open_shop, pay
from tests.support.client import Client

SEVEN = datetime(2026, 11, 23, 0, tzinfo=UTC)
"""Monday, 07.00 WIB."""
MONDAY = SEVEN.date()
EARLIER = SEVEN - timedelta(days=5)


@pytest.fixture
def lapas(db: SQLAlchemy) -> Facility:
    return factories.facility("LPA", name="Lapas Awal")


@pytest.fixture
def people(lapas: Facility) -> dict[str, User]:
    """Who gets one (a head, the office), and who does not."""
    known = {"password_hash": "-", "created_at": EARLIER}
    made = {
        "head": factories.user("facility_head", facility=lapas, **known),
        "office": factories.user("regional", **known),
    }
    factories.user("facility_staff", facility=lapas, **known)
    factories.user("promoter", **known)
    factories.user("buyer", **known)
    factories.user("regional", is_enabled=False, **known)
    factories.user("facility_head", facility=lapas, created_at=EARLIER)
    factories.user("regional", password_hash="-", created_at=SEVEN)
    return made


def asked(db: SQLAlchemy) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Job.id)).filter_by(kind=DIGEST)) or 0


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (SEVEN - timedelta(seconds=1), None), (SEVEN, MONDAY), (SEVEN + timedelta(hours=40), MONDAY),
        (SEVEN + timedelta(days=2), None), (SEVEN + timedelta(days=5), None),
        (SEVEN + timedelta(days=7), MONDAY + timedelta(days=7)),
    ],
)  # fmt: skip
def test_it_is_due_on_monday_at_seven(moment: datetime, due: object) -> None:
    assert due_week(moment) == due


def test_heads_and_the_office_get_one_a_week(
    db: SQLAlchemy, people: dict[str, User], letters: Callable[[], list[EmailMessage]]
) -> None:
    mails = sorted(person.email for person in people.values())
    with clock.travel(SEVEN):
        assert readers(MONDAY) == sorted(person.id for person in people.values())
        for _turn in range(3):
            ask_for_digests()
            outbox.drain()
    assert sorted(str(letter["To"]) for letter in letters()) == mails
    with clock.travel(SEVEN + timedelta(days=3)):
        assert ask_for_digests() == 0
    with clock.travel(SEVEN + timedelta(days=7)):
        ask_for_digests()
    assert asked(db) == 5  # a week later there is one more in the office


def test_two_workers_at_once_ask_once(app: Flask, db: SQLAlchemy, people: dict[str, User]) -> None:
    def ask(_turn: int) -> None:
        with app.app_context(), clock.travel(SEVEN):
            ask_for_digests()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(8)))
    assert asked(db) == 2


@pytest.mark.parametrize("late", [False, True])
def test_who_wants_none_gets_none(
    db: SQLAlchemy, people: dict[str, User], letters: Callable[[], list[EmailMessage]], late: bool
) -> None:
    head, office = people["head"].id, people["office"].email
    with clock.travel(SEVEN):
        if late:  # the letter is asked for already
            ask_for_digests()
        choose_letters(head, is_weekly=False, language="id")
        ask_for_digests()
        outbox.drain()
    assert [letter["To"] for letter in letters()] == [office]


def test_it_says_what_happened_in_that_week_and_what_waits(
    db: SQLAlchemy, lapas: Facility, people: dict[str, User], letters: Callable[[], list[EmailMessage]]
) -> None:
    choose_letters(people["office"].id, is_weekly=True, language="en")
    place, head = lapas.id, people["head"].email
    with clock.travel(EARLIER):
        open_shop()
        bag = factories.product(lapas, price=100_000, stock=30)
        pay(buy({bag: 2}))
        pay(buy({factories.product(price=70_000, stock=9): 1}))
    bag = db.session.merge(bag)
    with clock.travel(SEVEN - timedelta(days=8)):
        pay(buy({bag: 5}))
    with clock.travel(SEVEN):
        own, whole = week_before(MONDAY, place), week_before(MONDAY)
        assert (own.orders, own.pieces, own.takings) == (1, 2, 200_000)
        assert (whole.orders, whole.pieces, whole.takings) == (2, 3, 270_000)
        ask_for_digests()
        outbox.drain()
    texts = {str(one["To"]): one.get_body(("plain",)).get_content() for one in letters()}  # type: ignore[union-attr]
    english = texts.pop(people["office"].email)
    for word in ("Lapas Awal", "16 November 2026", "22 November 2026", "1 pesanan dibayar", "Rp200.000",
                 "Pesanan perlu diterima: 2", "/akun/surat"):  # fmt: skip
        assert word in texts[head], word
    for word in ("Last week at all Lapas", "2 orders paid", "net sales Rp270.000", "/en/kanwil"):
        assert word in english, word


def test_a_quiet_week(people: dict[str, User], letters: Callable[[], list[EmailMessage]]) -> None:
    with clock.travel(SEVEN):
        ask_for_digests()
        outbox.drain()
    text = letters()[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Tidak ada yang menunggu" in text


@pytest.mark.parametrize("role", ["facility_head", "regional", "promoter"])
def test_one_chooses_ones_letters(client: Client, db: SQLAlchemy, role: str) -> None:
    inside = factories.facility() if role == "facility_head" else None
    me = factories.signed_in(client, role, facility=inside)
    assert "/akun/surat" in client.get("/akun").text
    answer = client.submit("/akun/surat", {"language": "en"}, action="/akun/surat")

    assert answer.status_code == 303
    page = client.page("/akun/surat")
    assert [node.attrs["value"] for node in page.all("option") if "selected" in node.attrs] == ["en"]
    wrong = client.submit("/akun/surat", {"language": "xx"}, action="/akun/surat")
    assert wrong.status_code == 422
    assert me


def test_buyers_have_no_such_letters(client: Client, db: SQLAlchemy) -> None:
    factories.signed_in(client, "buyer")
    assert client.get("/akun/surat").status_code == 403
    assert "/akun/surat" not in client.get("/akun").text
