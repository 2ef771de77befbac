"""`backup` and `restore`: the whole shop in one file, on SQLite."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from storefront.core import clock
from storefront.core.backup import BackupError, backup, restore
from storefront.core.db import db

POSTGRESQL = (
    "this shop keeps its data in PostgreSQL, which has tools of its own:\n"
    "  back up:  pg_dump --format=custom --file=FILE DATABASE\n"
    "  restore:  pg_restore --clean --if-exists --dbname=DATABASE FILE   (server and worker stopped)\n"
    "DATABASE is DATABASE_URL without '+psycopg'."
)


@click.command("backup")
@click.argument("destination", metavar="DEST", type=click.Path(path_type=Path))
@with_appcontext
def back_up(destination: Path) -> None:
    """Write database and media into the tar file DEST (or into one inside the folder DEST).

    The shop may run meanwhile.
    """
    if destination.is_dir():
        destination /= f"shop-{clock.local(clock.now()):%Y%m%d-%H%M%S}.tar"
    try:
        backup(_database(), _media(), destination)
    except (BackupError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{destination} written ({destination.stat().st_size:,} bytes)")


@click.command("restore")
@click.argument("source", metavar="SRC", type=click.Path(path_type=Path, exists=True))
@with_appcontext
def put_back(source: Path) -> None:
    """Replace database and media by those of the backup SRC (or the newest in the folder SRC).

    Server and worker have to be stopped.
    """
    place = _database()
    if source.is_dir():
        source = max(source.glob("shop-*.tar"), default=source)
    db.session.remove()
    db.engine.dispose()
    try:
        restore(source, place, _media())
    except (BackupError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo("restored; bring older tables up to date with: flask db upgrade")


def _database() -> Path:
    """The file of the database. Raises ClickException where it is no file."""
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException(f"{POSTGRESQL}\n{_about_media()}")
    name = db.engine.url.database
    if not name or name == ":memory:":
        raise click.ClickException("the database is in memory only")
    return Path(name).resolve()


def _media() -> Path | None:
    """The folder of media; None where they lie in a bucket, which has copies of its own."""
    if current_app.config["MEDIA_URL"]:
        click.echo(_about_media(), err=True)
        return None
    return Path(current_app.config["MEDIA_ROOT"])


def _about_media() -> str:
    if current_app.config["MEDIA_URL"]:
        return "Media lie in the bucket of MEDIA_URL: keep versions of them there."
    return f"Media lie in {current_app.config['MEDIA_ROOT']}: copy that folder after the database."
