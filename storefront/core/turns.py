"""Heavy work, a few at a time: bounded in this process and, by locked files, on this machine.

Decoding a photo takes a processor and tens of megabytes for half a second. Thirty at once would starve
every other page, so few do it, few more wait, and the rest is told at once to come again.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flask import current_app, has_request_context

from storefront.core.errors import Unavailable
from storefront.core.language import lazy

if sys.platform != "win32":
    import fcntl

AT_ONCE = max(1, (os.cpu_count() or 1) // 2)
"""How many do it at the same time on this machine, so that a processor is left for pages."""
ROOM = AT_ONCE + 1
"""How many threads of one process may be inside, working or waiting: the others answer pages."""
PATIENCE = 8.0
"""Seconds that somebody with a page open waits for a turn."""
LONG = 900.0
"""Seconds that a job or a command waits: nobody looks at it, and starting anew would cost more."""
BUSY = lazy("Banyak foto sedang diproses. Kirim lagi beberapa detik lagi; yang sudah terkirim aman.")

_rooms: dict[str, threading.BoundedSemaphore] = {}
_guard = threading.Lock()
_mine = threading.local()


@contextmanager
def turn(name: str) -> Iterator[None]:
    """Wait for a turn at some heavy work. Inside one's own turn nothing is waited for.

    Raises Unavailable (with the seconds until it is worth trying again) when too many wait already. Jobs and
    commands are not sent away; they wait.
    """
    if name in getattr(_mine, "names", ()):
        yield
        return
    room = _room(name)
    if not (room.acquire(blocking=False) if has_request_context() else room.acquire(timeout=LONG)):
        raise Unavailable(str(BUSY), retry_after=2)
    try:
        slot = _slot(name)
        _mine.names = {*getattr(_mine, "names", ()), name}
        try:
            yield
        finally:
            _mine.names -= {name}
            slot.close()  # closing gives the lock back; so does dying
    finally:
        room.release()


def _room(name: str) -> threading.BoundedSemaphore:
    with _guard:
        return _rooms.setdefault(name, threading.BoundedSemaphore(ROOM))


def _slot(name: str) -> BinaryIO:
    """A lock file of which there are AT_ONCE, waited for as long as it fits who asks."""
    folder = Path(current_app.config["INSTANCE_DIR"]) / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + (PATIENCE if has_request_context() else LONG)
    while True:
        for number in range(AT_ONCE):
            file = (folder / f"{name}-{number}").open("ab")
            if _locked(file):
                return file
            file.close()
        if time.monotonic() > deadline:
            raise Unavailable(str(BUSY), retry_after=5)
        time.sleep(0.03)


def _locked(file: BinaryIO) -> bool:
    if sys.platform == "win32":  # the bound of the process is all there is
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
