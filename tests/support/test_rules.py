"""What may not be skipped, and what a machine without Chromium is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import browser, html

SKIPPING = """
import pytest

def test_of_something_else():
    pytest.skip("not today")

@pytest.mark.browser
def test_in_a_browser():
    pytest.skip("no browser here")

@pytest.mark.postgresql
def test_on_postgresql():
    pytest.skip("no server here")
"""


@pytest.mark.parametrize(("ci", "expected"), [("", "2 failed, 1 skipped"), ("true", "3 failed")])
def test_a_skip_is_a_failure_where_it_would_hide_something(tmp_path: Path, ci: str, expected: str) -> None:
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    root = Path(__file__).resolve().parents[2]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        f"--rootdir={root}",
        "-q",
        str(tmp_path),
    ]
    done = subprocess.run(
        [*command, "-c", str(root / "pyproject.toml")],
        cwd=root,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert expected in done.stdout.strip().rpartition("\n")[2]


def test_a_machine_without_chromium_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert browser.find_chromium(sys.executable) is None
    assert "apt-get install chromium" in browser.MISSING

    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(browser, "APPLICATIONS", ())
    assert browser.find_chromium(sys.executable) == sys.executable


def test_a_page_without_any_frame_is_all_wrong() -> None:
    assert len(html.problems("<p>Halo")) == 5
