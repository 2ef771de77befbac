"""The benchmarks run, and what they count does not grow with the shop. No test here looks at a clock."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import apps, measure, seed
from bench.__main__ import make_app

ROOT = Path(__file__).parent.parent
LIST_BUDGET, PURCHASE_BUDGET, PLACING_BUDGET = 6, 90, 20
FIRST_PAGE_BUDGET = 10
"""The home page shows six kinds of things, each with one or two questions."""


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_page_asks_more_of_a_larger_shop(database_url, tmp_path):
    app = make_app(database_url, tmp_path)
    counted = {}
    with app.app_context():
        seed.open_shop()
    for total in (100, 1_000):
        with app.app_context():
            seed.grow(total)
        counted[total] = {
            "cached": measure.page_queries(make_app(database_url, tmp_path), total),
            "uncached": measure.page_queries(apps.forgetful(make_app(database_url, tmp_path)), total),
            "purchase": measure.purchase_queries(app, total),
            "placing": {"order": measure.place_order_queries(app, total)},
        }

    assert counted[100] == counted[1_000]
    found = counted[1_000]
    assert set(found["cached"].values()) == {1}  # which version of the catalogue is it?
    assert found["uncached"].pop("home") <= FIRST_PAGE_BUDGET
    assert max(found["uncached"].values()) <= LIST_BUDGET
    assert sum(found["purchase"].values()) <= PURCHASE_BUDGET
    assert found["placing"]["order"] <= PLACING_BUDGET


def test_it_runs_and_prints_tables(tmp_path):
    command = [sys.executable, "-m", "bench", "--quick", "--sizes", "40"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    for words in ("| hello |", "| list |", "| place the order |", "| 40 products |"):
        assert words in done.stdout
