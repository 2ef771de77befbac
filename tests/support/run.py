"""What one test run shares between its worker processes: a folder, and the PostgreSQL in it."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support import postgres

PREFIX = "shop-tests-"

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3


class Run:
    """A folder that lives as long as the run. Things in it are made once, by whoever needs them first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def begin(cls) -> "Run":
        """Make the folder of a new run, after sweeping up what killed runs left behind."""
        place = shared_place()
        for left in place.glob(f"{PREFIX}*"):
            if abandoned(left):
                cls(left).end()
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))
        folder.chmod(0o711)  # PostgreSQL runs as somebody else when we are root
        return cls(folder)

    def end(self) -> None:
        """Stop what runs and remove the folder."""
        postgres.stop(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def once(self, name: str, make: Callable[[], str]) -> str:
        """Return the result of `make`, called in one process only; the others wait and read it."""
        result = self.folder / f"{name}.result"
        with self.lock(name):
            if not result.exists():
                text = make()
                result.write_text(text, encoding="utf-8")
        return result.read_text(encoding="utf-8")

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Keep the other workers out."""
        with (self.folder / f"{name}.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def postgres(self) -> str:
        """Return the address of this run's PostgreSQL, started at the first call."""
        return self.once("postgres", lambda: postgres.start(self.folder))


def shared_place() -> Path:
    """Return a folder in memory where there is room (a database a test costs a tenth), else on disk.

    On disk: the temporary folder; /tmp when root's own one is closed to others.
    """
    if in_memory(MEMORY):
        return MEMORY
    place = Path(tempfile.gettempdir()).resolve()
    open_to_all = all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))
    return place if open_to_all or not postgres.as_root() else Path("/tmp")


def in_memory(place: Path) -> bool:
    """Say whether a memory file system is there, large enough, and lets programs run."""
    if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
        return False
    about = os.statvfs(place)
    return about.f_bavail * about.f_frsize > ROOM and not about.f_flag & getattr(os, "ST_NOEXEC", 8)


def abandoned(folder: Path) -> bool:
    """Say whether a run's folder is ours and the process that made it is gone."""
    owner = folder.name.removeprefix(PREFIX).partition("-")[0]
    try:
        ours = folder.stat().st_uid == os.getuid()
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return ours
    except (OSError, ValueError):
        return False
    return False
