"""The outbox: what must leave the shop is first a row of the transaction that wanted it.

A job is leased, run outside any transaction of the outbox, then marked done. A worker that
dies leaves a lease that runs out, so a handler may run twice and must not mind.
"""

import itertools
import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, or_, select, update

from storefront.core import clock
from storefront.core.db import db, insert_once
from storefront.core.models import Job, JobState
from storefront.core.privacy import mask_contacts
from storefront.core.transactions import transaction

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8

Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}
_marks: ContextVar[Iterator[str]] = ContextVar("marks")


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of one kind."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(
    kind: str, payload: dict[str, Any], *, key: str | None = None, run_at: datetime | None = None
) -> None:
    """Add a job to the running transaction. A key that was used before adds nothing."""
    insert_once(Job, **_row(kind, payload, run_at), key=key)


def try_anew(key: str) -> None:
    """Give the job of this key, which gave up, its tries once more, in the running transaction."""
    db.session.execute(
        update(Job)
        .where(Job.key == key, Job.state == JobState.FAILED)
        .values(state=JobState.READY, attempts=0, run_at=clock.now(), leased_until=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class GaveUp:
    """Jobs of one kind that were tried to the end: how many, asked for first and last at these moments."""

    kind: str
    count: int
    first: datetime
    last: datetime


def gave_up(since: datetime, *, but: Collection[str] = (), limit: int = 20) -> list[GaveUp]:
    """What gave up of the jobs asked for since then (UTC), by kind, most first; never whom it was about."""
    rows = db.session.execute(
        select(Job.kind, func.count(Job.id), func.min(Job.created_at), func.max(Job.created_at))
        .where(Job.state == JobState.FAILED, Job.created_at >= since, Job.kind.not_in(but))
        .group_by(Job.kind)
        .order_by(func.count(Job.id).desc(), Job.kind)
        .limit(limit)
    )
    return [GaveUp(*row) for row in rows]


def retry(since: datetime, *, kind: str | None = None, but: Collection[str] = ()) -> int:
    """Give the jobs that gave up, asked for since then (UTC), their tries once more; returns how many."""
    again = update(Job).where(
        Job.state == JobState.FAILED, Job.created_at >= since, Job.kind.not_in(but)
    )  # fmt: skip
    if kind is not None:
        again = again.where(Job.kind == kind)
    with transaction():
        done = db.session.execute(
            again.values(state=JobState.READY, attempts=0, run_at=clock.now(), leased_until=None)
            .returning(Job.id)
            .execution_options(synchronize_session=False)
        )
        return len(done.all())


def enqueue_all(kind: str, payloads: Iterable[dict[str, Any]]) -> None:
    """Add a job for each of these, due at once, in one statement."""
    if rows := [_row(kind, payload, None) for payload in payloads]:
        db.session.execute(insert(Job), rows)


def _row(kind: str, payload: dict[str, Any], run_at: datetime | None) -> dict[str, Any]:
    moment = clock.now()
    return {
        "kind": kind, "payload": payload, "state": JobState.READY, "run_at": run_at or moment,
        "created_at": moment, "attempts": 0,
    }  # fmt: skip


def mark() -> str | None:
    """A name for the next thing that the job under way sends out, the same when it runs again.

    Who receives it twice, because a worker died in between, can tell. None outside a job.
    """
    marks = _marks.get(None)
    return next(marks) if marks is not None else None


def run_due(limit: int = 20) -> int:
    """Do what is due, oldest first; returns how many jobs were tried."""
    jobs = _lease(limit)
    for job_id, kind, payload, created_at in jobs:
        known = _marks.set(f"{job_id}.{created_at.timestamp():.6f}.{n}" for n in itertools.count(1))
        try:
            _run(job_id, kind, payload)
        finally:
            _marks.reset(known)
    return len(jobs)


def drain(rounds: int = 1000) -> int:
    """Run until nothing is due: for the demo and for tests."""
    done = 0
    for _ in range(rounds):
        count = run_due()
        if not count:
            break
        done += count
    return done


def _lease(limit: int) -> list[tuple[int, str, dict[str, Any], datetime]]:
    moment = clock.now()
    due = (
        select(Job.id)
        .where(
            Job.state == JobState.READY,
            Job.run_at <= moment,
            or_(Job.leased_until.is_(None), Job.leased_until <= moment),
        )
        .order_by(Job.run_at, Job.id)
        .limit(limit)
    )
    idle = db.session.scalar(due.limit(1)) is None
    db.session.rollback()
    if idle:  # an idle worker only reads
        return []
    due = due.with_for_update(skip_locked=True)
    with transaction():
        _give_up(moment)
        rows = db.session.execute(
            update(Job)
            .where(Job.id.in_(due.scalar_subquery()))
            .values(leased_until=moment + LEASE, attempts=Job.attempts + 1)
            .returning(Job.id, Job.kind, Job.payload, Job.run_at, Job.created_at)
            .execution_options(synchronize_session=False)
        ).all()
    rows = sorted(rows, key=lambda row: (row.run_at, row.id))
    return [(row.id, row.kind, row.payload, row.created_at) for row in rows]


def _give_up(moment: datetime) -> None:
    """A job that was begun often enough and never came back takes its worker down with it."""
    db.session.execute(
        update(Job)
        .where(Job.state == JobState.READY, Job.attempts >= MAX_ATTEMPTS, Job.leased_until <= moment)
        .values(state=JobState.FAILED, last_error="its worker died every time")
        .execution_options(synchronize_session=False)
    )


def _run(job_id: int, kind: str, payload: dict[str, Any]) -> None:
    try:
        _handlers[kind](payload)
    except Exception as error:  # a job must never end the worker
        db.session.rollback()
        log.exception("job %s (%s) failed", job_id, kind)  # the log masks who it was about
        _postpone(job_id, error)
        return
    with transaction():
        db.session.execute(
            update(Job).where(Job.id == job_id).values(state=JobState.DONE, done_at=clock.now())
        )


def _postpone(job_id: int, error: Exception) -> None:
    with transaction():
        job = db.session.get(Job, job_id)
        if job is None:
            return
        job.last_error = mask_contacts(f"{type(error).__name__}: {error}")[:500]
        job.leased_until = None
        job.run_at = clock.now() + timedelta(seconds=15 * 2**job.attempts)
        if job.attempts >= MAX_ATTEMPTS:
            job.state = JobState.FAILED
