"""Readable addresses, and rows that people put in order."""

import pytest

from storefront.core.sequence import shifted
from storefront.core.slugs import first_free, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Tas Rajut “Baduy”", "tas-rajut-baduy"),
        ("Ma'u, Café-Kopi 2026", "mau-cafe-kopi-2026"),
        ("ꦧꦠꦶꦏ꧀", "produk"),
        ("", "produk"),
        ("ab " * 9, "ab-ab-ab"),
    ],
)
def test_an_address_is_made_of_the_words(name: str, slug: str) -> None:
    assert slug_of(name, 9 if name.startswith("ab") else 60, "produk") == slug


def test_the_first_free_one_stays_short_enough() -> None:
    assert first_free("tas", set(), 8) == "tas"
    assert first_free("tas", {"tas", "tas-2"}, 8) == "tas-3"
    assert first_free("tas-kayu", {"tas-kayu"}, 8) == "tas-ka-2"
    assert first_free("tas-kayu", {"tas-kayu"}, 6) == "tas-2", "no two dashes side by side"


def test_one_place_up_or_down() -> None:
    assert shifted(["a", "b", "c"], "b", up=True) == ["b", "a", "c"]
    assert shifted(["a", "b", "c"], "b", up=False) == ["a", "c", "b"]
    assert shifted(("a", "b"), "a", up=True) == ["a", "b"]
    assert shifted(("a", "b"), "b", up=False) == ["a", "b"]
