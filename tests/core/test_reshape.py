"""Rules of a table that stands change; its rows, indexes, triggers and other rules stay."""

from collections.abc import Iterator

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from storefront.core.db import db
from storefront.core.reshape import change_check, drop_rule

TABLES = (
    """CREATE TABLE boxes (
        id INTEGER NOT NULL,
        kind VARCHAR(20) NOT NULL,
        note VARCHAR(20) DEFAULT 'a, (b' NOT NULL,
        CONSTRAINT pk_boxes PRIMARY KEY (id),
        CONSTRAINT uq_boxes_kind UNIQUE (kind),
        CONSTRAINT ck_boxes_kind CHECK (kind IN ('wood', 'tin, (old)')),
        CONSTRAINT ck_boxes_kind_long CHECK (length(kind) > 1)
    )""",
    "CREATE TABLE lids (id INTEGER PRIMARY KEY, box_id INTEGER NOT NULL REFERENCES boxes ON DELETE CASCADE)",
    "CREATE INDEX ix_boxes_note ON boxes (note)",
    "INSERT INTO boxes (id, kind) VALUES (1, 'wood')",
    "INSERT INTO lids (id, box_id) VALUES (7, 1)",
)
GUARD = "CREATE TRIGGER boxes_no_delete BEFORE DELETE ON boxes BEGIN SELECT RAISE(ABORT, 'kept'); END"


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """Two tables with a row each, inside a migration that nobody keeps."""
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # as migrations/env.py
        with connection.begin() as begun, Operations.context(MigrationContext.configure(connection)):
            for statement in TABLES:
                connection.exec_driver_sql(statement)
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(GUARD)
            yield connection
            begun.rollback()
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def _refused(connection: Connection, statement: str) -> bool:
    savepoint = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement)
    except (IntegrityError, DBAPIError):
        savepoint.rollback()
        return True
    savepoint.rollback()
    return False


def test_a_check_gets_a_new_rule_and_the_others_stay(connection: Connection) -> None:
    assert _refused(connection, "INSERT INTO boxes (id, kind) VALUES (2, 'glass')")
    change_check("boxes", "ck_boxes_kind", "kind IN ('wood', 'glass', 'x')")
    assert not _refused(connection, "INSERT INTO boxes (id, kind) VALUES (2, 'glass')")
    assert _refused(connection, "INSERT INTO boxes (id, kind) VALUES (2, 'tin, (old)')")
    assert _refused(connection, "INSERT INTO boxes (id, kind) VALUES (2, 'x')"), "too short"
    assert _refused(connection, "INSERT INTO boxes (id, kind) VALUES (2, 'wood')"), "stands already"


def test_a_table_gets_a_check_that_it_never_had(connection: Connection) -> None:
    change_check("boxes", "ck_boxes_id", "id < 5")
    assert _refused(connection, "INSERT INTO boxes (id, kind) VALUES (5, 'tin, (old)')")
    assert not _refused(connection, "INSERT INTO boxes (id, kind) VALUES (4, 'tin, (old)')")


def test_a_unique_goes(connection: Connection) -> None:
    drop_rule("boxes", "uq_boxes_kind")
    assert not _refused(connection, "INSERT INTO boxes (id, kind) VALUES (2, 'wood')")
    assert _refused(connection, "INSERT INTO boxes (id, kind) VALUES (1, 'tin, (old)')"), (
        "its primary key stays"
    )


def test_rows_and_what_belongs_to_them_stay(connection: Connection) -> None:
    change_check("boxes", "ck_boxes_kind", "kind <> 'glass'")
    drop_rule("boxes", "uq_boxes_kind")
    rows = connection.exec_driver_sql(
        "SELECT b.id, b.kind, b.note, l.id FROM boxes b JOIN lids l ON l.box_id = b.id"
    )
    assert [tuple(row) for row in rows] == [(1, "wood", "a, (b", 7)]
    if connection.dialect.name == "sqlite":
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE tbl_name = 'boxes' AND sql <> ''"
        )
        assert {row[0] for row in names} == {"boxes", "ix_boxes_note", "boxes_no_delete"}
        assert _refused(connection, "DELETE FROM boxes")
