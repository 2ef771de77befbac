"""What may stand in a log: everything but who it is about."""

import re

_EMAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]*@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})")
_PHONE = re.compile(r"(?<![\w.])(?:\+62|62|0)[ -]?8\d{1,2}[ -]?\d{2,4}[ -]?(\d{4,5})(?![\w])")


def mask_contacts(text: str) -> str:
    """The text with e-mail addresses and mobile numbers made unreadable.

    'sari@contoh.id' -> 's***@contoh.id' (whose mail server is asked stays visible), '+6281234567890'
    and '0812-3456-7890' -> '08**-****-7890'.
    """
    text = _EMAIL.sub(r"\1***@\2", text)
    return _PHONE.sub(lambda found: f"08**-****-{found[1][-4:]}", text)


def hide_contacts(text: str) -> str:
    """The text without e-mail addresses and mobile numbers: for readers who must not have them."""
    return _PHONE.sub("•••", _EMAIL.sub("•••", text))
