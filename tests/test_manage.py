"""The bootstrap: what it says on machines that lack something, and when it installs again."""

import ast
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import manage

SOURCE = Path(manage.__file__).read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with lock files and an environment whose Python works; installing is only noted down."""
    (tmp_path / manage.SHOP_LOCK).write_text("flask==1\n")
    (tmp_path / manage.DEV_LOCK).write_text("flask==1\npytest==1\n")
    folder = Path(manage.tool(tmp_path / ".venv", "python")).parent
    folder.mkdir(parents=True)
    script = folder / "python"
    script.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        f'*"pip install"*) echo "$*" >> {tmp_path}/installs; test ! -e {tmp_path}/broken ;;\n'
        "esac\n"
    )
    script.chmod(0o755)
    return tmp_path


def installs(checkout: Path) -> list[str]:
    """Which lock files were installed, in order."""
    log = checkout / "installs"
    return [Path(line.split()[-1]).name for line in log.read_text().splitlines()] if log.exists() else []


def test_it_parses_on_pythons_that_are_too_old() -> None:
    ast.parse(SOURCE, feature_version=(3, 6))


def test_an_old_python_is_told_what_to_install() -> None:
    pretend = (
        "import sys; sys.version_info = (3, 8, 10)\nexec(compile(sys.stdin.read(), 'manage.py', 'exec'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], input=SOURCE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is Python 3.8" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_imports_nothing_but_the_standard_library() -> None:
    modules = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(SOURCE))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {module.partition(".")[0] for module in modules} <= sys.stdlib_module_names


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_the_package(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = manage.importlib.util.find_spec
    monkeypatch.setattr(
        manage.importlib.util, "find_spec", lambda name: None if name == module else find(name)
    )
    with pytest.raises(SystemExit) as stopped:
        manage.check_can_create()
    major, minor = sys.version_info[:2]
    assert f"no {module}" in str(stopped.value)
    assert f"apt-get install python{major}.{minor}-venv" in str(stopped.value)


def test_installs_once_and_again_when_the_lock_changes(checkout: Path) -> None:
    manage.install(checkout, dev=False)
    manage.install(checkout, dev=False)
    assert installs(checkout) == ["requirements.txt"]

    (checkout / manage.SHOP_LOCK).write_text("flask==2\n")
    manage.install(checkout, dev=False)
    assert installs(checkout) == ["requirements.txt"] * 2


def test_the_tests_need_more_than_the_shop_and_the_shop_no_more_than_the_tests(checkout: Path) -> None:
    manage.install(checkout, dev=False)
    manage.install(checkout, dev=True)
    manage.install(checkout, dev=False)
    assert installs(checkout) == ["requirements.txt", "requirements-dev.txt"]


def test_going_back_to_older_locks_installs_the_older_packages(checkout: Path) -> None:
    manage.install(checkout, dev=True)
    old = (checkout / manage.SHOP_LOCK).read_text()
    (checkout / manage.SHOP_LOCK).write_text("flask==2\n")
    manage.install(checkout, dev=False)
    (checkout / manage.SHOP_LOCK).write_text(old)
    manage.install(checkout, dev=True)
    assert installs(checkout) == ["requirements-dev.txt", "requirements.txt", "requirements-dev.txt"]


def test_an_install_that_failed_is_done_again(checkout: Path) -> None:
    manage.install(checkout, dev=False)
    (checkout / manage.SHOP_LOCK).write_text("flask==2\n")
    (checkout / "broken").touch()
    with pytest.raises(SystemExit, match="failed"):
        manage.install(checkout, dev=False)
    assert manage.read_stamp(checkout / ".venv") == {}

    (checkout / "broken").unlink()
    manage.install(checkout, dev=False)
    assert len(installs(checkout)) == 3


@pytest.mark.parametrize("text", ["", "{", "[]", '{"requirements.txt": 1}'])
def test_a_stamp_that_cannot_be_right_counts_for_nothing(checkout: Path, text: str) -> None:
    (checkout / ".venv" / "installed.json").write_text(text)
    manage.install(checkout, dev=False)
    assert installs(checkout) == ["requirements.txt"]
    stamp = json.loads((checkout / ".venv" / "installed.json").read_text())
    assert stamp == manage.fingerprints(checkout, [manage.SHOP_LOCK])


def test_an_environment_whose_python_is_gone_is_made_anew(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manage.install(checkout, dev=False)
    python = Path(manage.tool(checkout / ".venv", "python"))
    kept = python.read_text()
    python.unlink()

    def create(_venv: Path) -> None:
        python.write_text(kept)
        python.chmod(0o755)

    monkeypatch.setattr(manage, "create", create)
    manage.install(checkout, dev=False)
    assert python.exists()
    assert len(installs(checkout)) == 2


def test_two_commands_do_not_install_at_once(checkout: Path) -> None:
    with manage.exclusive(checkout / ".venv.lock"):
        second = threading.Thread(target=manage.install, args=(checkout,), kwargs={"dev": False})
        second.start()
        time.sleep(0.2)
        assert installs(checkout) == []
    second.join(timeout=10)
    assert installs(checkout) == ["requirements.txt"]


def test_a_real_environment_is_made_and_works(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    assert not manage.works(venv)
    manage.create(venv)
    assert manage.works(venv)


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    manage.main([])
    assert "python3 manage.py run" in capsys.readouterr().out
