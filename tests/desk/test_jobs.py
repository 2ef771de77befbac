"""Letters and other jobs that gave up: counted for the office, tried again by a command, without names."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storefront.core import clock, outbox
from storefront.core.db import db as database
from storefront.core.models import Job, JobState
from storefront.core.outbox import MAX_ATTEMPTS, enqueue
from storefront.core.transactions import transaction
from storefront.desk.queries.jobs import given_up
from storefront.desk.queries.today import office_today
from storefront.desk.services import try_again
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
MONTH = timedelta(days=30)


def fails(kind: str, **payload) -> int:
    """A job of a kind that gave up just now; its id."""
    with transaction():
        enqueue(kind, payload)
        job = database.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
        job.state, job.attempts, job.last_error = JobState.FAILED, MAX_ATTEMPTS, "OSError: s***@contoh.id"
        return job.id


def state(job_id: int) -> JobState:
    database.session.expire_all()
    return database.session.get_one(Job, job_id).state


@pytest.fixture
def seen(monkeypatch):
    """The payloads of letters that were written after all."""
    payloads = []
    monkeypatch.setitem(outbox._handlers, "letter.paid", payloads.append)
    return payloads


def test_a_letter_is_tried_again_and_leaves(seen):
    letter = fails("letter.paid", order_id=7)
    assert outbox.drain() == 0
    assert try_again() == 1
    assert try_again() == 0
    outbox.drain()
    assert (state(letter), seen) == (JobState.DONE, [{"order_id": 7}])


def test_one_kind_of_the_last_days_and_no_refund():
    letter, other, refund = fails("letter.paid"), fails("picture.avif"), fails("refund.send", refund_id=1)
    with clock.travel(clock.now() - MONTH):
        old = fails("letter.paid")

    assert try_again(kind="letter.paid") == 1
    assert try_again(kind="refund.send", days=60) == 0
    assert [state(job) for job in (letter, other, refund, old)] == [
        JobState.READY, JobState.FAILED, JobState.FAILED, JobState.FAILED,
    ]  # fmt: skip
    assert try_again(days=60) == 2
    assert state(refund) is JobState.FAILED


def test_the_office_sees_kinds_and_ages_only(client):
    for number in range(3):
        fails("letter.paid", order_id=number, to="siti@contoh.id")
    fails("refund.send")
    with clock.travel(clock.now() - MONTH):
        fails("picture.avif")
    assert [(row.kind, row.count) for row in given_up()] == [("letter.paid", 3)]
    [task] = office_today().tasks
    assert (task.count, task.href) == (3, "/kanwil/tugas-gagal")

    factories.signed_in(client, "regional")
    page = client.page("/kanwil/tugas-gagal").text
    assert "letter.paid" in page
    assert "contoh.id" not in page
    assert "OSError" not in page
    assert "Letters and tasks that failed" in client.page("/en/kanwil/tugas-gagal").text


def test_an_empty_list_says_so_and_is_the_offices_alone(client, app):
    factories.signed_in(client, "regional")
    assert "Tidak ada yang gagal" in client.page("/kanwil/tugas-gagal").text
    stranger = app.test_client()
    factories.signed_in(stranger, "facility_head")
    assert stranger.get("/kanwil/tugas-gagal").status_code == 403


def test_a_long_list_ends_somewhere():
    for number in range(25):
        fails(f"kind.{number:02}")
    assert len(given_up()) == 20


def test_the_commands(app):
    fails("letter.paid")
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["outbox", "failed"])
    assert (listed.exit_code, listed.output.split("\t")[:2]) == (0, ["letter.paid", "1"])
    again = runner.invoke(args=["outbox", "retry", "--kind", "letter.paid", "--days", "1"])
    assert (again.exit_code, again.output) == (0, "1 jobs are tried again\n")
    assert runner.invoke(args=["outbox", "retry", "--days", "0"]).exit_code == 2
    assert runner.invoke(args=["outbox", "failed"]).output == ""
