#!/usr/bin/env python3
"""From a bare checkout to a running shop, with nothing but Python.

    python3 manage.py run            install what is missing, start the demo shop
    python3 manage.py test [...]     run the tests (arguments go to pytest)
    python3 manage.py bench [...]    run the benchmarks
    python3 manage.py lint           ruff, mypy and the import contracts
    python3 manage.py flask [...]    any flask command; the word "flask" may be left out

Everything is installed into .venv beside this file, from lock files with hashes, and again only when
a lock file changes. Standard library only.
"""

import sys

# Before anything newer is touched; the whole file still parses on Python 3.6 so that this can be said.
if sys.version_info < (3, 11):
    sys.exit(
        "The shop needs Python 3.11 or newer; this is Python %d.%d (%s).\n"
        "Install a newer one and start it by its name, for example: python3.11 manage.py run"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

import contextlib
import hashlib
import importlib.util
import json
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
SHOP_LOCK = "requirements.txt"
DEV_LOCK = "requirements-dev.txt"
WINDOWS = os.name == "nt"

LINTERS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)


def say(message: str) -> None:
    """Print one line of progress, at once even into a pipe."""
    print(message, file=sys.stderr, flush=True)


def stop(message: str) -> NoReturn:
    """End with a message for a person and exit status 1."""
    sys.exit(message)


def tool(venv: Path, name: str) -> str:
    """Return the path of an installed command inside the environment."""
    return str(venv / ("Scripts" if WINDOWS else "bin") / (name + (".exe" if WINDOWS else "")))


# --- the environment ----------------------------------------------------------------------------


def fingerprints(root: Path, locks: Sequence[str]) -> dict[str, str]:
    """Return the SHA-256 of each lock file, by its name."""
    return {lock: hashlib.sha256((root / lock).read_bytes()).hexdigest() for lock in locks}


def read_stamp(venv: Path) -> dict[str, str]:
    """Return what the last finished install was made from; {} when there was none or it is unreadable."""
    try:
        stamp = json.loads((venv / "installed.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(venv: Path, stamp: dict[str, str]) -> None:
    """Record a finished install; a reader sees the old stamp or the new one, never half of it."""
    draft = venv / "installed.json.new"
    draft.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    os.replace(draft, venv / "installed.json")


def is_current(venv: Path, wanted: dict[str, str]) -> bool:
    """Say whether the last finished install was made from exactly these lock files."""
    stamp = read_stamp(venv)
    return all(stamp.get(lock) == digest for lock, digest in wanted.items())


def works(venv: Path) -> bool:
    """Say whether the environment's Python starts and sees its own packages.

    It does not after the Python that it was made from has been replaced or removed.
    """
    probe = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)"
    try:
        return (
            subprocess.run([tool(venv, "python"), "-c", probe], capture_output=True, check=False).returncode
            == 0
        )
    except OSError:
        return False


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file, so that two commands started together do not install over each other."""
    with path.open("a+b") as handle:
        waiting = False
        while not try_lock(handle.fileno()):
            if not waiting:
                say("Another command is installing; waiting for it ...")
                waiting = True
            time.sleep(0.5)
        yield  # closing the file, or dying, gives the lock back


def try_lock(descriptor: int) -> bool:
    """Take the lock of an open file if nobody has it."""
    try:
        if WINDOWS:
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def create(venv: Path) -> None:
    """Make a fresh environment; a broken one in its place is removed."""
    check_can_create()
    say(f"Making {venv.name} ...")
    # When this file is run by the very environment that is to be replaced, its base makes the new one.
    python = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.run([python, "-m", "venv", "--clear", str(venv)], check=False).returncode != 0:
        stop(f"Could not make {venv}; see above.")


def check_can_create() -> None:
    """Stop with the name of the missing package where Python comes without venv or ensurepip (Debian)."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        package = "python%d.%d-venv" % sys.version_info[:2]
        stop(
            f"This Python has no {' and no '.join(missing)}, which installing needs.\n"
            f"On Debian and Ubuntu: sudo apt-get install {package}\n"
            "Elsewhere: install Python from python.org or your system's full Python package."
        )


def install(root: Path, *, dev: bool) -> Path:
    """Bring .venv in line with the lock files and return its path.

    The stamp goes before the work and comes back after it: an install that is interrupted is done again.
    """
    venv = root / ".venv"
    wanted = fingerprints(root, (SHOP_LOCK, DEV_LOCK) if dev else (SHOP_LOCK,))
    if is_current(venv, wanted) and works(venv):
        return venv

    try:
        with exclusive(root / ".venv.lock"):
            if not (is_current(venv, wanted) and works(venv)):
                renew(root, venv, wanted, lock=DEV_LOCK if dev else SHOP_LOCK)
    except PermissionError as error:
        stop(f"Cannot write {error.filename}: this folder has to be writable to install into it.")
    return venv


def renew(root: Path, venv: Path, wanted: dict[str, str], *, lock: str) -> None:
    """Install one lock file, making the environment first if it is missing or broken."""
    (venv / "installed.json").unlink(missing_ok=True)
    if not works(venv):
        create(venv)
    say(f"Installing {lock} (the first time this takes a minute or two) ...")
    pip = [
        tool(venv, "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ]
    if lock == DEV_LOCK:
        pip.append("--no-compile")  # most of what the tests bring is never imported; what is, compiles itself
    environment = {**os.environ, "PIP_USER": "0"}  # a user-wide default that no environment can obey
    if subprocess.run(
        [*pip, "--require-hashes", "-r", str(root / lock)], env=environment, check=False
    ).returncode:
        stop(f"Installing {lock} failed; see above. The next start tries again.")
    write_stamp(venv, wanted)
    say("Installed.")


# --- the commands -------------------------------------------------------------------------------


def become(command: Sequence[str], **settings: str) -> NoReturn:
    """Go on as another program in the checkout's folder, which then gets every signal itself."""
    os.chdir(ROOT)
    # Settings come from the environment alone: no .env file because some package happens to be there.
    environment = {**os.environ, "FLASK_SKIP_DOTENV": "1", "PYTHONUTF8": "1", **settings}
    if WINDOWS:
        sys.exit(subprocess.call(list(command), env=environment))
    os.execve(command[0], list(command), environment)


def flask(arguments: Sequence[str], **settings: str) -> NoReturn:
    """Run a flask command of the shop."""
    venv = install(ROOT, dev=False)
    become([tool(venv, "python"), "-m", "flask", "--app", "wsgi", *arguments], **settings)


def test(arguments: Sequence[str]) -> NoReturn:
    """Run the tests: all of them, three for every two cores, or what the arguments choose."""
    venv = install(ROOT, dev=True)
    # A third of the time a test waits: for a browser, for a database, for a server that starts.
    cores = os.cpu_count() or 1
    workers = str(cores + cores // 2)
    chosen = list(arguments) or ["-n", workers, "--dist", "loadscope", "--no-loadscope-reorder"]
    become([tool(venv, "python"), "-m", "pytest", *chosen])


def lint() -> NoReturn:
    """Run every check, also after one that fails, and say at the end which did."""
    venv = install(ROOT, dev=True)
    failed = []
    for name, *arguments in LINTERS:
        title = " ".join((name, *arguments))
        say(f"- {title}")
        if subprocess.run([tool(venv, name), *arguments], cwd=ROOT, check=False).returncode:
            failed.append(title)
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


def main(arguments: Sequence[str]) -> None:
    """Run the command that the arguments name."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if command in ("help", "-h", "--help"):
        print((__doc__ or "").strip())
    elif command == "run":
        flask(["demo", "run", *rest], ENV="development")
    elif command == "test":
        test(rest)
    elif command == "bench":
        become([tool(install(ROOT, dev=False), "python"), "-m", "bench", *rest])
    elif command == "lint":
        lint()
    else:
        flask(rest if command == "flask" else arguments)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
