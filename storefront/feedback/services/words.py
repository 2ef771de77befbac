"""What a moderator should look at twice (nothing is dropped for it: a person decides), and their reasons."""

import re
from enum import StrEnum

from storefront.core.errors import Invalid
from storefront.core.language import _

MAX_REASON = 300


class Concern(StrEnum):
    """Why a text needs a second look."""

    DIGNITY = "dignity"
    CONTACT = "contact"
    LINK = "link"


_DIGNITY = re.compile(
    r"\b(?:napi|narapidana|bandit|maling|penjahat|kriminal\w*|koruptor|pembunuh\w*|pencuri|perampok|teroris|"
    r"bandar|pengedar|residivis|tahanan|penjara|sel|criminals?|convicts?|inmates?|thie(?:f|ves)|murderers?)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"https?://|\bwww\.|\b[\w-]+\.(?:com|id|net|org|me|co|info|xyz|shop|link|ly)\b", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_HANDLE = re.compile(r"(?<!\w)@\w{3,}|\b(?:wa|whatsapp|telegram|instagram|ig|line|tiktok)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\+?\d[\s().-]?){9,}")


def concerns(text: str) -> list[Concern]:
    """The concerns that a text raises, in a fixed order: words against dignity, ways to contact, links."""
    found = []
    if _DIGNITY.search(text):
        found.append(Concern.DIGNITY)
    if _EMAIL.search(text) or _HANDLE.search(text) or _NUMBER.search(text):
        found.append(Concern.CONTACT)
    if _LINK.search(_EMAIL.sub(" ", text)):
        found.append(Concern.LINK)
    return found


def reason_given(text: str) -> str:
    """Why something is kept back, as it is stored. Raises Invalid without a reason, or for a long one."""
    reason = text.strip()
    if not reason:
        raise Invalid({"reason": _("Tulis alasannya.")})
    if len(reason) > MAX_REASON:
        raise Invalid({"reason": _("Paling panjang %(n)s huruf.", n=MAX_REASON)})
    return reason
