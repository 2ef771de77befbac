"""Moments, locks and connections: what every table stands on. Rules of tables are in tests/tables."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from storefront.core.db import db as database
from storefront.core.db import found, locked
from storefront.core.errors import NotFound
from storefront.core.models import Job
from storefront.core.transactions import transaction

pytestmark = pytest.mark.usefixtures("db")

WIB = timezone(timedelta(hours=7))
NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=WIB)


def store(moment: datetime) -> int:
    with transaction():
        values = {"kind": "letter", "payload": {}, "run_at": moment, "created_at": moment}
        return int(database.session.execute(insert(Job).values(**values)).inserted_primary_key[0])


def test_a_moment_comes_back_aware_in_utc_whatever_zone_it_went_in_with():
    number = store(NOON)
    database.session.expire_all()

    again = database.session.get_one(Job, number).run_at

    assert again == NOON
    assert again.utcoffset() == timedelta(0)
    assert again.tzinfo is UTC
    assert again.microsecond == 123456
    assert database.session.get_one(Job, number).done_at is None


def test_moments_compare_and_sort_by_time_not_by_their_letters():
    late = store(NOON)
    early = store(datetime(2026, 11, 22, 4, 30, tzinfo=UTC))  # 11.30 WIB

    order = database.session.scalars(select(Job.id).order_by(Job.run_at)).all()
    before_noon = database.session.scalars(select(Job.id).where(Job.run_at < NOON)).all()

    assert order == [early, late]
    assert before_noon == [early]


def test_a_moment_without_a_zone_is_never_stored_nor_asked_for():
    naive = NOON.replace(tzinfo=None)

    with pytest.raises(StatementError, match="time zone"):
        store(naive)
    with pytest.raises(StatementError, match="time zone"):
        database.session.scalar(select(Job.id).where(Job.run_at < naive))
    database.session.rollback()
    assert database.session.scalars(select(Job)).all() == []


def test_what_is_not_there_is_not_found():
    for ask in (lambda: found(Job, 1), lambda: found(Job, None), lambda: locked(Job, 1)):
        with pytest.raises(NotFound):
            ask()


def test_a_locked_row_is_read_afresh():
    number = store(NOON)
    with transaction():
        job = database.session.get_one(Job, number)
        database.session.execute(
            Job.__table__.update().where(Job.__table__.c.id == number).values(attempts=3)
        )
        assert job.attempts == 0
        assert locked(Job, number) is job
        assert job.attempts == 3
