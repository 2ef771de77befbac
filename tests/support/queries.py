"""Counts the statements that a piece of code sends to the database."""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

BOOKKEEPING = ("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextlib.contextmanager
def counted(at_most: int | None = None) -> Iterator[list[str]]:
    """Collect the statements of the block, in every thread; more than `at_most` fails and lists them."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(BOOKKEEPING):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    if at_most is not None and len(statements) > at_most:
        listing = "\n".join(
            f"{number}. {' '.join(text.split())}" for number, text in enumerate(statements, 1)
        )
        raise AssertionError(f"{len(statements)} queries, at most {at_most} allowed:\n{listing}")
