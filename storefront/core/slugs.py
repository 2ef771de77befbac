"""Readable addresses: the words of a name, and the first form of it that nobody has."""

from collections.abc import Collection

from storefront.core.words import tokens


def slug_of(name: str, longest: int, otherwise: str) -> str:
    """'Tas Rajut “Baduy”' -> 'tas-rajut-baduy', at most `longest` letters; else `otherwise`."""
    return "-".join(word for word in tokens(name) if word.isascii())[:longest].strip("-") or otherwise


def first_free(base: str, taken: Collection[str], longest: int) -> str:
    """The base itself, or the first of base-2, base-3, … that nobody has; never longer than `longest`."""
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        tail = f"-{number}"
        candidate = base[: longest - len(tail)].rstrip("-") + tail
    return candidate
