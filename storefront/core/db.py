"""The database: one declarative base, one naming convention, SQLite and PostgreSQL alike."""

import sqlite3
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Enum, Integer, MetaData, Select, event, func, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from storefront.core.errors import NotFound

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

APPEND_ONLY: list[str] = []
"""Tables whose rows are written once; the migration gives each its triggers."""

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A primary key that never runs out (SQLite wants INTEGER for its rowid)."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def word_enum(enum: type[PythonEnum]) -> Enum:
    """A StrEnum stored as its value in 32 characters, guarded by a CHECK.

    The name keeps constraints apart when a table has two of them.
    """
    return Enum(
        enum,
        native_enum=False,
        length=32,
        create_constraint=True,
        name=f"{enum.__name__.lower()}_known",
        values_callable=lambda members: [member.value for member in members],
    )


class Model(DeclarativeBase):
    """Base of every table."""

    registry = registry(type_annotation_map={datetime: UtcDateTime()})
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Model)

S = TypeVar("S", bound=Select[Any])
M = TypeVar("M", bound=Model)


@event.listens_for(Engine, "connect")
def _tune_sqlite(connection: Any, _record: object) -> None:
    """WAL and FULL: an acknowledged order survives power loss. We send BEGIN ourselves."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once, so it can never read, wait and then find its view stale."""
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def for_update(statement: S) -> S:
    """Lock the rows that a statement selects and refresh what the session knew of them."""
    return statement.with_for_update().execution_options(populate_existing=True)


def locked(model: type[M], key: int) -> M:
    """Load one row by its id, locked until the transaction ends. Raises NotFound."""
    row = db.session.scalar(for_update(select(model).filter_by(id=key)))
    if row is None:
        raise NotFound
    return row


def found(model: type[M], key: int | None) -> M:
    """Load one row by its id. Raises NotFound."""
    row = db.session.get(model, key) if key is not None else None
    if row is None:
        raise NotFound
    return row


def count_of(statement: Select[*tuple[Any, ...]]) -> int:
    """How many rows a statement finds, whatever its order; the database counts them."""
    return db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0


def insert_once(model: type[Model], **values: Any) -> None:
    """Insert a row unless a unique key of it is taken: by us, or by somebody at this very moment."""
    make = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    db.session.execute(make(model).values(**values).on_conflict_do_nothing())


def append_only(model: type[M]) -> type[M]:
    """Class decorator: rows are written once. The migration adds triggers that say the same."""

    def refuse(_mapper: object, _connection: object, target: object) -> None:
        raise RuntimeError(f"{type(target).__name__} rows are written once and never changed")

    event.listen(model, "before_update", refuse)
    event.listen(model, "before_delete", refuse)
    APPEND_ONLY.append(model.__tablename__)
    return model
