"""Settings: safe by default, refused by name, never shown."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import config as settings
from config import Config, MissingSetting

SECRET = "k7Wq-vXz3mB9tR1yPfL0cJ5hN8dG2sAeUoIx4"
KEY = "c2l4dGVlbi1ieXRlcy1hbmQtYWdhaW4tc2l4dGVlbiE="
PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": SECRET,
    "DATA_KEYS": KEY,
    "PUBLIC_BASE_URL": "https://toko.example",
    "MAIL_SERVER": "mail.example",
    "MAIL_FROM": "Karya Banten <toko@toko.example>",
    "OFFICE_ADDRESS": "Jalan Contoh 1, Serang",
    "OFFICE_EMAIL": "kantor@toko.example",
    "OFFICE_PHONE": "+622549999999",
}


def read(tmp_path: Path, **env: str) -> Config:
    return Config.from_env({"INSTANCE_DIR": str(tmp_path / "instance"), **env})


def refused(tmp_path: Path, **env: str) -> list[str]:
    with pytest.raises(MissingSetting) as caught:
        read(tmp_path, **env)
    return [problem.split()[0] for problem in caught.value.problems]


def test_development_needs_no_setting_at_all(tmp_path: Path) -> None:
    config = read(tmp_path)
    assert f"sqlite:///{tmp_path}/instance/shop.sqlite3" == config.DATABASE_URL
    assert config.media_root == tmp_path / "instance" / "media"
    assert config.PUBLIC_BASE_URL == "http://127.0.0.1:8000"
    assert len(config.SECRET_KEY) >= 32
    assert not config.STRIPE_SECRET_KEY


def test_the_port_moves_the_address_along(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="9001").PUBLIC_BASE_URL == "http://127.0.0.1:9001"


def test_a_checkout_keeps_its_secret_and_shares_it_with_nobody(tmp_path: Path) -> None:
    first, again, other = (read(tmp_path / checkout) for checkout in ("a", "a", "b"))
    assert again.SECRET_KEY == first.SECRET_KEY
    assert other.SECRET_KEY != first.SECRET_KEY
    assert (tmp_path / "a" / "instance" / "secret_key").stat().st_mode & 0o077 == 0


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    found: set[str] = set()
    threads = [threading.Thread(target=lambda: found.add(settings.kept_secret(tmp_path))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_production_starts_when_all_is_there(tmp_path: Path) -> None:
    config = read(tmp_path, **PRODUCTION)
    assert config.production
    assert config.trusted_hosts == ["toko.example"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMPLAINT_DAYS", "1"),
        ("COMPLAINT_ANSWER_DAYS", "0"),
        ("COMPLAINT_DECISION_DAYS", "8"),
        ("COMPLAINT_PHOTO_DAYS", "400"),
    ],
)
def test_no_setting_takes_a_buyers_right_away(tmp_path: Path, name: str, value: str) -> None:
    assert refused(tmp_path, **{name: value}) == [name]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": SECRET[:31]}, "SECRET_KEY"),
        ({"SECRET_KEY": "changeme" * 5}, "SECRET_KEY"),
        ({"DATA_KEYS": ""}, "DATA_KEYS"),
        ({"DATA_KEYS": f"{KEY},tooshort"}, "DATA_KEYS"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"PUBLIC_BASE_URL": "http://toko.example"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": ""}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "https://toko.example/sub"}, "PUBLIC_BASE_URL"),
        ({"MAIL_SERVER": ""}, "MAIL_SERVER"),
        ({"MAIL_FROM": ""}, "MAIL_FROM"),
        ({"STRIPE_SECRET_KEY": "sk_test_x"}, "STRIPE_WEBHOOK_SECRET"),
        ({"STRIPE_API_BASE": "http://stripe.example"}, "STRIPE_API_BASE"),
        ({"MIDTRANS_SNAP_BASE": "https://snap.example"}, "MIDTRANS_API_BASE"),
        (
            {"MIDTRANS_API_BASE": "http://mid.example", "MIDTRANS_SNAP_BASE": "https://mid.example"},
            "MIDTRANS_API_BASE",
        ),
        ({"DATABASE_URL": "mysql://db"}, "DATABASE_URL"),
        ({"MEDIA_URL": "ftp://files"}, "MEDIA_URL"),
        ({"ENV": "prod"}, "ENV"),
        ({"PORT": "http"}, "PORT"),
        ({"PROXY_HOPS": "-1"}, "PROXY_HOPS"),
    ],
)
def test_production_refuses(tmp_path: Path, change: dict[str, str], named: str) -> None:
    assert refused(tmp_path, **PRODUCTION | change) == [named]


def test_everything_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    named = refused(tmp_path, ENV="production", FLASK_DEBUG="true", PORT="x")
    basic = {"SECRET_KEY", "DATA_KEYS", "PUBLIC_BASE_URL", "MAIL_SERVER", "MAIL_FROM"}
    assert set(named) == basic | {"FLASK_DEBUG", "PORT"}


def test_a_test_key_is_a_warning_because_nobody_really_pays(tmp_path: Path) -> None:
    stripe = {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_x"}
    found = settings.warnings(read(tmp_path, **PRODUCTION, **stripe))
    assert [warning.split()[0] for warning in found] == ["STRIPE_SECRET_KEY"]
    assert settings.warnings(read(tmp_path, **stripe)) == []


def test_no_value_is_ever_shown(tmp_path: Path) -> None:
    secrets = {
        "SECRET_KEY": "short-but-secret",
        "STRIPE_SECRET_KEY": "sk_secret",
        "DATA_KEYS": "data-secret",
        "PUBLIC_BASE_URL": "http://user:password@shop",
        "DATABASE_URL": "mysql://user:password@db/shop",
        "PORT": "password",
    }
    with pytest.raises(MissingSetting) as caught:
        read(tmp_path, ENV="production", **secrets)
    for value in ("short-but-secret", "sk_secret", "data-secret", "password"):
        assert value not in str(caught.value)
    config = Config(SECRET_KEY=SECRET, DATABASE_URL="sqlite://", INSTANCE_DIR=tmp_path)
    assert SECRET not in repr(config)


def test_webhook_secrets_are_a_list_while_they_are_rotated(tmp_path: Path) -> None:
    config = read(tmp_path, STRIPE_SECRET_KEY="sk_test_x", STRIPE_WEBHOOK_SECRET="whsec_new, whsec_old,")
    assert config.STRIPE_WEBHOOK_SECRET == ("whsec_new", "whsec_old")


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, {"SESSION_COOKIE_NAME": "sesi", "SESSION_COOKIE_SECURE": False, "DEBUG": False}),
        (PRODUCTION, {"SESSION_COOKIE_NAME": "__Host-sesi", "SESSION_COOKIE_SECURE": True, "DEBUG": False}),
        ({"FLASK_DEBUG": "1"}, {"DEBUG": True}),
    ],
)
def test_what_flask_is_told(tmp_path: Path, env: dict[str, str], expected: dict[str, Any]) -> None:
    told = read(tmp_path, **env).to_flask()
    assert {name: told[name] for name in expected} == expected
    assert told["SESSION_COOKIE_HTTPONLY"] is True
    assert told["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert told["SQLALCHEMY_DATABASE_URI"] == told["DATABASE_URL"]
    assert told["MAIL_PORT"] == 587


def test_the_environment_cannot_make_a_testing_shop(tmp_path: Path) -> None:
    assert read(tmp_path, TESTING="1").TESTING is False


def test_an_incomplete_production_stops_with_a_list_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "routes"],
        cwd=settings.ROOT,
        env={"ENV": "production", "INSTANCE_DIR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "- SECRET_KEY is missing" in done.stderr
    assert "Traceback" not in done.stderr
