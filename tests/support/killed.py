"""Lets a process die by SIGKILL at every point of a piece of work, one point a time."""

import itertools
import os
import signal
import traceback
from collections.abc import Callable, Iterator

from sqlalchemy import event
from sqlalchemy.engine import Engine

from storefront.core.db import db

FAILED = 70


def deaths(work: Callable[[], object], *, most: int = 300, every: int = 1) -> Iterator[int]:
    """Yield after each death: the work was begun in a process of its own, which died before its n-th step.

    A step is a statement that is sent to the database, a commit, and at last the answer that never left.
    Between two deaths the caller looks at what is left and makes something new to work at. Ends when the
    work got to its end alive. Raises AssertionError when the work fails by itself. Long work may die
    before `every` so many steps only.
    """
    for point in itertools.count(1, every):
        assert point <= most, "the work never comes to its end"
        db.session.remove()
        db.engine.dispose()  # two processes cannot share a connection
        if not _dies(work, point):
            return
        yield point


def _dies(work: Callable[[], object], point: int) -> bool:
    child = os.fork()
    if child == 0:
        _work_and_die(work, point)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) != FAILED, "the work failed by itself; see its words above"
    return False


def _work_and_die(work: Callable[[], object], point: int) -> None:
    steps = itertools.count(1)

    def step(*_what: object) -> None:
        if next(steps) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)
    try:
        work()
        step()
    except BaseException:  # noqa: BLE001  # nothing of the test's own may run on in the child
        traceback.print_exc()
        os._exit(FAILED)
    os._exit(0)
