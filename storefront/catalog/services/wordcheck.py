"""What may stand in the texts of a product: no crimes, no persons, no way around the shop.

One service for the editor, staged changes and the import. A refusal keeps a text from being stored; a
warning lets it pass and asks a person to look twice. The office's rules (`WordRule`) go before our list.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from storefront.catalog.models import WordRule, WordVerdict
from storefront.core.db import db
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.words import tokens

TEXTS = ("title", "summary", "description", "materials", "care", "size_note", "technique", "personalisation")
"""The fields that are read by buyers."""

REFUSED = {
    "napi", "narapidana", "terpidana", "residivis", "koruptor", "korupsi", "pembunuh", "pembunuhan",
    "pencuri", "pencurian", "perampok", "perampokan", "pemerkosa", "pemerkosaan", "pencabulan", "narkoba",
    "narkotika", "pengedar", "teroris", "terorisme", "begal", "penjahat", "kejahatan", "vonis", "inmate",
    "inmates", "convict", "convicts", "prisoner", "prisoners", "criminal", "criminals", "murderer",
    "murderers", "thief", "thieves",
}  # fmt: skip
"""Words that name a person by the past (docs: dignity before all)."""
WARNED = {
    "tahanan", "penjara", "bui", "sel", "maling", "kriminal", "bandar", "bandit", "penipu", "penipuan",
    "jail", "prison",
}  # fmt: skip
"""Words that mean that too, and innocent things as well ('wadah tahanan air')."""

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_LINK = re.compile(
    r"https?://|\bwww\.|\b[\w-]{2,}\.(?:com|id|net|org|me|co|info|xyz|shop|link|ly|store)\b", re.IGNORECASE
)
_HANDLE = re.compile(r"(?<![\w.])@\w[\w.]{2,}")
_PHONE = re.compile(r"(?<![\d.,])(?:\+?62|0)(?:[\s().-]{0,2}\d){8,13}(?!\d)")
_ELSEWHERE = re.compile(
    r"\b(?:wa|whatsapp|telegram|instagram|ig|tiktok|facebook|shopee|tokopedia|lazada)\b", re.IGNORECASE
)
_DESCENT = re.compile(r"\b[A-Z][a-z]+ (?:bin|binti) [A-Z][a-z]+|\b[Ii]nisial\s+[A-Z]{1,3}\b")
_PERSON = re.compile(
    r"\b(?:Pak|Bu|Bapak|Ibu|Mas|Mbak|Bang|Kang|Sdr\.?|Tn\.?|Ny\.?)\s+(?!Kota\b|Pertiwi\b|Jari\b)[A-Z][a-z]{2,}"
    r"|\b(?:[Kk]arya|[Bb]uatan|[Oo]leh)\s+(?!Lapas\b|Rutan\b|LPKA\b|Lembaga\b|Seni\b)[A-Z][a-z]{2,}\s+[A-Z][a-z]{2,}"
)
_SHORT_TITLE = 8
_SHORT_SUMMARY = 20


Rules = Mapping[tuple[str, ...], WordVerdict]


class Found(NamedTuple):
    """What was found, by field: words to say beside it. A field may have one of each."""

    refusals: dict[str, str]
    warnings: dict[str, str]


def check_words(texts: Mapping[str, object], rules: Rules | None = None) -> Found:
    """Look at the texts of a product by field; what is not one of TEXTS, or no text, is left alone.

    `rules`: the office's, from `office_rules`, where many products are looked at.
    """
    mine = {name: text for name in TEXTS if isinstance(text := texts.get(name), str) and text.strip()}
    if not mine:
        return Found({}, {})
    rules = office_rules() if rules is None else rules
    refusals, warnings = {}, {}
    for name, text in mine.items():
        words = _without_allowed(tokens(text), rules)
        if message := _contact(text) or _forbidden(words, rules) or _named(text):
            refusals[name] = message
        if message := _doubtful(text, words, rules) or _shape(name, text):
            warnings[name] = message
    return Found(refusals, warnings)


def texts_of(written: object) -> dict[str, object]:
    """The texts of a product, as it is or as its facility last wrote it, by field."""
    return {name: getattr(written, name) for name in TEXTS}


def refuse_words(texts: Mapping[str, object]) -> None:
    """Raise Invalid for texts that may not be stored today: older ones were stored before the check."""
    if refusals := check_words(texts).refusals:
        raise Invalid(refusals)


def warnings(texts: Mapping[str, object]) -> dict[str, str]:
    """Only what should be looked at twice, by field."""
    return check_words(texts).warnings


def office_rules() -> Rules:
    """What the office says of words and phrases."""
    rows = db.session.execute(select(WordRule.word, WordRule.verdict)).all()
    return {tuple(word.split()): verdict for word, verdict in rows}


def _without_allowed(words: list[str], rules: Rules) -> list[str]:
    """The words without those that the office lets pass; a gap keeps neighbours apart."""
    allowed = [phrase for phrase, verdict in rules.items() if verdict is WordVerdict.ALLOWED]
    left = list(words)
    for phrase in sorted(allowed, key=len, reverse=True):
        for place in _places(left, phrase):
            left[place : place + len(phrase)] = [""] * len(phrase)
    return left


def _places(words: list[str], phrase: tuple[str, ...]) -> list[int]:
    size = len(phrase)
    return [n for n in range(len(words) - size + 1) if tuple(words[n : n + size]) == phrase]


def _listed(words: list[str], own: set[str], rules: Rules, verdict: WordVerdict) -> str | None:
    """The first word with this verdict: the office's rules, then the shop's own list."""
    for phrase, said in rules.items():
        if said is verdict and _places(words, phrase):
            return " ".join(phrase)
    decided = {phrase[0] for phrase in rules if len(phrase) == 1}
    return next((word for word in words if _base(word) in own and _base(word) not in decided), None)


def _base(word: str) -> str:
    return word.removesuffix("nya") if len(word) > 5 else word


def _forbidden(words: list[str], rules: Rules) -> str | None:
    word = _listed(words, REFUSED, rules, WordVerdict.REFUSED)
    if word is None:
        return None
    return _(
        "Ada kata “%(word)s”. Ceritakan barangnya, bukan masa lalu pembuatnya (“warga binaan”).",
        word=word,
    )


def _contact(text: str) -> str | None:
    for pattern, words in (
        (_MAIL, _("alamat e-mail")),
        (_LINK, _("tautan")),
        (_HANDLE, _("nama akun")),
        (_PHONE, _("nomor telepon")),
    ):
        if found := pattern.search(text):
            return _(
                "Ada %(what)s (%(found)s). Hapus: pembeli bertanya dan membayar lewat toko ini.",
                what=words,
                found=found[0].strip()[:40],
            )
    return None


def _named(text: str) -> str | None:
    if found := _DESCENT.search(text):
        return _("“%(found)s” menunjuk seseorang. Nama pembuat tidak pernah ditulis.", found=found[0])
    return None


def _doubtful(text: str, words: list[str], rules: Rules) -> str | None:
    if found := _PERSON.search(text):
        return _("“%(found)s” seperti nama orang. Pastikan bukan nama pembuatnya.", found=found[0])
    if word := _listed(words, WARNED, rules, WordVerdict.WARNED):
        return _("Kata “%(word)s” akan dilihat dua kali oleh Kanwil. Apakah perlu?", word=word)
    if found := _ELSEWHERE.search(text):
        return _("“%(found)s” membawa pembeli keluar dari toko ini. Apakah perlu?", found=found[0])
    return None


def _shape(name: str, text: str) -> str | None:
    if name == "title":
        if len(text) < _SHORT_TITLE or len(text.split()) < 2:
            return _("Nama yang jelas menyebut benda dan bahannya, misalnya “Tas anyam pandan”.")
        if text.isupper():
            return _("HURUF BESAR SEMUA sulit dibaca. Tulis seperti kalimat biasa.")
        if re.search(r"\bRp\s?\d|\d{2,3}\s?(?:rb|ribu)\b", text, re.IGNORECASE):
            return _("Harga punya tempatnya sendiri; nama produk tidak menyebutnya.")
    if name == "summary" and len(text) < _SHORT_SUMMARY:
        return _("Satu kalimat utuh lebih membantu: apa ini, dari bahan apa, istimewanya apa.")
    return None
