"""A bad day for browser tests: `SLOW=scripts`, `SLOW=answers`, `SLOW=processor`, or several with commas.

Nothing of it runs by default. A test that reads a page before its scripts have come, or the database before
an answer has, passes on a quiet machine and fails on a busy one; here it fails every time:

    SLOW=scripts,answers python3 manage.py test tests/journeys
"""

import os
import random
import time
from collections.abc import Iterable

from flask import Flask
from playwright.sync_api import Page

KINDS = frozenset(os.environ.get("SLOW", "").split(",")) - {""}
assert not KINDS - {"scripts", "answers", "processor"}, f"SLOW={os.environ['SLOW']}"
RATE = 6
"""Times that the processor of a window is slower."""


def answering(app: Flask) -> object:
    """The shop behind a bad line: what is asked for comes after 0.4 to 0.8 seconds."""

    def late(environ: dict[str, str], start: object) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        kind = "scripts" if path.startswith("/static/") and path.endswith(".js") else "answers"
        if kind in KINDS and (kind == "scripts" or not path.startswith("/static/")):
            time.sleep(random.uniform(0.4, 0.8))
        return app.wsgi_app(environ, start)  # type: ignore[arg-type]

    return late if KINDS & {"scripts", "answers"} else app


def throttle(page: Page) -> None:
    """Give a window the processor of a cheap telephone."""
    if "processor" in KINDS:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": RATE})
