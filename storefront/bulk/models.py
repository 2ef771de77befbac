"""Imports and changes of many things at once: what was sent, what became of each line."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core.db import BigId, db, word_enum


class ImportStatus(StrEnum):
    MAPPING = "mapping"
    PREVIEW = "preview"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


NEXT_STATUS: dict[ImportStatus, set[ImportStatus]] = {
    ImportStatus.MAPPING: {ImportStatus.PREVIEW, ImportStatus.CANCELLED},
    ImportStatus.PREVIEW: {ImportStatus.PREVIEW, ImportStatus.RUNNING, ImportStatus.CANCELLED},
    ImportStatus.RUNNING: {ImportStatus.DONE},
    ImportStatus.DONE: set(),
    ImportStatus.CANCELLED: set(),
}
"""Columns are chosen, every line is judged (again, with other columns), then it runs to its end."""


class Verdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


class Import(db.Model):
    """A table that a facility sent. `mapping` says which of our fields each of its columns is.

    What it does to the shop is done by whoever confirmed it; photos were brought by whoever sent them.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("(status = 'done') = (finished_at IS NOT NULL)", name="done_has_moment"),
        CheckConstraint(
            "status NOT IN ('running', 'done') OR confirmed_at IS NOT NULL", name="runs_confirmed"
        ),
        Index("ix_imports_facility_newest", "facility_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    name: Mapped[str] = mapped_column(String(120))  # of the file
    status: Mapped[ImportStatus] = mapped_column(word_enum(ImportStatus), default=ImportStatus.MAPPING)
    headings: Mapped[list[str]] = mapped_column(JSON)
    mapping: Mapped[list[str]] = mapped_column(JSON)  # a field, or '', for each heading
    zip_key: Mapped[str] = mapped_column(String(80), default="")  # private; photos, until it is done
    zip_name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(2), default="id")  # that its verdicts are said in
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    finished_at: Mapped[datetime | None]

    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])


class ImportRow(db.Model):
    """A line of such a table: as it was sent, what was read in it, and whether it is done.

    `changes` are [before, after] by field, `problems` and `notes` lists of [column, words]: with a problem
    a line is not taken, a note says what of it is left out.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("done_at IS NULL OR verdict IN ('new', 'changed', 'same')", name="done_was_right"),
        Index("ix_import_rows_verdict", "import_id", "verdict", "number"),
        Index("ix_import_rows_family", "import_id", "family"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    number: Mapped[int]  # of the line in the file, the headings being line 1
    cells: Mapped[list[str]] = mapped_column(JSON)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sku: Mapped[str] = mapped_column(String(40), default="")
    family: Mapped[str] = mapped_column(String(60), default="")  # what variants of one product share
    verdict: Mapped[Verdict | None] = mapped_column(word_enum(Verdict))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problems: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    notes: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    done_at: Mapped[datetime | None]
    photos_at: Mapped[datetime | None]  # when its photos were looked for, where the ZIP has some


class BulkEdit(db.Model):
    """Many prices, stocks or statuses changed by one confirmation; `once` keeps it from happening twice."""

    __tablename__ = "bulk_edits"
    __table_args__ = (
        UniqueConstraint("facility_id", "once"),
        CheckConstraint("once <> ''", name="has_once"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    once: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    changes: Mapped[list[list[Any]]] = mapped_column(JSON)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
