"""Indonesian telephone numbers: stored as E.164, shown in groups, masked in lists."""

import re
from urllib.parse import quote

from storefront.core.language import _

_SEPARATORS = re.compile(r"[\s().\-\u00a0\u2010-\u2015]")
_MOBILE = re.compile(r"8[0-9]{8,11}")


def parse_phone(text: str) -> str:
    """Read '0812…', '+62812…', '62812…' or '812…' as '+62812…'.

    Raises ValueError with words for the person. Mobile numbers only: the shop writes by WhatsApp.
    """
    digits = _SEPARATORS.sub("", text)
    for prefix in ("+62", "62", "0"):
        if digits.startswith(prefix):
            digits = digits.removeprefix(prefix).removeprefix("0")
            break
    if not _MOBILE.fullmatch(digits) or not digits.isascii():
        raise ValueError(_("Tulis nomor WhatsApp yang benar, misalnya 0812 3456 7890."))
    return f"+62{digits}"


def show_phone(number: str) -> str:
    """'+6281234567890' -> '0812-3456-7890'."""
    local = "0" + number.removeprefix("+62")
    return "-".join(filter(None, (local[:4], local[4:8], local[8:])))


def mask_phone(number: str) -> str:
    """'+6281234567890' -> '0812-****-7890': for lists and logs."""
    local = "0" + number.removeprefix("+62")
    return f"{local[:4]}-****-{local[-4:]}"


def whatsapp_link(number: str, text: str = "") -> str:
    """A link that opens a chat with the number, the text already typed."""
    link = f"https://wa.me/{number.removeprefix('+')}"
    return f"{link}?text={quote(text)}" if text else link
