"""Which passwords are accepted, and how they are kept."""

from unicodedata import normalize

import argon2
import pytest

from storefront.accounts.services import passwords
from tests.support import hashes

GOOD = "meja biru kopi senja"
ABOUT = ("sari.dewi@contoh.go.id", "Sari Dewi", "Karya Banten")


@pytest.fixture(autouse=True)
def _as_dear_as_in_the_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", hashes.OWN)
    passwords._decoy.cache_clear()


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "tiga-Kuda-makan_41-semangka",
        "korek" * 3 + " jendela awan 7",
        "ゆきだるま 傘 りんご 自転車",
        "a1" + "Zq#" * 42,
    ],
)
def test_long_uncommon_passwords_are_accepted(password: str) -> None:
    assert passwords.problem_of(password, about=ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "Qx7#vP2!mK9",  # 11 characters
        "a" * 129,
        "meja biru\0kopi senja",
        "123456789012",
        "١٢٣٤٥٦٧٨٩٠١٢",
        "qwertyuiopas",
        "password1234",
        "rahasia12345",
        "lapastangerang1",
        "Lapas Kelas IIA",
        "petugas-kanwil-banten",
        "sari.dewi@contoh.go.id",
        "SariDewi2026!",
        "karyabanten2026",
        "😀😀😀😀😀😀😀😀😀😀😀😀",
        "x" * 300_000,
    ],
)
def test_short_common_and_local_passwords_are_refused_in_words(password: str) -> None:
    problem = passwords.problem_of(password, about=ABOUT)

    assert problem
    assert problem.startswith("Kata sandi")


def test_one_password_however_the_keyboard_composes_it() -> None:
    composed, decomposed = normalize("NFC", "café lampu hujan"), normalize("NFD", "café lampu hujan")
    assert composed != decomposed

    assert passwords.matches(passwords.hash_password(composed), decomposed)


def test_nothing_is_cut_off() -> None:
    stored = passwords.hash_password("a" * 127 + "b")

    assert passwords.matches(stored, "a" * 127 + "b")
    assert not passwords.matches(stored, "a" * 127 + "c")


@pytest.mark.parametrize("stored", [None, "", "plain text", "$2b$12$notargon"])
def test_no_password_matches_what_is_no_hash(stored: str | None) -> None:
    assert not passwords.matches(stored, GOOD)
    assert not passwords.matches(stored, "nobody")
    assert not passwords.matches(stored, "")


def test_guessing_costs_what_owasp_asks_for() -> None:
    assert "$m=19456,t=2,p=1$" in passwords.hash_password(GOOD)


def test_hashes_are_argon2id_salted_and_older_ones_are_noticed() -> None:
    first, second = passwords.hash_password(GOOD), passwords.hash_password(GOOD)

    assert first.startswith("$argon2id$")
    assert first != second
    assert not passwords.is_outdated(first)
    assert passwords.is_outdated(argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD))
