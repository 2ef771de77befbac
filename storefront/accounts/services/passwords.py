"""Passwords: what is accepted, and how they are kept. Only here are argon2 and zxcvbn known."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storefront.core.language import _

SHORTEST = 12
LONGEST = 128
WEAKEST_SCORE = 3  # of zxcvbn's 0 to 4: more than 10^8 guesses
SCORED = 72  # zxcvbn's time grows with the square of the length
CONTEXT_WORDS = re.findall(
    "[a-z]+",
    "lapas,rutan,lpka,kelas,kanwil,ditjenpas,pemasyarakatan,giatja,petugas,warga,binaan,karya,toko,banten,"
    "tangerang,serang,cilegon,lebak,rangkasbitung,pandeglang,ciangir,jambe,pemprov,dekranasda,kata,sandi",
)
"""Words that everybody here thinks of first; they count for nothing in a password."""

# OWASP's parameters for argon2id: strong, and small enough that a crowd signing in fits in memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def problem_of(password: str, *, about: Iterable[str] = ()) -> str | None:
    """Say in words why a password is refused, or None when it is good.

    `about` are texts that others know of the person or the shop: e-mail, name, facility.
    """
    if "\0" in password:
        return _("Kata sandi memuat karakter yang tidak dapat dipakai.")
    password = _same_everywhere(password)
    if len(password) < SHORTEST:
        return _(
            "Kata sandi paling sedikit %(n)s karakter. Kalimat pendek yang mudah diingat paling baik.",
            n=SHORTEST,
        )
    if len(password) > LONGEST:
        return _("Kata sandi paling banyak %(n)s karakter.", n=LONGEST)
    if _score(password, about) < WEAKEST_SCORE:
        return _(
            "Kata sandi ini terlalu mudah ditebak. Gabungkan beberapa kata yang tidak berkaitan, "
            "tanpa nama, e-mail, atau nama Lapas."
        )
    return None


def hash_password(password: str) -> str:
    """What the database keeps of a password. Takes some 20 ms: never inside a transaction."""
    return _hasher.hash(_same_everywhere(password))


def matches(stored: str | None, password: str) -> bool:
    """Does the password belong to the stored hash? Takes the same time without a stored hash."""
    decoy = _decoy()  # asked for in any case, so that the first unknown e-mail is no slower
    guessed = stored or decoy
    if len(password) > LONGEST * 4:  # not worth hashing, and not worth a quick answer either
        guessed, password = decoy, ""
    try:
        _hasher.verify(guessed, _same_everywhere(password))
    except (VerificationError, InvalidHashError):
        return False
    return guessed == stored


def is_outdated(stored: str) -> bool:
    """Was the hash made with older parameters, so that it should be made again?"""
    return _hasher.check_needs_rehash(stored)


def _same_everywhere(password: str) -> str:
    """One password, however the keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password)


@cache
def _decoy() -> str:
    """A hash that nobody has the password of: an unknown e-mail costs as much time as a known one."""
    return _hasher.hash("nobody")


def _score(password: str, about: Iterable[str]) -> int:
    """zxcvbn's score of what is left of a password without the words that belong here."""
    from zxcvbn import zxcvbn  # its dictionaries take a third of a second to load

    words = {word for text in about for word in re.split(r"[\W_]+", text.lower()) if len(word) > 2}
    known = sorted(words.union(CONTEXT_WORDS), key=len, reverse=True)
    left = re.sub("|".join(map(re.escape, known)), "", password.lower())
    return min(int(zxcvbn(text[:SCORED], user_inputs=known)["score"]) for text in (password, left or "-"))
