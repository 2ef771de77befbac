"""What a moderator should look at twice. Nothing is dropped for it: a person decides."""

import re
from enum import StrEnum


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
