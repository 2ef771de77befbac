"""Whole rupiah: what is written can be read again, and what is divided adds up."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.money import MAX_RUPIAH, parse_rupiah, rupiah, split

amounts = st.integers(0, MAX_RUPIAH)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@given(amounts)
def test_what_is_written_is_read_again(amount):
    assert parse_rupiah(rupiah(amount)) == amount


@given(amounts, st.sampled_from(["", ",-", ",00", ",--"]), st.sampled_from(["", "Rp", "Rp ", "rp. ", "IDR "]))
def test_the_usual_dress_of_an_amount_changes_nothing(amount, tail, prefix):
    plain, grouped = str(amount), rupiah(amount).removeprefix("Rp")

    assert parse_rupiah(f"{prefix}{plain}{tail}") == parse_rupiah(f" {prefix}{grouped}{tail} ") == amount


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_a_refusal(text):
    with contextlib.suppress(ValueError):
        assert 0 <= parse_rupiah(text) <= MAX_RUPIAH


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("150000", 150_000),
        ("150.000", 150_000),
        ("Rp150.000", 150_000),
        ("Rp 1.250.000,00", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("75.000,-", 75_000),
        ("75.000.-", 75_000),
        ("Rp\u00a0186.000", 186_000),
        ("0", 0),
        ("007", 7),
    ],
)
def test_reads_what_people_type(text, amount):
    assert parse_rupiah(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", "Rp", "gratis", "-500", "+500", "1.5", "1,50", "12.34", "1.25.000", "1.250,000", "1.250.00",
        "1,250,00", "1e6", "0x10", "١٢٣", "１２３", "5%", "1.000.000.000.001", "9" * 16,
        "1..000", ",00", ",-",
    ],
)  # fmt: skip
def test_refuses_what_could_mean_something_else(text):
    with pytest.raises(ValueError, match=r"\.$"):
        parse_rupiah(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "Rp0"), (999, "Rp999"), (186_000, "Rp186.000"), (-500, "-Rp500"), (1_250_000, "Rp1.250.000")],
)
def test_writes_the_indonesian_way(amount, text):
    assert rupiah(amount) == text


@given(st.integers(-MAX_RUPIAH, MAX_RUPIAH), weights)
def test_the_parts_always_add_up(amount, weights):
    parts = split(amount, weights)

    assert sum(parts) == amount
    assert len(parts) == len(weights)
    assert split(-amount, weights) == [-part for part in parts]


@given(amounts, weights)
def test_each_part_is_its_share_to_the_rupiah_and_more_weight_never_gets_less(amount, weights):
    parts, total = split(amount, weights), sum(weights)

    for part, weight in zip(parts, weights, strict=True):
        assert amount * weight // total <= part <= -(-amount * weight // total)
    by_weight = sorted(zip(weights, parts, strict=True))
    assert all(light[1] <= heavy[1] for light, heavy in itertools.pairwise(by_weight))


def test_the_rupiah_left_over_goes_to_the_earlier_of_equals():
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10_000, [2, 1]) == [6667, 3333]
    assert split(2, [1, 1, 1, 1]) == [1, 1, 0, 0]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [3, -1]])
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)
