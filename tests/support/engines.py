"""SQL is compiled once a process, not once a test.

A test builds an app of its own, and with it an engine whose first act is to turn every statement into SQL
again: a quarter of the work of a test. What a statement becomes depends on the kind of database and
on nothing that one database has and the next has not, so all engines of a kind share what they have learnt.
"""

from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event, make_url
from sqlalchemy.util import LRUCache

ROOM = 5_000
"""Statements remembered; the shop has fewer."""

_known: dict[str, tuple[Any, Any]] = {}
_make = SQLAlchemy._make_engine


def _alike(self: SQLAlchemy, bind_key: str | None, options: dict[str, Any], app: Any) -> Engine:
    engine = _make(self, bind_key, options, app)
    others = {name: value for name, value in options.items() if name != "url"}
    kind = f"{make_url(options['url']).drivername} {others!r}"
    if kind in _known:
        engine.dialect, engine._compiled_cache = _known[kind]
    else:
        # Not before a connection has taught the dialect which version it speaks to.
        event.listen(engine, "connect", lambda *_connected: _learn(kind, engine), once=True)
    return engine


def _learn(kind: str, engine: Engine) -> None:
    _known.setdefault(kind, (engine.dialect, LRUCache(ROOM)))


def keep() -> None:
    """From now on, in this process."""
    SQLAlchemy._make_engine = _alike  # type: ignore[method-assign]
