"""Which box goods travel in: the smallest that holds them, and what a courier is told then."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from storefront.core.boxes import Box, Goods, box_for, packed

side = st.integers(1, 60)
sides = st.tuples(side, side, side)
boxes = st.lists(st.builds(Box, st.sampled_from("abcdef"), side, side, side, st.integers(0, 900)), max_size=6)
goods = st.lists(st.builds(Goods, st.integers(1, 4), st.integers(1, 3000), sides), min_size=1, max_size=4)

SMALL = Box("kecil", 20, 15, 10, 100)
LARGE = Box("besar", 40, 30, 20, 300)


def holds(box: Box, pieces: list[Goods]) -> bool:
    needed = sum(p.quantity * p.sides[0] * p.sides[1] * p.sides[2] for p in pieces if p.sides)
    return box.volume >= needed and all(
        any(all(a <= b for a, b in zip(way, box.sides, strict=True)) for way in permutations(p.sides))
        for p in pieces
        if p.sides
    )


@given(boxes=boxes, goods=goods)
def test_it_holds_everything_and_no_smaller_one_does(boxes, goods):
    found = box_for(boxes, goods)
    fitting = [box for box in boxes if holds(box, goods)]
    assert (found is None) == (not fitting)
    if found is not None:
        assert found in fitting
        assert found.volume == min(box.volume for box in fitting)


@given(boxes=boxes, goods=goods, more=st.builds(Box, st.just("lain"), side, side, side, st.just(5)))
def test_order_does_not_matter_and_one_more_box_never_makes_a_parcel_larger(boxes, goods, more):
    found = box_for(boxes, goods)
    assert box_for(boxes[::-1], goods[::-1]) == found
    wider = box_for([*boxes, more], goods)
    assert found is None or (wider is not None and wider.volume <= found.volume)


@given(boxes=boxes, goods=goods)
def test_a_box_only_ever_adds(boxes, goods):
    bare, there = packed([], goods), packed(boxes, goods)
    assert there.weight == bare.weight + (there.box.weight if there.box else 0)
    assert there.volume >= bare.volume
    assert bare.box is None


@given(boxes=boxes, goods=goods)
def test_what_nobody_measured_goes_by_itself(boxes, goods):
    unknown = [*goods, Goods(1, 700, None)]
    assert packed(boxes, unknown) == packed([], unknown)


def test_examples():
    one = Goods(1, 500, (18, 14, 9))
    assert box_for([LARGE, SMALL], [one]) == SMALL
    assert box_for([LARGE, SMALL], [Goods(2, 500, (18, 14, 9))]) == LARGE
    assert box_for([SMALL], [Goods(1, 500, (25, 2, 2))]) is None  # long and thin
    assert packed([LARGE, SMALL], [one]) == (600, 3000, SMALL)
    assert packed([], []) == (0, 0, None)
