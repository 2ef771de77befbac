"""The outbox: what was promised in a transaction happens, also when workers and vendors fail."""

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from storefront.core import clock, outbox
from storefront.core.db import db as database
from storefront.core.models import Job, JobState
from storefront.core.outbox import LEASE, MAX_ATTEMPTS, drain, enqueue, run_due
from storefront.core.transactions import transaction
from storefront.web.requestlog import JsonLines

pytestmark = pytest.mark.usefixtures("db")

START = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def done(monkeypatch):
    """The payloads that handlers have seen; 'work' notes, 'break' notes and fails."""
    seen = []

    def fail(payload):
        seen.append(payload)
        raise ConnectionError(f"no answer for {payload}")

    monkeypatch.setitem(outbox._handlers, "work", seen.append)
    monkeypatch.setitem(outbox._handlers, "break", fail)
    return seen


def ask(kind="work", payload=None, **kwargs) -> None:
    with transaction():
        enqueue(kind, payload or {}, **kwargs)


def job() -> Job:
    database.session.rollback()
    return database.session.scalars(select(Job)).one()


def test_a_job_is_done_once(done):
    ask(payload={"n": 1})

    assert run_due() == 1
    assert run_due() == 0
    assert done == [{"n": 1}]
    assert (job().state, job().attempts) == (JobState.DONE, 1)
    assert job().done_at is not None


def test_a_job_of_a_use_case_that_failed_never_was(done):
    with pytest.raises(ValueError, match="no"), transaction():  # noqa: PT012
        enqueue("work", {})
        raise ValueError("no")

    assert drain() == 0
    assert done == []


def test_the_same_key_is_one_job_also_after_it_is_done(done):
    ask(payload={"n": 1}, key="letter:7")
    ask(payload={"n": 2}, key="letter:7")
    drain()
    ask(payload={"n": 3}, key="letter:7")
    ask(payload={"n": 4}, key="letter:8")
    drain()

    assert done == [{"n": 1}, {"n": 4}]


def test_the_oldest_goes_first_and_nothing_goes_early(done):
    with clock.travel(START):
        ask(payload={"n": 3}, run_at=START + timedelta(hours=1))
        ask(payload={"n": 2})
        ask(payload={"n": 1}, run_at=START - timedelta(hours=1))
        drain()
        assert done == [{"n": 1}, {"n": 2}]
    with clock.travel(START + timedelta(hours=1)):
        drain()

    assert done == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_a_round_takes_no_more_than_it_was_told(done):
    for number in range(5):
        ask(payload={"n": number})

    assert [run_due(2), run_due(2), run_due(2), run_due(2)] == [2, 2, 1, 0]
    assert len(done) == 5


def test_a_failed_job_comes_again_later_and_later_and_at_last_waits_for_a_person(done, caplog):
    moment, waits = START, []
    with clock.travel(START):
        ask("break", {"n": 1})

    for attempt in range(1, MAX_ATTEMPTS + 1):
        with clock.travel(moment):
            assert run_due() == 1
            assert run_due() == 0  # not at once again
        tried = job()
        assert tried.attempts == attempt == len(done)
        assert tried.last_error == "ConnectionError: no answer for {'n': 1}"
        waits.append(tried.run_at - moment)
        moment = tried.run_at

    assert waits == [timedelta(seconds=15 * 2**attempt) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert job().state is JobState.FAILED
    with clock.travel(moment + timedelta(days=30)):
        assert run_due() == 0
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * MAX_ATTEMPTS


def test_a_failure_is_kept_and_logged_without_the_person_it_is_about(done, caplog):
    ask("break", {"to": "sari.dewi@contoh.id", "phone": "+6281234567890"})

    assert run_due() == 1
    assert job().last_error == (
        "ConnectionError: no answer for {'to': 's***@contoh.id', 'phone': '08**-****-7890'}"
    )
    logged = JsonLines().format(caplog.records[0])
    assert "ConnectionError" in logged
    assert "sari.dewi" not in logged
    assert "81234567890" not in logged


def test_one_that_fails_does_not_keep_the_others_from_their_turn(done):
    ask("break", {"n": 1})
    ask("no such kind", {"n": 2})
    ask("work", {"n": 3})

    assert run_due() == 3
    assert done == [{"n": 1}, {"n": 3}]
    states = database.session.scalars(select(Job.state).order_by(Job.id)).all()
    assert states == [JobState.READY, JobState.READY, JobState.DONE]


def test_a_handler_that_breaks_the_database_session_is_only_postponed(monkeypatch):
    def half(_payload):
        with transaction():
            enqueue("half done", {})
            database.session.flush()
            raise RuntimeError("in the middle")

    monkeypatch.setitem(outbox._handlers, "half", half)
    ask("half")
    run_due()

    assert (job().kind, job().state) == ("half", JobState.READY)  # nothing half done was stored


def test_a_worker_that_dies_leaves_a_lease_that_runs_out(done, monkeypatch):
    def die(_payload):
        raise SystemExit  # as a killed process: nothing after it runs

    with clock.travel(START):
        ask(payload={"n": 1})
        monkeypatch.setitem(outbox._handlers, "work", die)
        with pytest.raises(SystemExit):
            run_due()
        assert job().leased_until == START + LEASE
        monkeypatch.setitem(outbox._handlers, "work", done.append)
    with clock.travel(START + LEASE - timedelta(seconds=1)):
        assert run_due() == 0
    with clock.travel(START + LEASE):
        assert run_due() == 1

    assert done == [{"n": 1}]
    assert (job().state, job().attempts) == (JobState.DONE, 2)


def test_what_a_job_sends_has_the_same_mark_when_it_runs_again(monkeypatch):
    seen = []
    monkeypatch.setitem(
        outbox._handlers, "work", lambda _payload: seen.append((outbox.mark(), outbox.mark()))
    )

    def fall(_payload):
        seen.append((outbox.mark(),))
        raise SystemExit

    assert outbox.mark() is None
    with clock.travel(START):
        ask()
        ask()
    with clock.travel(START), monkeypatch.context() as dying:
        dying.setitem(outbox._handlers, "work", fall)
        with pytest.raises(SystemExit):
            run_due(limit=1)
    with clock.travel(START + LEASE):
        drain()

    assert outbox.mark() is None
    [fallen], first, second = seen
    assert fallen in {first[0], second[0]}
    assert len({*first, *second}) == 4


def test_a_job_that_kills_its_worker_every_time_is_given_up(monkeypatch):
    def die(_payload):
        raise SystemExit

    monkeypatch.setitem(outbox._handlers, "work", die)
    with clock.travel(START):
        ask()
    for number in range(MAX_ATTEMPTS):
        with clock.travel(START + number * LEASE), pytest.raises(SystemExit):
            run_due()
    with clock.travel(START + MAX_ATTEMPTS * LEASE):
        assert run_due() == 0

    assert job().state is JobState.FAILED


def test_an_idle_worker_only_reads(done, query_count):
    ask(run_at=clock.now() + timedelta(hours=1))

    with query_count(at_most=1) as statements:
        assert run_due() == 0
    assert statements[0].startswith("SELECT")


def test_workers_side_by_side_never_do_the_same_job_twice(app, done):
    for number in range(60):
        ask(payload={"n": number})
    database.session.remove()
    gate = Barrier(4)

    def work(_worker: int) -> int:
        gate.wait(timeout=60)
        with app.app_context():
            try:
                return sum(iter(lambda: run_due(7), 0))
            finally:
                database.session.remove()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(work, range(4)))

    assert sum(counts) == 60
    assert Counter(payload["n"] for payload in done) == Counter(range(60))
    assert set(database.session.scalars(select(Job.state))) == {JobState.DONE}
