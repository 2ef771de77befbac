"""Whole rupiah in an int: shown, read and divided in one place."""

import re
from collections.abc import Sequence

from storefront.core.language import _

MAX_RUPIAH = 1_000_000_000_000
"""No single amount of this shop is larger; a guard against slips of the keyboard."""

_PREFIX = re.compile(r"^(rp|idr)\.?\s*", re.IGNORECASE)
_ZERO_TAIL = re.compile(r"[.,](-+|0{1,2})$")
_PLAIN = re.compile(r"[0-9]{1,15}")
_GROUPED = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(\1[0-9]{3})*")


def rupiah(amount: int) -> str:
    """Write an amount the Indonesian way: 186000 -> 'Rp186.000', -500 -> '-Rp500'."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")


def parse_rupiah(text: str) -> int:
    """Read what Indonesians type: 'Rp 1.250.000', '75.000,-', '150000' (ASCII digits only).

    Raises ValueError (with words for the person) on fractions of a rupiah, signs and anything else.
    """
    cleaned = _PREFIX.sub("", text.strip().replace("\u00a0", " ")).replace(" ", "")
    if _PLAIN.fullmatch(cleaned) or _GROUPED.fullmatch(cleaned):
        digits = re.sub("[.,]", "", cleaned)
    else:
        stem = _ZERO_TAIL.sub("", cleaned)
        separators = re.sub("[0-9]", "", cleaned[: len(stem) + 1])
        # '1.250.00' lacks a zero of '1.250.000' more likely than it means 1.250 with cents.
        slip = cleaned.endswith("0") and len(separators) > 1 and len(set(separators)) == 1
        if slip or not (_PLAIN.fullmatch(stem) or _GROUPED.fullmatch(stem)):
            raise ValueError(_("Tulis jumlah dalam rupiah bulat, misalnya 125.000."))
        digits = re.sub("[.,]", "", stem)
    amount = int(digits)
    if amount > MAX_RUPIAH:
        raise ValueError(_("Jumlah ini terlalu besar."))
    return amount


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount by weights so that the parts always add up (largest remainder).

    Ties go to the earlier part. Negative amounts mirror positive ones. Raises ValueError when
    the weights are empty, negative or all zero.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    if amount < 0:
        return [-part for part in split(-amount, weights)]
    parts = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts
