"""How money fits its order: what pays for it, what was too much and goes back, what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storefront.payments.models import Case, CaseKind

KEPT = 999
"""Rupiah, the largest unique code: so little above what was asked stays in the ledger's `rounding`; nobody
is asked for a bank account because of it."""

ACCEPTABLE = {CaseKind.LATE, CaseKind.UNDERPAID, CaseKind.OVERPAID}
"""Money of these can pay for its order after all."""


@dataclass(frozen=True)
class Fit:
    """What came in for an order, in rupiah: `surplus` of it goes back, `missing` is what it lacks."""

    received: int
    surplus: int
    missing: int

    @property
    def used(self) -> int:
        """What pays for the order."""
        return self.received - self.surplus


def fit(total: int, received: Sequence[int], asked: Iterable[int | None] = ()) -> Fit:
    """Hold payments, together, against an order's total. `asked` is what their attempts asked for.

    What was asked (the total, and perhaps a unique code) is the order's; what lies above it goes back,
    when it is more than KEPT. The same for one payment and for several.
    """
    came = sum(received)
    over = came - max(total, *(sum_ for sum_ in asked if sum_), 0)
    return Fit(came, over if over > KEPT else 0, max(0, total - came))


def fit_of(total: int, cases: Sequence[Case]) -> Fit:
    """The same for the payments of cases."""
    payments = [case.payment for case in cases if case.payment is not None]
    return fit(total, [payment.amount for payment in payments], [case.expected for case in cases])


def shared_out(amount: int, left: Sequence[int]) -> list[int]:
    """How much of an amount goes back from each payment that has so much left: from the first on.

    Rupiah. What is more than all of them have goes nowhere.
    """
    parts = []
    for has in left:
        part = min(amount, max(0, has))
        parts.append(part)
        amount -= part
    return parts
