"""The arithmetic of promotions: explained cases, and what holds for every basket there can be."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.promotions.models import PromotionKind
from storefront.promotions.queries import Basket, Delivery, Goods, Offer, Reckoning, reckon

BAG, MAT, CHAIR = 1, 2, 3


def goods(*totals: int, facility_id: int = 7) -> tuple[Goods, ...]:
    """Lines of one piece each, of products 1, 2, …"""
    return tuple(Goods(key, key, facility_id, 1, total) for key, total in enumerate(totals, start=1))


def offer(number: int = 1, kind: str = "percent", value: int = 10, **fields: Any) -> Offer:
    return Offer(
        id=number, name=f"Promosi {number}", kind=PromotionKind(kind), value=value, **({"code": ""} | fields)
    )


def taken(found: Reckoning) -> dict[int, dict[int, int]]:
    """What each offer took off each line."""
    return {share.offer.id: dict(share.lines) for share in found.shares if share.lines}


def test_a_percentage_is_shared_out_so_that_no_rupiah_is_lost():
    found = reckon(Basket(goods(333, 333, 334)), [offer(value=10)])
    assert found.discount == 100
    assert taken(found) == {1: {1: 33, 2: 33, 3: 34}}


def test_fractions_of_a_rupiah_stay_with_the_shop():
    assert reckon(Basket(goods(999)), [offer(value=10)]).discount == 99


def test_an_amount_is_never_more_than_the_goods():
    found = reckon(Basket(goods(6_000, 4_000)), [offer(kind="amount", value=25_000)])
    assert found.discount == 10_000
    assert taken(found) == {1: {1: 6_000, 2: 4_000}}


def test_a_maximum_holds_and_is_shared_out():
    found = reckon(Basket(goods(100_000, 300_000)), [offer(value=50, maximum=10_000)])
    assert taken(found) == {1: {1: 2_500, 2: 7_500}}


def test_each_line_takes_the_one_automatic_offer_that_is_best_for_it():
    everything, bags = offer(1, value=10), offer(2, value=20, products=frozenset({BAG}))
    assert taken(reckon(Basket(goods(50_000, 80_000)), [everything, bags])) == {1: {2: 8_000}, 2: {1: 10_000}}


def test_of_equal_offers_the_older_counts():
    assert taken(reckon(Basket(goods(1000)), [offer(2), offer(1)])) == {1: {1: 100}}


def test_a_code_comes_on_top_and_counts_from_what_is_left():
    found = reckon(
        Basket(goods(100_000), code="HEMAT"), [offer(1, value=10), offer(2, value=10, code="HEMAT")]
    )
    assert taken(found) == {1: {1: 10_000}, 2: {1: 9_000}}
    assert found.code_counts


def test_two_full_discounts_leave_nothing_but_never_less():
    found = reckon(Basket(goods(100_000), code="X"), [offer(1, value=100), offer(2, value=100, code="X")])
    assert found.discount == 100_000
    assert not found.code_counts  # nothing was left for it


def test_a_minimum_is_measured_on_the_shelf_price_of_what_counts():
    bags = offer(minimum=60_000, products=frozenset({BAG}))
    found = reckon(Basket(goods(50_000, 90_000)), [bags])
    assert found.discount == 0
    assert [(near.rupiah, near.pieces) for near in found.near] == [(10_000, 0)]
    assert reckon(Basket(goods(60_000, 1)), [bags]).discount == 6_000


def test_one_offer_never_spoils_the_minimum_of_another():
    half, code = offer(1, value=50), offer(2, value=10, code="X", minimum=100_000)
    assert reckon(Basket(goods(100_000), code="X"), [half, code]).discount == 55_000


def test_a_bundle_counts_pieces():
    three = offer(kind="bundle", value=20, pieces=3)
    two_bags = (Goods(1, BAG, 7, 2, 20_000),)
    found = reckon(Basket(two_bags), [three])
    assert (found.discount, found.near[0].pieces) == (0, 1)
    assert reckon(Basket((Goods(1, BAG, 7, 3, 30_000),)), [three]).discount == 6_000


def test_a_facility_gives_nothing_off_the_goods_of_another():
    mixed = (Goods(1, BAG, 7, 1, 10_000), Goods(2, MAT, 8, 1, 90_000))
    assert taken(reckon(Basket(mixed), [offer(makers=frozenset({8}))])) == {1: {2: 9_000}}


def test_free_delivery_is_taken_off_the_parcels_that_hold_such_goods():
    mixed = (Goods(1, BAG, 7, 1, 10_000), Goods(2, MAT, 8, 1, 90_000))
    sent = (Delivery(7, 12_000), Delivery(8, 20_000))
    free = offer(kind="free_shipping", value=0, products=frozenset({MAT}))
    found = reckon(Basket(mixed, sent, is_priced=True), [free])
    assert (found.goods, found.shipping, dict(found.shares[0].parcels)) == (0, 20_000, {8: 20_000})


def test_free_delivery_up_to_a_limit_over_two_parcels():
    mixed = (Goods(1, BAG, 7, 1, 10_000), Goods(2, MAT, 8, 1, 90_000))
    sent = (Delivery(7, 10_000), Delivery(8, 20_000))
    found = reckon(
        Basket(mixed, sent, is_priced=True), [offer(kind="free_shipping", value=0, maximum=15_000)]
    )
    assert dict(found.shares[0].parcels) == {7: 5_000, 8: 10_000}


def test_free_delivery_waits_until_its_price_is_known():
    free = offer(kind="free_shipping", value=0)
    assert reckon(Basket(goods(1000)), [free]).waiting == (free,)
    assert reckon(Basket(goods(1000), is_priced=True), [free]).waiting == ()


def test_what_is_refused_is_neither_given_nor_praised():
    found = reckon(Basket(goods(1000), code="X"), [offer(code="X", refused="Kuotanya sudah habis.")])
    assert (found.discount, found.near, found.code_counts) == (0, (), False)


LINES = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 5), st.integers(1, 10**7)), max_size=6
)
KINDS = st.one_of(
    st.tuples(st.sampled_from(["percent", "bundle"]), st.integers(1, 100)),
    st.tuples(st.just("amount"), st.integers(1, 10**8)),
    st.tuples(st.just("free_shipping"), st.just(0)),
)
TERMS = st.fixed_dictionaries(
    {
        "kind": KINDS,
        "minimum": st.integers(0, 10**6),
        "maximum": st.none() | st.integers(1, 10**6),
        "products": st.none() | st.frozensets(st.integers(1, 4)),
        "makers": st.none() | st.frozensets(st.integers(1, 3), min_size=1),
    }
)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Basket, list[Offer]]:
    """A basket and offers, one of them perhaps with the basket's code."""
    lines = tuple(
        Goods(key, product, facility, pieces, total)
        for key, (product, facility, pieces, total) in enumerate(draw(LINES))
    )
    makers = sorted({line.facility_id for line in lines})
    sent = tuple(Delivery(maker, draw(st.integers(0, 10**6))) for maker in makers if draw(st.booleans()))
    offers = []
    for number, fields in enumerate(draw(st.lists(TERMS, max_size=5)), start=1):
        (kind, value), rest = fields["kind"], {k: v for k, v in fields.items() if k != "kind"}
        pieces = draw(st.integers(2, 6)) if kind == "bundle" else 0
        code = "KODE" if number == 1 and draw(st.booleans()) else ""
        offers.append(offer(number, kind, value, pieces=pieces, code=code, **rest))
    return Basket(lines, sent, is_priced=draw(st.booleans()), code="KODE"), offers


@settings(max_examples=400, deadline=None)
@given(situations())
def test_nothing_costs_less_than_nothing_and_everything_adds_up(situation):
    basket, offers = situation
    found = reckon(basket, offers)
    for line in basket.goods:
        assert 0 <= sum(share.lines.get(line.key, 0) for share in found.shares) <= line.total
    for parcel in basket.deliveries:
        assert 0 <= sum(share.parcels.get(parcel.facility_id, 0) for share in found.shares) <= parcel.cost
    assert found.discount == sum(share.amount for share in found.shares) == found.goods + found.shipping
    assert all(
        amount > 0 for share in found.shares for amount in (*share.lines.values(), *share.parcels.values())
    )
    assert all(share.amount <= (share.offer.maximum or share.amount) for share in found.shares)
    assert len({share.offer.id for share in found.shares}) == len(found.shares)
    known = {line.key: line for line in basket.goods}
    assert all(share.offer.covers(known[key]) for share in found.shares for key in share.lines)


@settings(max_examples=200, deadline=None)
@given(situations())
def test_the_best_for_each_line_is_at_least_as_good_as_any_single_offer(situation):
    basket, offers = situation
    automatic = [one for one in offers if not one.code]
    together = reckon(basket, automatic).discount
    assert all(reckon(basket, [one]).discount <= together for one in automatic)


@settings(max_examples=200, deadline=None)
@given(situations())
def test_the_order_in_which_offers_are_found_changes_nothing(situation):
    basket, offers = situation
    assert reckon(basket, offers) == reckon(basket, offers[::-1])
