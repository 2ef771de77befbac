"""Rows that are written once: neither the ORM nor plain SQL changes or deletes them."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from storefront.core.db import APPEND_ONLY, Model
from storefront.core.db import db as database
from storefront.core.transactions import transaction
from tests.tables.rows import Maker, table_of

MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Model.registry.mappers}

NUMBERS = {"amount", "quantity", "delta"}


def written(table: str) -> int:
    """The id of a row that was stored before."""
    with transaction():
        return Maker().new(table)


def rows(table: str) -> list[tuple[object, ...]]:
    database.session.rollback()
    return [tuple(row) for row in database.session.execute(select(table_of(table)))]


def test_money_stock_and_history_are_written_once():
    assert set(APPEND_ONLY) == {
        "audit_entries", "invoices", "stock_movements", "curation_events", "order_events", "order_discounts",
        "journals", "entries", "payments", "payment_events", "refund_lines", "tracking_events",
        "invoice_taxes", "stock_transfers", "batch_moves", "change_events",
        "page_versions",
    }  # fmt: skip


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("verb", [lambda table: update(table).values(id=table.c.id + 1000), delete])
def test_plain_sql_cannot_change_them(db, table, verb):
    written(table)
    before = rows(table)

    with pytest.raises(DBAPIError, match=r"(?i)never|append|written once"), transaction():
        database.session.execute(verb(table_of(table)))

    assert rows(table) == before


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
def test_the_orm_cannot_change_them(db, table):
    number = written(table)
    before = rows(table)
    column = next(
        c.name
        for c in table_of(table).columns
        if c.name in {"words", "note", "comment", "memo", "action", "seller", "body"} | NUMBERS
    )

    with pytest.raises(RuntimeError, match="written once"), transaction():
        setattr(database.session.get_one(MODELS[table], number), column, 7 if column in NUMBERS else "x")
    with pytest.raises(RuntimeError, match="written once"), transaction():
        database.session.delete(database.session.get_one(MODELS[table], number))

    assert rows(table) == before


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
def test_a_whole_table_cannot_be_emptied(db, table):
    written(table)

    with pytest.raises(DBAPIError), transaction():
        database.session.execute(text(f"TRUNCATE {table} CASCADE"))

    assert rows(table)
