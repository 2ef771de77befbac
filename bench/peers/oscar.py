"""`--peer`: django-oscar beside us, in the same run on the same machine.

It gets an environment of its own from the package index (kept in `instance/peers`), so that neither the
lock nor the shop knows it. Its pages are its own defaults, with SQLite, cached templates and Whoosh for
search; both shops are served by one granian worker and asked by the same client.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.measure import Timing, one_page
from bench.process import ROOT, serving

PACKAGES = ("django-oscar==4.2", "sorl-thumbnail", "whoosh", "granian")
SITE = "bench.peers.oscar_site"
PAGES = {
    "list": "/catalogue/?page={page}",
    "list of a category": "/catalogue/category/tas_1/?page={page}",
    "search, two words": "/search/?q=tas+pandan",
    "product": "/catalogue/tas-pandan-{product}_{product}/",
}
_COUNT = f"""
import json, sys
import {SITE}
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
visitor, counts = Client(), {{}}
for name, path in json.loads(sys.argv[1]).items():
    visitor.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert visitor.get(path).status_code == 200, path
    counts[name] = sum(not one["sql"].startswith(("BEGIN", "COMMIT")) for one in asked)
print(json.dumps(counts))
"""


def measured(total: int, rounds: int) -> tuple[dict[str, Timing], dict[str, int]]:
    """Timings and queries of the peer's pages, with so many products. Takes a minute to set up."""
    python = _environment()
    folder = python.parents[2] / f"oscar-{total}"
    environment = {"PEER_FOLDER": str(folder), "PYTHONPATH": str(ROOT)}
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _run(python, environment, "-m", SITE, str(total))
        (folder / "ready").touch()
    with serving(f"{SITE}:application", environment, python=python, factory=False) as server:
        timings = {
            name: one_page(server, name, lambda number, path=path: _path(path, number, total), rounds)  # type: ignore[misc]
            for name, path in PAGES.items()
        }
    asked = json.dumps({name: _path(path, 3, total) for name, path in PAGES.items()})
    return timings, json.loads(_run(python, environment, "-c", _COUNT, asked))


def _path(pattern: str, number: int, total: int) -> str:
    return pattern.format(page=1 + number % 4, product=1 + number * 7 % total)


def _environment() -> Path:
    """The peer's Python, made once."""
    folder = ROOT / "instance" / "peers" / "oscar"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        (folder / "ready").touch()
    return python


def _run(python: Path, environment: Mapping[str, str], *arguments: str) -> str:
    settings = {**os.environ, **environment}
    done = subprocess.run(
        [str(python), *arguments], cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout
