"""The worker does what is due and ends when it is asked to; the settings are judged by name."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Event, Thread

import pytest

from storefront.core import clock, outbox
from storefront.core.models import Job, JobState
from storefront.core.transactions import transaction
from storefront.desk.services import work
from storefront.orders.models import OrderStatus
from tests import buying, factories
from tests.architecture.source import ROOT

STUCK = 120
"""Seconds after which a process never ends; a busy machine takes half a minute to start one."""
done: list[str] = []


@outbox.handler("test.note")
def note(payload):
    """A job that can be seen."""
    done.append(payload["word"])


@outbox.handler("test.fail")
def fail(_payload):
    """A job that never works."""
    raise OSError("nobody answers")


def wait_for(condition):
    for _ in range(400):
        if condition():
            return True
        Event().wait(0.05)
    return False


@pytest.fixture
def run_worker(app):
    """Runs a worker in a thread until the condition holds."""

    def run(condition):
        stop = Event()
        thread = Thread(target=work, args=(app, stop))
        thread.start()
        try:
            assert wait_for(condition)
        finally:
            stop.set()
            thread.join(20)
        assert not thread.is_alive()

    return run


def test_jobs_are_done_and_a_failing_one_waits_for_its_turn(db, run_worker):
    done.clear()
    with transaction():
        outbox.enqueue("test.fail", {})
        outbox.enqueue("test.note", {"word": "halo"})
    run_worker(lambda: done == ["halo"])

    db.session.rollback()
    failed = db.session.scalars(db.select(Job).filter_by(kind="test.fail")).one()
    assert (failed.state, failed.attempts) == (JobState.READY, 1)
    assert failed.run_at > clock.now()


def test_deadlines_are_kept(db, run_worker):
    buying.open_shop()
    bag = factories.product(stock=3)
    with clock.travel(clock.now() - timedelta(hours=3)):
        placed = buying.buy({bag: 3})

    def expired():
        db.session.rollback()  # look at what is there now
        return buying.order_of(placed).status is OrderStatus.EXPIRED

    run_worker(expired)

    assert buying.stock_of(bag) == (3, 0)


def command(*arguments, **settings):
    """A command in a process of its own, with only these settings."""
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT, env=known | {"FLASK_SKIP_DOTENV": "1"} | settings, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_worker_ends_in_peace_when_it_is_told_to(database_url, tmp_path):
    worker = command("worker", DATABASE_URL=database_url, INSTANCE_DIR=str(tmp_path))
    assert "worker started" in worker.stderr.readline()
    worker.send_signal(signal.SIGTERM)
    _, errors = worker.communicate(timeout=STUCK)
    assert (worker.returncode, errors) == (0, "worker ended\n")


def test_settings_that_are_whole(tmp_path):
    checked = command(
        "check-config", INSTANCE_DIR=str(tmp_path), STRIPE_SECRET_KEY="sk_live_x", STRIPE_WEBHOOK_SECRET="s"
    )
    output, _ = checked.communicate(timeout=STUCK)

    assert checked.returncode == 0
    assert "warning: STRIPE_SECRET_KEY is a live key in development" in output
    assert "sk_live_x" not in output


def test_settings_that_are_not(tmp_path):
    checked = command("check-config", INSTANCE_DIR=str(tmp_path), ENV="production", SECRET_KEY="short-secret")
    _, errors = checked.communicate(timeout=STUCK)

    assert checked.returncode == 1
    assert "SECRET_KEY is shorter" in errors
    assert "PUBLIC_BASE_URL is not an https:// address" in errors
    assert "short-secret" not in errors
