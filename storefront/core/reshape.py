"""Changing the rules of tables that stand: for migrations, on both databases.

SQLite cannot change a CHECK or a UNIQUE of a table. The table is written anew from its own definition,
with its rows, indexes and triggers (https://sqlite.org/lang_altertable.html, section 7);
`migrations/env.py` keeps foreign keys off meanwhile and looks at all of them afterwards.
"""

import re
from collections.abc import Callable

from alembic import op


def change_check(table: str, name: str, rule: str) -> None:
    """Give a table the CHECK of this whole name: a new one, or a new rule in its place."""
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(table, lambda lines: [*_without(lines, name), f"CONSTRAINT {name} CHECK ({rule})"])
        return
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")


def drop_rule(table: str, name: str) -> None:
    """Take the CHECK or UNIQUE of this whole name away."""
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(table, lambda lines: _without(lines, name))
        return
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")


def _rewrite(table: str, change: Callable[[list[str]], list[str]]) -> None:
    """Make an SQLite table anew with changed clauses; every row, index and trigger is kept."""
    execute = op.get_bind().exec_driver_sql
    parts = "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql <> ''"
    known = execute(parts, (table,)).fetchall()
    definition = next(sql for kind, sql in known if kind == "table")
    others = [sql for kind, sql in known if kind != "table"]
    columns = ", ".join(f'"{row[1]}"' for row in execute(f"PRAGMA table_info({table})"))
    body = definition.partition("(")[2].rpartition(")")[0]
    clauses = ",\n\t".join(change(_clauses(body)))
    fresh = f"_new_{table}"
    execute(f"CREATE TABLE {fresh} (\n\t{clauses}\n)")
    execute(f"INSERT INTO {fresh} ({columns}) SELECT {columns} FROM {table}")  # noqa: S608  # names of our own
    execute(f"DROP TABLE {table}")
    execute(f"ALTER TABLE {fresh} RENAME TO {table}")
    for statement in others:
        execute(statement)


def _clauses(body: str) -> list[str]:
    """The columns and constraints of a definition: split at commas outside parentheses and quotes."""
    found, depth, quote, start = [], 0, "", 0
    for place, sign in enumerate(body):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "," and depth == 0:
            found.append(body[start:place].strip())
            start = place + 1
    return [*found, body[start:].strip()]


def _without(clauses: list[str], name: str) -> list[str]:
    return [clause for clause in clauses if not re.match(rf"CONSTRAINT {name}\b", clause)]
