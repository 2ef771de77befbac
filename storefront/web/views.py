"""Routes that belong to no feature: health, and stored files."""

import shutil

from flask import Blueprint, Response, abort, current_app, send_file
from flask_migrate import Migrate
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storefront.core.db import db
from storefront.core.storage import storage

health = Blueprint("health", __name__)
media = Blueprint("media", __name__)

YEAR = "public, max-age=31536000, immutable"
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
MIN_FREE_BYTES = 200 * 1024 * 1024


@health.get("/healthz")
def healthz() -> tuple[str, int, dict[str, str]]:
    """The process is alive. Asks nothing of anybody."""
    return "ok\n", 200, {"Content-Type": "text/plain", "Cache-Control": "no-store"}


@health.get("/readyz")
def readyz() -> tuple[str, int, dict[str, str]]:
    """Ready for visitors: the database answers, its tables are at head, the disk has room."""
    reasons = [reason for check in (_database, _disk) if (reason := check())]
    body = "ok\n" if not reasons else "\n".join(reasons) + "\n"
    headers = {"Content-Type": "text/plain", "Cache-Control": "no-store"}
    return body, 503 if reasons else 200, headers | ({"Retry-After": "30"} if reasons else {})


def _database() -> str:
    """Why the database is not ready, or an empty string."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    migrate: Migrate = current_app.extensions["migrate"].migrate
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            current = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError:
        current_app.logger.warning("readyz: the database does not answer")
        return "database: no answer"
    head = ScriptDirectory.from_config(migrate.get_config()).get_current_head()
    return "" if current == head else "migrations: not at head"


def _disk() -> str:
    """Why the disk is not ready, or an empty string."""
    try:
        free = shutil.disk_usage(current_app.config["INSTANCE_DIR"]).free
    except OSError:
        return "disk: no folder"
    return "" if free > MIN_FREE_BYTES else "disk: almost full"


PUBLIC = ("foto/", "kartu/")
"""Photos, and the cards that stand beside shared links."""


@media.get("/media/<path:key>")
def file(key: str) -> Response:
    """A public stored file (pictures). Names are random and never reused, so caches keep them."""
    kind = key.rpartition(".")[2]
    if not key.startswith(PUBLIC) or kind not in TYPES:
        abort(404)
    response = send_file(storage().open(key), mimetype=TYPES[kind])
    response.headers["Cache-Control"] = YEAR
    return response
