"""Heads and the office about the same people at one moment: all lock in one order, so nobody dies waiting."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from storefront.accounts.models import Role, User
from storefront.core.db import db as database
from storefront.core.errors import DomainError
from storefront.facilities import services
from storefront.facilities.models import Membership
from tests import factories
from tests.checkout.test_races import at_once

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def home_of(user_id: int) -> int | None:
    return database.session.scalar(select(Membership.facility_id).filter_by(user_id=user_id))


def test_an_invitation_is_withdrawn_while_the_office_moves_or_withdraws_it(app: Flask, db: Any) -> None:
    here, there = factories.facility("LPA"), factories.facility("LPB")
    head, office = factories.user("facility_head", facility=here).id, factories.user().id
    invited = [factories.user("facility_staff", facility=here).id for _ in range(12)]
    at, to = here.id, there.id

    def race(user_id: int) -> list[Any]:
        ways = [
            lambda: services.withdraw_invitation(at, user_id, by_id=head),
            lambda: services.place(user_id, to, by_id=office),
            lambda: services.withdraw(user_id, by_id=office),
        ]
        return at_once(app, ways * 2)

    results = [race(user_id) for user_id in invited]

    assert all(result is None or issubclass(result, DomainError) for race_ in results for result in race_)
    assert all(None in race_ for race_ in results)
    assert db.session.scalar(select(func.count(User.id)).where(User.id.in_(invited))) == 0


def test_two_who_change_places_do_not_wait_for_each_other(app: Flask, db: Any) -> None:
    one, two = factories.facility("LPA"), factories.facility("LPB")
    office, first, second = factories.user().id, one.id, two.id
    ann, bob = (factories.user("facility_staff", facility=place).id for place in (one, two))

    for _ in range(12):
        moves = ((ann, second), (bob, first))
        results = at_once(
            app, [lambda move=move: services.place(*move, by_id=office) for move in moves]
        )  # fmt: skip
        assert results == [None, None]
        database.session.rollback()
        assert (home_of(ann), home_of(bob)) == (second, first)
        first, second = second, first


def test_office_and_head_invite_the_same_person_once(app: Flask, db: Any) -> None:
    place = factories.facility("LPA")
    head, office, at = factories.user("facility_head", facility=place).id, factories.user().id, place.id

    def by_head(email: str) -> None:
        services.invite_staff(at, email, name="Orang Baru", by_id=head)

    def by_office(email: str) -> None:
        role = Role.FACILITY_STAFF
        services.invite(email, name="Orang Baru", role=role, facility_id=at, by_id=office)

    for number in range(8):
        email = f"baru{number}@contoh.go.id"
        results = at_once(app, [lambda way=way, to=email: way(to) for way in (by_head, by_office) * 2])
        assert results.count(None) == 1, results
        database.session.rollback()
        assert db.session.scalar(select(func.count(User.id)).filter_by(email=email)) == 1
