"""What the office said of a facility's page reaches its heads and who wrote it: one letter each, once."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy

from storefront.accounts.models import User
from storefront.core import outbox
from storefront.core.db import db as database
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.facilities.queries import last_page_change
from storefront.facilities.services.pages import Bench, approve_page, propose_page, return_page, withdraw_page
from storefront.notices.services import choose_letters
from tests import factories


@pytest.fixture
def lapas(db: SQLAlchemy) -> Facility:
    factories.user("facility_head", facility=factories.facility("LPB"), password_hash="-")
    return factories.facility("LPA")


@pytest.fixture
def head(lapas: Facility) -> int:
    return factories.user("facility_head", facility=lapas, password_hash="-").id


def propose(lapas: Facility, head: int, story: str = "Kami menganyam.") -> Any:
    rooms = database.session.get_one(Facility, lapas.id).workshops
    propose_page(lapas.id, story, [Bench(room.id, room.name, "") for room in rooms], by_id=head)
    database.session.expire_all()
    change = last_page_change(lapas.id)
    assert change is not None
    return change


def test_a_proposal_that_came_back_says_why_to_every_head(lapas: Facility, head: int, letters: Any) -> None:
    other = factories.user("facility_head", facility=lapas, password_hash="-")
    choose_letters(other.id, is_weekly=True, language="en")
    addresses = {database.session.get_one(User, one).email for one in (head, other.id)}
    factories.user("facility_staff", facility=lapas, password_hash="-")
    change = propose(lapas, head)
    assert outbox.drain() == 0 or letters() == [], "a proposal alone is no news"
    return_page(change.id, "Sebutkan bahannya", seen=change.changed_at, by_id=factories.user().id)
    outbox.drain()
    sent = letters()
    assert {letter["To"] for letter in sent} == addresses
    assert len(sent) == 2
    bodies = {letter["To"]: letter.get_body(("plain",)).get_content() for letter in sent}
    assert all("Sebutkan bahannya" in body for body in bodies.values())
    assert "sent the proposed page" in bodies[database.session.get_one(User, other.id).email]
    outbox.drain()
    assert len(letters()) == 2


def test_an_approved_one_leads_to_the_page_and_who_left_hears_nothing(
    lapas: Facility, head: int, letters: Any
) -> None:
    change = propose(lapas, head)
    approve_page(change.id, seen=change.changed_at, by_id=factories.user().id)
    gone = factories.user("facility_head", facility=lapas, password_hash="-").id
    with transaction():
        database.session.get_one(User, gone).is_enabled = False
    outbox.drain()
    (letter,) = letters()
    assert (
        f"/lapas/{database.session.get_one(Facility, lapas.id).slug}"
        in letter.get_body(("plain",)).get_content()
    )
    assert "disetujui" in letter["Subject"]


def test_what_the_facility_took_back_is_no_news(lapas: Facility, head: int, letters: Any) -> None:
    propose(lapas, head)
    withdraw_page(lapas.id, by_id=head)
    outbox.drain()
    assert letters() == []
