"""`backup` and `restore`: what was there comes back, and nothing is restored under a running shop."""

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from storefront.core.storage import read, storage
from tests import factories

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def titles(db):
    db.session.rollback()
    return sorted(db.session.scalars(db.select(factories.Product.title)))


@pytest.fixture
def place(db):
    """The database's file."""
    return Path(db.engine.url.database)


@only_sqlite
def test_what_was_there_comes_back(db, flask, tmp_path):
    factories.product(title="Tas")
    storage().save("foto/tas-360.webp", b"tas", "image/webp")
    saved = tmp_path / "saved" / "monday.tar"
    flask("backup", str(saved))
    factories.product(title="Sepatu")
    storage().save("foto/tas-360.webp", b"changed", "image/webp")
    storage().save("foto/sepatu-360.webp", b"sepatu", "image/webp")
    flask("restore", str(saved))

    assert titles(db) == ["Tas"]
    assert read("foto/tas-360.webp") == b"tas"
    assert not storage().exists("foto/sepatu-360.webp")
    assert saved.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in saved.parent.iterdir()] == ["monday.tar"]


@only_sqlite
def test_a_folder_collects_backups_and_the_newest_is_restored(db, flask, tmp_path):
    factories.product(title="Tas")
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "shop-20200101-000000.tar").write_bytes(b"an old one")
    flask("backup", str(folder))
    factories.product(title="Sepatu")
    flask("restore", str(folder))

    assert titles(db) == ["Tas"]


@only_sqlite
def test_a_running_shop_is_left_alone(db, flask, place, tmp_path):
    saved = tmp_path / "saved.tar"
    flask("backup", str(saved))
    with closing(sqlite3.connect(place)) as idle:
        idle.execute("SELECT COUNT(*) FROM products").fetchall()  # and then it waits, as a server does
        refused = flask("restore", str(saved), status=1)
    assert "stop the server and the worker first" in refused.output
    flask("restore", str(saved))


@only_sqlite
def test_a_stale_log_does_not_come_back_over_the_restored_database(db, flask, place, tmp_path):
    factories.product(title="Tas")
    saved = tmp_path / "saved.tar"
    flask("backup", str(saved))
    db.session.remove()
    db.engine.dispose()
    place.write_bytes(b"not a database any more")
    for ending in ("-wal", "-shm"):
        place.with_name(place.name + ending).write_bytes(b"stale")
    flask("restore", str(saved))

    assert titles(db) == ["Tas"]


@only_sqlite
def test_what_is_no_backup_changes_nothing(db, flask, tmp_path):
    factories.product(title="Tas")
    text, empty = tmp_path / "text.tar", tmp_path / "empty.tar"
    text.write_text("Halo")
    tarfile.open(empty, "w").close()
    escaping = tmp_path / "escaping.tar"
    with tarfile.open(escaping, "w") as archive:
        archive.add(text, "../outside.txt")

    for path in (text, empty, escaping):
        flask("restore", str(path), status=1)
    assert titles(db) == ["Tas"]
    assert not list(tmp_path.parent.glob("outside.txt"))


@only_postgresql
def test_postgresql_has_tools_of_its_own(flask, tmp_path):
    answer = flask("backup", str(tmp_path / "saved.tar"), status=1).output
    assert "pg_dump --format=custom" in answer
    assert "pg_restore" in flask("restore", str(tmp_path), status=1).output
