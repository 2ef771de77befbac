"""Alive and ready are two questions; the second one says what is missing."""

import shutil
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from config import Config
from storefront.core.db import db as database

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def without_database(config, make_app):
    """A shop whose database server is away."""
    values = {name: getattr(config, name) for name in Config.__dataclass_fields__}
    return make_app(Config(**values | {"DATABASE_URL": NOWHERE})).test_client()


def test_a_healthy_shop_is_alive_and_ready(client, db):
    for path in ("/healthz", "/readyz"):
        response = client.get(path)
        assert (response.status_code, response.text) == (200, "ok\n")
        assert response.mimetype == "text/plain"
        assert response.headers["Cache-Control"] == "no-store"


@only_sqlite
def test_being_alive_asks_the_database_nothing(client, db, query_count):
    with query_count(at_most=0):
        assert client.get("/healthz").status_code == 200


@only_sqlite
def test_without_its_database_the_shop_lives_but_is_not_ready(without_database):
    assert without_database.get("/healthz").status_code == 200

    response = without_database.get("/readyz")

    assert (response.status_code, response.text) == (503, "database: no answer\n")
    assert response.headers["Retry-After"] == "30"


def test_older_tables_are_not_ready(client, db):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))

    response = client.get("/readyz")

    assert (response.status_code, response.text) == (503, "migrations: not at head\n")


def test_a_database_that_was_never_migrated_is_not_ready(client, db):
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))

    assert client.get("/readyz").text == "migrations: not at head\n"


@only_sqlite
def test_an_almost_full_disk_is_not_ready(client, db, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1))

    response = client.get("/readyz")

    assert (response.status_code, response.text) == (503, "disk: almost full\n")


@only_sqlite
def test_all_that_is_missing_is_said_at_once_and_nothing_else(without_database, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1))

    assert without_database.get("/readyz").text == "database: no answer\ndisk: almost full\n"


@only_sqlite
def test_a_folder_that_is_gone_is_not_ready(client, db, config):
    database.session.remove()
    shutil.rmtree(config.INSTANCE_DIR)

    assert "disk: no folder" in client.get("/readyz").text
