"""Taxes that lie in a price: which rules there are, since when, by which law, and what they come to.

The only place that knows a rate. A seller's account says which rule is theirs from which day on
(facilities.models.MerchantAccount.tax); another rate is another rule here and another row there, so what
applied on a day can be counted again for ever.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TaxProfile(StrEnum):
    """What a seller's prices hold."""

    NONE = "none"
    PPN_EFFECTIVE_11 = "ppn_effective_11"


@dataclass(frozen=True)
class Rule:
    """A tax of `percent` of a base; the base is a fraction of the price without the tax."""

    percent: int
    numerator: int
    denominator: int
    since: date
    reference: str

    def tax(self, price: int) -> int:
        """What of a price, in whole rupiah, is tax: rounded once, halves up."""
        return _rounded(price * self.percent * self.numerator, self._whole)

    def base(self, price: int) -> int:
        """The base (DPP nilai lain) that the tax is counted from, rounded once from the price."""
        return _rounded(price * 100 * self.numerator, self._whole)

    @property
    def _whole(self) -> int:
        """A price in parts of which `percent × numerator` are the tax."""
        return 100 * self.denominator + self.percent * self.numerator


RULES: dict[TaxProfile, Rule] = {
    # 12 % of 11/12 of the price without tax: an effective 11 %, so 11/111 of a price that holds it.
    TaxProfile.PPN_EFFECTIVE_11: Rule(12, 11, 12, date(2025, 1, 1), "PMK 131/2024"),
}
"""Sellers below the turnover of a PKP (Rp4,8 billion a year) take none: `NONE` has no rule."""


@dataclass(frozen=True)
class Included:
    """A price and what lies in it, in rupiah: `selling + tax` is always the price."""

    price: int
    selling: int  # harga jual: the price without the tax
    base: int  # DPP nilai lain
    tax: int


def included(profile: TaxProfile, price: int) -> Included:
    """What of a price is tax. Raises ValueError for less than nothing."""
    if price < 0:
        raise ValueError("a price is not less than nothing")
    rule = RULES.get(profile)
    if rule is None:
        return Included(price, price, price, 0)
    tax = rule.tax(price)
    return Included(price, price - tax, rule.base(price), tax)


def given_back(profile: TaxProfile, price: int, earlier: int, amount: int) -> int:
    """What of `amount` that goes back of a price is tax, after `earlier` rupiah of it went back.

    Counted as what was in the price before less what is in it afterwards: in whatever steps a price goes
    back, its tax goes back once, to the rupiah.
    """
    return included(profile, price - earlier).tax - included(profile, price - earlier - amount).tax


def _rounded(parts: int, whole: int) -> int:
    return (2 * parts + whole) // (2 * whole)
