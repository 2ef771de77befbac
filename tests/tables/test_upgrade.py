"""A shop that has been running for a while takes the newest tables without losing a row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import MetaData, func, insert, inspect, select, text

from config import Config
from storefront import create_app
from storefront.core.db import APPEND_ONLY, db
from storefront.core.reshape import _clauses
from tests.conftest import SECRET
from tests.support import postgres
from tests.tables.rows import ROWS, Maker, Values

FIRST = "0001"
GONE = {"order_lines": {"parcel_id": "parcels"}}
"""Columns that older tables have, and the rows that they point to."""


class OldMaker(Maker):
    """Writes rows into the tables as they are in the database, not as the models have them now."""

    def __init__(self, tables: MetaData) -> None:
        super().__init__()
        self.tables = tables

    def store(self, table: str, values: Values) -> int:
        if table not in self.tables.tables:  # of a later time, and no row of these needs it
            return 0
        there = self.tables.tables[table]
        known = {name: value for name, value in values.items() if name in there.columns}
        for column, of in GONE.get(table, {}).items():
            if column in there.columns:
                known[column] = self.one(of)
        for column in db.metadata.tables[table].columns:
            if column.name in there.columns and column.name not in known and column.default is not None:
                known[column.name] = _default(column.default)
        result = db.session.execute(insert(there).values(**known))
        return int(result.inserted_primary_key[0]) if table != "versions" else 0


def _default(default: Any) -> Any:
    return default.arg(None) if default.is_callable else default.arg


@pytest.fixture
def empty_shop(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A shop on a database without any table."""
    url, server = f"sqlite:///{tmp_path / 'old.sqlite3'}", ""
    if backend == "postgresql":
        server = request.getfixturevalue("postgres_server")
        postgres.create_database(server, "old_shop")
        url = postgres.url(server, "old_shop")
    app = create_app(Config(SECRET_KEY=SECRET, DATABASE_URL=url, INSTANCE_DIR=tmp_path, TESTING=True))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if server:
        postgres.drop_database(server, "old_shop")


def test_every_row_of_the_first_tables_is_still_there(empty_shop: Flask) -> None:
    flask_migrate.upgrade(revision=FIRST)
    old = MetaData()
    old.reflect(db.engine)
    maker = OldMaker(old)
    for table in [name for name in ROWS if name in old.tables]:
        maker.new(table)
    db.session.commit()
    before = _counts(old)
    db.session.remove()

    flask_migrate.upgrade()

    assert _counts(old) == before | {"user_sessions": 0}, "the office signs in anew, with a second step"
    assert all(before[table] for table in ROWS if table in old.tables)
    assert _guarded() >= set(APPEND_ONLY)


def test_whoever_owes_no_second_step_stays_signed_in(empty_shop: Flask) -> None:
    flask_migrate.upgrade(revision="0003")
    old = MetaData()
    old.reflect(db.engine)
    maker = OldMaker(old)
    for role in ("buyer", "facility_staff", "facility_head", "regional", "promoter"):
        maker.new("user_sessions", user_id=maker.new("users", role=role))
    db.session.commit()
    db.session.remove()

    flask_migrate.upgrade()

    rows = db.session.execute(text("SELECT role FROM users JOIN user_sessions ON user_id = users.id"))
    assert sorted(rows.scalars()) == ["buyer", "facility_staff"]


def test_who_confirmed_an_import_is_read_from_the_log(empty_shop: Flask) -> None:
    flask_migrate.upgrade(revision="0004")
    old = MetaData()
    old.reflect(db.engine)
    maker = OldMaker(old)
    runner = maker.new("users")
    known, unknown = maker.new("imports"), maker.new("imports")
    waits = maker.new("imports", status="preview", confirmed_at=None, finished_at=None)
    logged = {"action": "import.started", "subject": "import"}
    maker.new("audit_entries", subject_id=str(known), actor_id=runner, **logged)
    maker.new("audit_entries", subject_id=str(unknown), actor_id=999_999, **logged)
    db.session.commit()
    db.session.remove()

    flask_migrate.upgrade()

    rows = db.session.execute(text("SELECT id, confirmed_by_id FROM imports")).all()
    assert dict(map(tuple, rows)) == {known: runner, unknown: None, waits: None}


def test_the_tables_of_an_upgrade_are_those_of_the_models(empty_shop: Flask) -> None:
    flask_migrate.upgrade()
    upgraded = _rules()
    with db.engine.begin() as connection:
        for table in [*reversed(db.metadata.sorted_tables), "alembic_version"]:
            connection.exec_driver_sql(
                f"DROP TABLE {table} CASCADE" if _on_postgresql() else f"DROP TABLE {table}"
            )
    db.create_all()

    assert upgraded == _rules()


def _on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def _rules() -> set[tuple[str, ...]]:
    """Every column, constraint and index of the models' tables, as the database itself tells them."""
    found = {
        ("column", name, column["name"], str(column["type"]), str(column["nullable"]), str(column["default"]))
        for name in db.metadata.tables
        for column in inspect(db.engine).get_columns(name)
    }
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(_POSTGRESQL_RULES if _on_postgresql() else _SQLITE_RULES).fetchall()
    for kind, name, rule in rows:
        if name in db.metadata.tables:
            parts = [rule] if _on_postgresql() or kind == "index" else _constraints(rule)
            found |= {(kind, name, " ".join(part.split())) for part in parts}
    return found


def _constraints(definition: str) -> list[str]:
    return [
        part for part in _clauses(definition.partition("(")[2].rpartition(")")[0]) if part.startswith("CONS")
    ]


_SQLITE_RULES = "SELECT type, tbl_name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql <> ''"
_POSTGRESQL_RULES = """
    SELECT 'rule', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def _counts(tables: MetaData) -> dict[str, int]:
    db.session.rollback()
    names = [name for name in tables.tables if name in ROWS]
    return {
        name: db.session.scalar(select(func.count()).select_from(tables.tables[name])) or 0 for name in names
    }


def _guarded() -> set[str]:
    """The tables whose rows triggers protect."""
    if inspect(db.engine).dialect.name == "sqlite":
        query = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT DISTINCT event_object_table FROM information_schema.triggers"
    with db.engine.connect() as connection:
        return {str(row[0]) for row in connection.exec_driver_sql(query)}
