"""The chain of acts: written once, in order, and every way of tampering with it shows."""

import threading
from contextlib import closing
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from storefront.accounts.models import User
from storefront.core import auditlog, clock
from storefront.core.auditlog import Act
from storefront.core.db import locked
from storefront.core.models import AuditEntry
from storefront.core.transactions import touch, transaction
from tests import factories

KNOWN = "3f32690ca1a74218d2f8d00972e7caa0d15c694242109f979e3f9835f2140c19"


def act(number: int = 1, **facts: Any) -> None:
    auditlog.write("stock.counted", "variant", number, actor_id=None, **facts)


def faults() -> list[tuple[int, str]]:
    return [(fault.number, fault.what) for fault in auditlog.faults()]


@pytest.fixture
def chain(db: Any) -> Any:
    """Five acts, in tables that let everything happen."""
    for number in range(1, 6):
        with transaction():
            act(number, change=number)
    with closing(db.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        for table in ("audit_entries", "audit_head"):
            cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {table}")
            cursor.execute(f"DROP TABLE {table}{'' if db.engine.dialect.name == 'sqlite' else ' CASCADE'}")
            cursor.execute(f"ALTER TABLE bare RENAME TO {table}")
        connection.commit()
    db.session.rollback()
    return db


def test_acts_follow_one_another(db: Any) -> None:
    assert auditlog.head() == (0, auditlog.START)
    with transaction():
        act(1)
        act(2, price=50_000, since=date(2026, 11, 22), what=["a", None, True], names={"b", "a"})
    with transaction():
        pass
    with transaction():
        act(3)
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == [auditlog.START, rows[0].hash, rows[1].hash]
    assert auditlog.head() == (3, rows[2].hash)
    assert rows[1].facts == {
        "price": 50_000, "since": "2026-11-22", "what": ["a", None, True], "names": ["a", "b"]
    }  # fmt: skip
    assert faults() == []


def test_a_known_chain_keeps_its_hashes() -> None:
    """The form of an entry is a promise: old chains have to be read for years."""
    first = Act(
        clock.day_start(date(2026, 11, 22)), "refund.sent", "order", "WBP-1", 7, None, {"b": 1, "a": "é"}
    )
    assert auditlog.seal(auditlog.START, 1, first) == KNOWN


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE audit_entries SET action = 'stock.received' WHERE number = 2", [(2, "changed")]),
        ("UPDATE audit_entries SET facts = '{\"change\": 9}' WHERE number = 3", [(3, "changed")]),
        ("UPDATE audit_entries SET actor_id = 1 WHERE number = 3", [(3, "changed")]),
        ("UPDATE audit_entries SET facility_id = 1 WHERE number = 3", [(3, "changed")]),
        ("UPDATE audit_entries SET subject_id = '9' WHERE number = 1", [(1, "changed")]),
        ("UPDATE audit_entries SET at = '2020-01-01 00:00:00' WHERE number = 4", [(4, "changed")]),
        ("DELETE FROM audit_entries WHERE number = 3", [(3, "missing")]),
        ("DELETE FROM audit_entries WHERE number = 1", [(1, "missing")]),
        ("DELETE FROM audit_entries WHERE number > 3", [(4, "cut")]),
        ("DELETE FROM audit_entries", [(1, "cut")]),
        ("UPDATE audit_head SET entries = 4", [(5, "head")]),
        ("UPDATE audit_head SET entries = 6", [(6, "cut")]),
        ("DELETE FROM audit_head", [(5, "head")]),
        (
            "UPDATE audit_entries SET number = 7 - number WHERE number IN (3, 4)",
            [(3, "moved"), (3, "changed"), (4, "moved"), (4, "changed"), (5, "moved")],
        ),
    ],
)
def test_tampering_shows(chain: Any, tampering: str, found: list[tuple[int, str]]) -> None:
    assert faults() == []
    chain.session.execute(text(tampering))
    chain.session.commit()
    assert faults() == found


def test_a_changed_act_with_a_new_hash_of_its_own_breaks_the_next_one(chain: Any) -> None:
    row = chain.session.execute(text("SELECT previous FROM audit_entries WHERE number = 2")).one()
    at = chain.session.scalar(select(AuditEntry.at).filter_by(number=2))
    forged = auditlog.seal(
        row.previous, 2, Act(at, "stock.counted", "variant", "2", None, None, {"change": 99})
    )
    chain.session.execute(
        text("UPDATE audit_entries SET facts = :facts, hash = :hash WHERE number = 2"),
        {"facts": '{"change": 99}', "hash": forged},
    )
    chain.session.commit()
    assert faults() == [(3, "moved")]


def test_a_chain_made_wholly_anew_differs_from_what_was_noted_down(app: Any, chain: Any) -> None:
    number, noted = auditlog.head()
    run = app.test_cli_runner()
    assert run.invoke(args=["audit", "head"]).output.strip() == f"{number}:{noted}"
    chain.session.execute(text("DELETE FROM audit_entries WHERE number = 5"))
    last = chain.session.scalar(select(AuditEntry.hash).filter_by(number=4))
    chain.session.execute(text("UPDATE audit_head SET entries = 4, hash = :last"), {"last": last})
    chain.session.commit()
    assert faults() == [], "whoever has the database can do this"
    answer = run.invoke(args=["audit", "verify", "--known", f"{number}:{noted}"])
    assert answer.exit_code == 1
    assert f"BROKEN  act {number}" in answer.output
    assert "ok      act 4" in run.invoke(args=["audit", "verify", "--known", f"4:{last}"]).output
    assert run.invoke(args=["audit", "verify", "--known", "4"]).exit_code == 2


def test_what_cannot_be_written_the_same_everywhere_is_refused(db: Any) -> None:
    for value in (1.5, b"x", object(), [0.1]):
        with pytest.raises(TypeError, match="no place"), transaction():
            act(what=value)
    with pytest.raises(RuntimeError, match="transaction"):
        act()
    assert auditlog.head() == (0, auditlog.START)


def test_acts_are_sealed_last(db: Any, query_count: Any) -> None:
    """Behind the versions, so that the head's lock is held for no more than the commit."""
    with query_count() as statements, transaction():
        act()
        touch("catalog")
        factories.facility()
    words = [statement.lower() for statement in statements]
    last = max(n for n, statement in enumerate(words) if "versions" in statement or "facilities" in statement)
    assert min(n for n, statement in enumerate(words) if "audit_" in statement) > last


json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    one=st.dictionaries(st.text(max_size=5), json, max_size=3),
    two=st.dictionaries(st.text(max_size=5), json, max_size=3),
)
def test_different_facts_have_different_hashes(one: dict[str, Any], two: dict[str, Any]) -> None:
    moment = clock.day_start(date(2026, 11, 22))
    hashes = {
        auditlog.seal(auditlog.START, 1, Act(moment, "a", "b", "c", 1, 2, facts)) for facts in (one, two)
    }
    assert (len(hashes) == 1) == (repr(sorted(one.items())) == repr(sorted(two.items())))


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_many_at_once_make_one_chain_and_no_deadlock(app: Any, db: Any) -> None:
    """Half of them hold rows of people that the others name: the circle that a foreign key would close."""
    people = [factories.user().id for _ in range(4)]
    db.session.rollback()
    start, errors = threading.Barrier(8), []

    def work(number: int) -> None:
        try:
            with app.app_context():
                start.wait()
                for turn in range(6):
                    with transaction():
                        if number % 2:
                            for person in people:
                                locked(User, person)
                        auditlog.write(
                            "user.enabled", "user", people[turn % 4], actor_id=people[(turn + number) % 4]
                        )
        except Exception as error:  # noqa: BLE001 (shown below)
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert auditlog.head()[0] == 48
    assert list(auditlog.faults()) == []
