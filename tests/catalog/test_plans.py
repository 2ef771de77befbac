"""How SQLite finds what a page shows: along indexes, never by reading a table that grows from end to end.

Its planner knows no sizes here, so a shop of three products is read the same way as one of 100,000.
"""

import re
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests import factories

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

GROWING = {
    "order_lines", "orders", "pictures", "product_photos", "product_tags", "products", "reservations",
    "review_photos", "reviews", "stock_levels", "stock_movements", "variants",
}  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/produk",
        "/produk?urut=termurah",
        "/produk?q=tas+kulit",
        "/kategori/tas",
        "/produk/{product}",
        "/lapas/lapas-uji",
    ],
)
def test_no_page_reads_a_growing_table_from_end_to_end(app, client, db, path):
    maker = factories.facility(slug="lapas-uji")
    shelf = factories.category("Tas")
    titles = ("Tas Uji", "Tas Kulit", "Dompet Kulit")
    slugs = [factories.product(maker, title=title, shelf=shelf).slug for title in titles]
    path = path.format(product=slugs[0])
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    assert asked
    read = {table: statement for statement, values in asked for table in _scanned(db, statement, values)}
    assert not read.keys() & GROWING, read


def _scanned(db, statement: str, values: Any) -> list[str]:
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    steps = [re.match(r"SCAN (\w+?)(?:_\d+)?(?: |$)", str(row[3])) for row in plan]
    return [step[1] for step in steps if step]
