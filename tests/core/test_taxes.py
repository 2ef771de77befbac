"""The tax in a price: by the law's own figures, to the rupiah, in whatever parts it goes back."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.taxes import RULES, TaxProfile, given_back, included

PPN = TaxProfile.PPN_EFFECTIVE_11
PRICES = st.integers(0, 10**11)


def test_the_example_of_the_law() -> None:
    one = included(PPN, 111_000)
    assert (one.selling, one.base, one.tax) == (100_000, 91_667, 11_000)
    assert included(PPN, 1_110_000).base * 12 // 100 == 110_000
    assert RULES[PPN].reference == "PMK 131/2024"


def test_who_takes_no_tax_has_none() -> None:
    one = included(TaxProfile.NONE, 186_001)
    assert (one.selling, one.tax) == (186_001, 0)
    assert given_back(TaxProfile.NONE, 186_001, 0, 186_001) == 0
    assert set(RULES) == set(TaxProfile) - {TaxProfile.NONE}


def test_less_than_nothing_is_no_price() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        included(PPN, -1)


@given(price=PRICES)
def test_price_tax_and_base_fit_together(price: int) -> None:
    one = included(PPN, price)
    assert one.selling + one.tax == price
    assert abs(one.tax - Fraction(price * 11, 111)) <= Fraction(1, 2), "rounded once"
    assert abs(one.base - Fraction(price * 100 * 11, 111 * 12)) <= Fraction(1, 2)
    assert abs(one.tax - Fraction(one.base * 12, 100)) < 1, "twelve per cent of the base"


@given(price=PRICES, cuts=st.lists(st.integers(0, 1000), max_size=8))
def test_what_goes_back_in_parts_takes_all_of_the_tax_with_it_once(price: int, cuts: list[int]) -> None:
    earlier, back = 0, 0
    for cut in [*cuts, 1000]:
        amount = (price - earlier) * cut // 1000
        piece = given_back(PPN, price, earlier, amount)
        assert 0 <= piece <= amount
        earlier, back = earlier + amount, back + piece
        assert back + included(PPN, price - earlier).tax == included(PPN, price).tax
    assert (earlier, back) == (price, included(PPN, price).tax)
