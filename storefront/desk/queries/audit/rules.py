"""How a rule is written: a sentence, and the statement that finds the rows which break it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from storefront.core.db import db

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """A sentence that has to be true, and what finds those rows for which it is not."""

    name: str
    find: Callable[[], Rows]


def rule(name: str, statement: str) -> Rule:
    """A rule in SQL that both databases understand.

    Where two things have to be equal, one is added, the other subtracted, and what is left over is
    an offender: so a row that is missing on either side is found too.
    """
    return Rule(name, lambda: [dict(row) for row in db.session.execute(text(statement)).mappings()])
