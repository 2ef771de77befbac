"""A button pressed twice makes one promotion: two of them would both be taken off."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.models import AuditEntry
from storefront.promotions.models import Promotion
from storefront.promotions.services import create_promotion, end_promotion
from tests import factories
from tests.checkout.test_races import at_once
from tests.promotions.test_pages import NEW, send
from tests.support.offers import author, offer, terms

pytestmark = pytest.mark.usefixtures("db")


def promotions() -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count(Promotion.id)))


@pytest.mark.parametrize("code", ["", "HEMAT10"])
def test_the_same_terms_of_the_same_person_are_one(code):
    me = author()
    assert offer(me, code=code) == offer(me, code=f" {code.lower()}")
    made = select(func.count(AuditEntry.id)).where(AuditEntry.action == "promotion.created")
    assert (promotions(), database.session.scalar(made)) == (1, 1)


def test_other_terms_another_person_and_another_hour_are_not():
    me = author()
    first = offer(me)
    assert offer(me, value=11) != first
    assert offer(author()) != first
    with clock.travel(clock.now() + timedelta(hours=1)):
        assert offer(me, starts_on=terms().starts_on) != first


def test_one_that_was_ended_is_written_down_anew():
    me = author()
    first = offer(me)
    end_promotion(first, me)
    assert offer(me) != first


def test_many_presses_at_one_moment_are_one(app):
    me, same = author(), terms()
    ids = at_once(app, [partial(create_promotion, same, me)] * 8)
    assert len(set(ids)) == 1
    assert promotions() == 1


def test_the_form_leads_to_the_same_promotion(client):
    factories.signed_in(client, "regional")
    pages = [send(client, "/pemprov/promosi/baru", NEW, status=303) for _ in range(2)]
    assert pages[0] == pages[1]
    assert promotions() == 1
