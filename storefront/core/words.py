"""Words as people type them: folded, stemmed, and mended when a letter slipped.

The only file that knows the stemmer and the fuzzy matcher. Index and query go through the same
functions, so a stem need not be pretty; it only must be the same for one family of words and
different for two.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

STOP_WORDS = frozenset(
    {"dan", "di", "ke", "dari", "untuk", "yang", "dengan", "atau", "ini", "itu", "pada", "para", "the", "of"}
)

IRREGULAR = {
    # Two goods that the stemmer takes for one: a shirt and a table, a basket and a bed, ...
    "kemeja": "kemeja",
    "keranjang": "keranjang",
    "kelapa": "kelapa",
    "kerudung": "kerudung",
    "keripik": "keripik",
    "kripik": "keripik",
    "masakan": "masak",
    # Prefixes that swallowed the first letter of their word: men+tenun, mem+pahat, mem+minum, ...
    "menenun": "tenun",
    "penenun": "tenun",
    "memasak": "masak",
    "meminum": "minum",
    "memahat": "pahat",
    "pemahat": "pahat",
    "memotong": "potong",
    "memesan": "pesan",
    # Too short or too long for its rules.
    "perajut": "rajut",
    "perajin": "rajin",
    "pesanan": "pesan",
    "ulekan": "ulek",
    "suvenir": "souvenir",
    "sendal": "sandal",
    "jilbab": "kerudung",
    "hijab": "kerudung",
}
"""What Snowball's Indonesian rules get wrong among the words of this shop (and plain spelling twins)."""

_APOSTROPHES = re.compile("['\u2018\u2019\u02bb\u02bc`]")
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]")

_stemmer = snowballstemmer.stemmer("indonesian")
_stemmer_lock = Lock()  # the stemmer keeps the word it works on in itself


def normalise(text: str) -> str:
    """Fold case, accents and punctuation: "Ma'u, Café-Kopi" -> 'mau cafe kopi'."""
    return " ".join(tokens(text))


def tokens(text: str) -> list[str]:
    """The words of a text, folded: letters and digits only, in order."""
    text = _APOSTROPHES.sub("", text)
    if text.isascii():  # nearly always, and four times as fast
        return _WORD.findall(text.lower())
    folded = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall(_MARKS.sub("", folded))


def stems(text: str) -> str:
    """The stems of a text's words, in order, for the search index and for queries alike.

    Stop words fall out, and of a doubled word ('manik-manik') one half.
    """
    found: list[str] = []
    for token in tokens(text):
        if token not in STOP_WORDS:
            stem = stem_of(token)
            if not found or found[-1] != stem:
                found.append(stem)
    return " ".join(found)


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """The stem of one folded word: 'merajut' -> 'rajut', 'tasnya' -> 'tas'."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("nya") and len(word) > 5:
        word = word.removesuffix("nya")
    if word in IRREGULAR:
        return IRREGULAR[word]
    with _stemmer_lock:
        return str(_stemmer.stemWord(word))


def suggest(word: str, vocabulary: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None: for a word with a slip of the finger.

    One slip (a letter missing, added, wrong, or two swapped) in four or five letters, two in more;
    shorter words are left alone. On a tie the more similar beginning wins, then the earlier word of
    the vocabulary, so give the common ones first.
    """
    slips = allowed_slips(word)
    if not slips:
        return None
    close = process.extract(word, list(vocabulary), scorer=OSA.distance, score_cutoff=slips, limit=8)
    if not close:
        return None
    least = close[0][1]
    best = max(
        (choice for choice in close if choice[1] == least),
        key=lambda choice: (JaroWinkler.similarity(word, choice[0]), -choice[2]),
    )
    return best[0] if best[0] != word else None


def allowed_slips(word: str) -> int:
    """How many letters of a word may be wrong before it is another word."""
    if len(word) < 4 or word.isdigit():
        return 0
    return 1 if len(word) < 6 else 2
