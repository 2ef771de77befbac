"""What pieces of a line come to: parts add up to the whole, in whatever steps they go."""

from hypothesis import given
from hypothesis import strategies as st

from storefront.core.money import split
from storefront.orders.services import amounts


@st.composite
def lines(draw):
    """A sold line with its discounts, never more than it cost, and the steps in which it goes back."""
    quantity = draw(st.integers(1, 60))
    total = quantity * draw(st.integers(1, 2_000_000))
    off = draw(st.integers(0, total))
    weights = draw(st.lists(st.integers(1, 9), max_size=3))
    discounts = [part for part in split(off, weights) if part] if weights else []
    steps, left = [], quantity
    while left:
        steps.append(draw(st.integers(1, left)))
        left -= steps[-1]
    return total, discounts, quantity, steps


@given(lines())
def test_no_rupiah_is_lost_or_given_twice(line):
    total, discounts, quantity, steps = line
    sold, paid, borne, earlier = 0, 0, [0] * len(discounts), 0
    for pieces in steps:
        span = (quantity, earlier, pieces)
        gross = amounts.gross(total, *span)
        net = amounts.net(total, discounts, *span)
        parts = amounts.shares(total, discounts, *span)
        assert gross == total // quantity * pieces
        assert net + sum(parts) == gross
        assert 0 <= net <= gross
        sold, paid, earlier = sold + gross, paid + net, earlier + pieces
        borne = [so_far + part for so_far, part in zip(borne, parts, strict=True)]
        assert all(0 <= so_far <= whole for so_far, whole in zip(borne, discounts, strict=True))
        assert paid == (total - sum(discounts)) * earlier // quantity
    assert (sold, paid, borne) == (total, total - sum(discounts), discounts)


def test_three_pieces_with_one_discount_that_does_not_divide():
    """100 rupiah off 3 × 1.000: 966, 967, 967."""
    steps = [amounts.net(3000, [100], 3, earlier, 1) for earlier in range(3)]
    assert steps == [966, 967, 967]
    assert [amounts.shares(3000, [100], 3, earlier, 1) for earlier in range(3)] == [[34], [33], [33]]
