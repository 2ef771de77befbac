"""What a killed test run left behind never stops the next one."""

from pathlib import Path

import psycopg
import pytest

from tests.support import postgres
from tests.support import run as runs
from tests.support.run import Run

GONE = 2**22 + 1  # above the largest process number there is


@pytest.fixture
def left(run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a killed run, in a place of its own that `nobody` can reach."""
    place = run.folder / "killed"
    place.mkdir(mode=0o711, exist_ok=True)
    monkeypatch.setattr(runs, "shared_place", lambda: place)
    folder = place / f"{runs.PREFIX}{GONE}-left"
    folder.mkdir(mode=0o711)
    return folder


def test_the_note_of_a_server_that_is_gone_is_swept_up(left: Path) -> None:
    data = left / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "postmaster.pid").write_text(f"{GONE}\n{data}\n")
    new = Run.begin()
    assert not left.exists()
    assert new.folder.is_dir()


def test_a_server_that_still_runs_is_ended(left: Path) -> None:
    with psycopg.connect(f"{postgres.start(left)} dbname=postgres") as connection:
        Run.begin()
        assert not left.exists()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
