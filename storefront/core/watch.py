"""How far a subject is, for those who answer before any session is opened."""

from functools import cached_property
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storefront.core.db import db
from storefront.core.models import Version


class Watch:
    """Reads one version from a bare connection of the pool: a tenth of what a session costs.

    It sees what was last committed, by whichever process. Nothing is left open between two questions.
    """

    def __init__(self, app: Flask, name: str) -> None:
        self._app = app
        self._name = name

    @cached_property
    def _engine(self) -> Engine:
        with self._app.app_context():
            return db.engine

    @cached_property
    def _question(self) -> str:
        asked = select(Version.value).where(Version.name == self._name)
        return str(asked.compile(dialect=self._engine.dialect, compile_kwargs={"literal_binds": True}))

    def version(self) -> int | None:
        """The version as `transactions.version` counts it; None when the database does not answer."""
        vendor: Any = self._engine.dialect.dbapi
        try:
            pooled = self._engine.raw_connection()
        except (vendor.Error, PoolTimeout):
            return None
        try:
            row = self._ask(pooled.driver_connection)
        except vendor.Error:
            pooled.invalidate()
            return None
        finally:
            pooled.close()
        return int(row[0]) if row else 0

    def _ask(self, connection: Any) -> tuple[int] | None:
        for told in self._engine.dispatch.before_cursor_execute:  # who counts statements counts this one
            told(None, None, self._question, (), None, False)  # noqa: FBT003 (the event's signature)
        if self._engine.dialect.name == "sqlite":  # in SQLite we send BEGIN ourselves, see core.db
            return connection.execute(self._question).fetchone()
        connection.autocommit = True  # else the driver would open a transaction, and close it: two trips more
        try:
            return connection.execute(self._question).fetchone()
        finally:
            if not connection.broken:
                connection.autocommit = False
