"""One use case, one transaction: all of it or nothing, and side effects only afterwards."""

import sqlite3

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.db import insert_once
from storefront.core.errors import NotFound
from storefront.core.models import Job, Version
from storefront.core.outbox import enqueue
from storefront.core.transactions import (
    ask_anew,
    held,
    hold,
    on_commit,
    once,
    snapshot,
    touch,
    transaction,
    version,
)
from tests.support.queries import counted

pytestmark = pytest.mark.usefixtures("db")
only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def kinds() -> list[str]:
    """What is stored, seen by a fresh reader."""
    database.session.rollback()
    return list(database.session.scalars(select(Job.kind).order_by(Job.id)))


def test_a_use_case_is_stored_at_its_end():
    with transaction():
        enqueue("first", {})
        enqueue("second", {})

    assert kinds() == ["first", "second"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_breaks_a_use_case_leaves_nothing_of_it(error):
    called = []
    with pytest.raises(error), transaction():  # noqa: PT012
        enqueue("first", {})
        on_commit(lambda: called.append("hook"))
        touch("catalog")
        database.session.flush()
        raise error

    assert kinds() == []
    assert called == []
    assert version("catalog") == 0


def test_a_rule_of_the_database_that_only_the_commit_meets_undoes_the_use_case():
    called = []
    with pytest.raises(IntegrityError), transaction():  # noqa: PT012
        on_commit(lambda: called.append("hook"))
        enqueue("first", {})
        moment = clock.now()
        rows = [Job(kind="twin", key="same", payload={}, run_at=moment, created_at=moment) for _ in "12"]
        database.session.add_all(rows)

    assert (kinds(), called) == ([], [])
    with transaction():  # and the next one begins afresh
        enqueue("next", {})
    assert kinds() == ["next"]


def test_a_use_case_inside_another_joins_it():
    seen = []
    with transaction():
        enqueue("outer", {})
        with transaction():
            enqueue("inner", {})
            on_commit(lambda: seen.append("inner"))
        assert seen == []  # the inner end is no commit
        on_commit(lambda: seen.append("outer"))

    assert kinds() == ["outer", "inner"]
    assert seen == ["inner", "outer"]


def test_the_outer_use_case_takes_the_inner_one_down_with_it():
    with pytest.raises(ValueError, match="late"), transaction():  # noqa: PT012
        with transaction():
            enqueue("inner", {})
        raise ValueError("late")

    assert kinds() == []


def test_hooks_run_in_their_order_once_all_is_stored():
    seen = []
    with transaction():
        on_commit(lambda: seen.append(("first", kinds())))
        on_commit(lambda: seen.append(("second", kinds())))
        enqueue("job", {})

    assert seen == [("first", ["job"]), ("second", ["job"])]


def test_a_hook_may_begin_a_use_case_of_its_own():
    def follow() -> None:
        with transaction():
            enqueue("followed", {})

    with transaction():
        on_commit(follow)

    assert kinds() == ["followed"]


@pytest.mark.parametrize("call", [lambda: on_commit(print), lambda: touch("catalog")])
def test_outside_of_a_use_case_there_is_nothing_to_hang_on_to(call):
    with pytest.raises(RuntimeError, match="transaction"):
        call()


def test_what_was_loaded_before_is_read_again_inside():
    with transaction():
        enqueue("job", {})
    job = database.session.scalars(select(Job)).one()
    with database.engine.begin() as other:
        other.execute(Job.__table__.update().values(attempts=7))

    with transaction():
        assert job.attempts == 7


# --- versions --------------------------------------------------------------------------------------


def test_touching_raises_a_version_once_a_use_case():
    for expected in (1, 2):
        with transaction():
            touch("catalog")
            touch("catalog")
            touch("fairs")
        assert version("catalog") == version("fairs") == expected
    assert version("never touched") == 0


def test_the_version_rises_last_so_that_its_row_is_locked_for_the_shortest_time():
    with counted() as statements, transaction():
        touch("catalog")
        enqueue("job", {})
        enqueue("another", {})

    verbs = [statement.split()[:3] for statement in statements]
    assert verbs[-1][:2] == ["UPDATE", "versions"]
    assert (
        sum(words[1] == "versions" for words in verbs if words[0] == "UPDATE") == 2
    )  # the first time of all
    assert [words for words in verbs if words[:2] == ["UPDATE", "versions"]] == [
        words for words in verbs[-3:] if words[0] == "UPDATE"
    ]


def test_a_row_is_put_in_once_even_when_it_is_there():
    with transaction():
        insert_once(Version, name="catalog", value=4)
        insert_once(Version, name="catalog", value=9)

    assert version("catalog") == 4


# --- locks -----------------------------------------------------------------------------------------


@only_sqlite
def test_a_use_case_takes_the_only_pen_before_it_reads(config):
    path = config.DATABASE_URL.removeprefix("sqlite:///")
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        with transaction():
            other.execute("SELECT count(*) FROM outbox").fetchall()  # readers go on
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")  # and the pen is free again
        other.execute("ROLLBACK")
    finally:
        other.close()


@only_sqlite
def test_reading_never_takes_the_pen(config):
    path = config.DATABASE_URL.removeprefix("sqlite:///")
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        assert version("catalog") == 0  # a read transaction is open now
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO versions (name, value) VALUES ('catalog', 3)")
        other.execute("COMMIT")
        assert version("catalog") == 0  # it keeps its own view until it ends
        database.session.rollback()
        assert version("catalog") == 3
    finally:
        other.close()


@only_sqlite
def test_every_connection_is_durable_and_minds_its_keys():
    with database.engine.connect() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2  # FULL
        assert pragma("foreign_keys") == 1
        assert pragma("busy_timeout") >= 5000


@only_sqlite
def test_begin_says_what_the_transaction_is_for():
    said = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("BEGIN"):
            said.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        version("catalog")
        with transaction():
            enqueue("job", {})
        version("catalog")
    finally:
        event.remove(database.engine, "before_cursor_execute", note)

    assert said == ["BEGIN", "BEGIN IMMEDIATE", "BEGIN"]


def test_a_snapshot_does_not_see_what_others_store_meanwhile():
    with transaction():
        insert_once(Version, name="catalog", value=1)

    with snapshot():
        assert version("catalog") == 1
        with database.engine.connect().execution_options(writes=True) as other, other.begin():
            other.execute(Version.__table__.update().values(value=2))
        assert version("catalog") == 1

    assert version("catalog") == 2


def test_held_rows_are_asked_for_once_and_only_in_their_transaction():
    with transaction():
        enqueue("first", {})
    with transaction():
        (job,) = hold(Job, select(Job))
        with counted(at_most=0):
            assert held(Job, job.id) is job
        with pytest.raises(NotFound):
            held(Job, job.id + 1)
        key = job.id
    with transaction(), counted() as statements:
        held(Job, key)
    assert len(statements) == 1


def test_a_question_is_asked_once_in_a_transaction_until_something_changed():
    asked = []

    def ask():
        asked.append(1)
        return len(asked)

    assert (once("jobs", ask), once("jobs", ask)) == (1, 2)  # outside of a transaction nothing is kept
    with transaction():
        assert (once("jobs", ask), once("jobs", ask), once(("jobs", 1), ask)) == (3, 3, 4)
        ask_anew()
        assert once("jobs", ask) == 5
    with transaction():
        assert once("jobs", ask) == 6
