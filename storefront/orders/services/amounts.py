"""What pieces of a sold line come to after discounts, so that parts always add up to the whole.

Everything is counted from the first piece on: what k of n pieces come to is rounded once, and what some
pieces more come to is the difference. So no rupiah is lost or given twice, in whatever steps they go.
"""

from collections.abc import Sequence


def gross(total: int, quantity: int, earlier: int, pieces: int) -> int:
    """What `pieces` of a line of `quantity` were sold for, in rupiah, after `earlier` ones."""
    return _part(total, quantity, earlier + pieces) - _part(total, quantity, earlier)


def net(total: int, discounts: Sequence[int], quantity: int, earlier: int, pieces: int) -> int:
    """What a buyer paid for `pieces` of a line after `earlier` ones: less what promotions took off."""
    return gross(total - sum(discounts), quantity, earlier, pieces)


def shares(total: int, discounts: Sequence[int], quantity: int, earlier: int, pieces: int) -> list[int]:
    """How much of each discount fell on these pieces; with `net` it comes to `gross`, to the rupiah."""
    before = _shares(total, discounts, quantity, earlier)
    after = _shares(total, discounts, quantity, earlier + pieces)
    return [late - early for late, early in zip(after, before, strict=True)]


def _part(amount: int, quantity: int, pieces: int) -> int:
    return amount * pieces // quantity


def _shares(total: int, discounts: Sequence[int], quantity: int, pieces: int) -> list[int]:
    """Of the first pieces: what is left of the line as each discount comes off, one after the other."""
    found, left, standing = [], total, _part(total, quantity, pieces)
    for discount in discounts:
        left -= discount
        now = _part(left, quantity, pieces)
        found.append(standing - now)
        standing = now
    return found
