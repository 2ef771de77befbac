"""One file with everything a shop on one machine has: its SQLite database and its media.

The database is copied by SQLite itself while the shop runs: copying its file by hand would miss
what is still in the write-ahead log. Media are added afterwards, so that every picture that the
copied database names is there.
"""

import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

DATABASE = "shop.sqlite3"
MEDIA = "media"


class BackupError(RuntimeError):
    """A backup that cannot be made or used; the message says why, in words for the operator."""


def backup(database: Path, media: Path | None, destination: Path) -> None:
    """Write a tar file that only its owner can read; an older one of this name is replaced at the end.

    Raises BackupError when there is no database or the copy is damaged.
    """
    if not database.is_file():
        raise BackupError(f"there is no database at {database}")
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=destination.parent, prefix=".backup-") as folder:
        copy = Path(folder) / DATABASE
        _copy_database(database, copy)
        draft = Path(folder) / "backup.tar"
        with tarfile.open(draft, "w") as archive:
            archive.add(copy, DATABASE)
            if media is not None and media.is_dir():
                archive.add(media, MEDIA, filter=_no_drafts)
        draft.chmod(0o600)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(destination)


def restore(source: Path, database: Path, media: Path | None) -> None:
    """Put a backup in the place of the database and the media that are there now.

    Everything is unpacked and checked first. Raises BackupError for a damaged backup and while a
    server, a worker or a command has the database open.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as folder:
        room = Path(folder)
        _unpack(source, room)
        with _alone_with(database):
            for ending in ("-wal", "-shm", "-journal"):
                database.with_name(database.name + ending).unlink(missing_ok=True)
            (room / DATABASE).replace(database)
        if media is not None and (room / MEDIA).is_dir():
            _replace_folder(room / MEDIA, media)


def _copy_database(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        _check(target)


def _check(connection: sqlite3.Connection) -> None:
    try:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BackupError("the copied database is damaged") from error
    if answer != "ok":
        raise BackupError(f"the copied database is damaged: {answer}")


def _no_drafts(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Files that are just being written begin with a dot and are no media yet."""
    return None if Path(entry.name).name.startswith(".") else entry


def _unpack(source: Path, room: Path) -> None:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(room, filter="data")  # nothing outside the folder, no links, no devices
    except (OSError, tarfile.TarError) as error:
        raise BackupError(f"{source} is no backup of this shop") from error
    if not (room / DATABASE).is_file():
        raise BackupError(f"{source} holds no {DATABASE}")
    with closing(sqlite3.connect(room / DATABASE)) as connection:
        _check(connection)


@contextmanager
def _alone_with(database: Path) -> Iterator[None]:
    """Hold the database so that nobody else has it open. One that is damaged cannot be in use."""
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as connection:
        try:
            # Leaving WAL needs every other connection to be closed, idle ones too.
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise BackupError("the shop is running; stop the server and the worker first") from error
        yield


def _replace_folder(new: Path, old: Path) -> None:
    """Swap the media in; the old ones go only when the new ones stand."""
    old.parent.mkdir(parents=True, exist_ok=True)
    aside = old.with_name(f".{old.name}-before-restore")
    shutil.rmtree(aside, ignore_errors=True)
    with suppress(FileNotFoundError):
        old.rename(aside)
    shutil.move(new, old)
    shutil.rmtree(aside, ignore_errors=True)
