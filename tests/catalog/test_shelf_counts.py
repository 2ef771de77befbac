"""Filters and their counts against the plainest possible reading of a small catalogue."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.catalog import services
from storefront.catalog.queries.filters import Filters
from storefront.catalog.queries.shelf import shelf
from tests import factories


@dataclass(frozen=True)
class Item:
    place: int
    maker: int
    price: int
    stock: int


ITEMS = st.lists(
    st.builds(
        Item, st.integers(0, 3), st.integers(0, 2), st.sampled_from((10, 20, 30)), st.sampled_from((0, 2))
    ),
    max_size=9,
)
TREE = {0: {0, 1}, 1: {1}, 2: {2}, 3: {3}}  # the second category hangs below the first
CHOSEN = st.frozensets(st.integers(0, 3), max_size=2)
MAKERS = st.frozensets(st.integers(0, 2), max_size=2)
PRICES = st.sampled_from((None, 10, 15, 20, 30))


@pytest.fixture
def stand(db):
    top = factories.category("K0")
    places_ = [top, factories.category("K1", parent=top), factories.category("K2"), factories.category("K3")]
    makers = [factories.facility(f"LPX{n}") for n in range(3)]
    return places_, makers


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=ITEMS, chosen=CHOSEN, makers=MAKERS, low=PRICES, high=PRICES, ready=st.booleans())
def test_filters_and_counts_agree_with_brute_force(stand, items, chosen, makers, low, high, ready):
    shelves, houses = stand
    made = [
        factories.product(houses[i.maker], shelf=shelves[i.place], price=i.price, stock=i.stock)
        for i in items
    ]
    filters = Filters(
        kategori=tuple(f"k{n}" for n in sorted(chosen)),
        lapas=tuple(f"lapas-lpx{n}" for n in sorted(makers)),
        harga_min=str(low or ""),
        harga_max=str(high or ""),
        price_min=low,
        price_max=high,
        siap_kirim=ready,
    )

    def fits(item, skip=""):
        inside = set().union(*(TREE[n] for n in chosen)) if chosen else set(TREE)
        return (
            (skip == "kategori" or item.place in inside)
            and (skip == "lapas" or not makers or item.maker in makers)
            and (low is None or item.price >= low)
            and (high is None or item.price <= high)
            and (not (ready or skip == "siap_kirim") or item.stock > 0)
        )

    found = shelf(filters)
    expected = {product.slug for product, item in zip(made, items, strict=True) if fits(item)}
    assert ({card.slug for card in found.items}, found.total) == (expected, len(expected))
    assert found.ready == sum(fits(item, "siap_kirim") for item in items)
    for option in (*found.categories, *found.facilities):
        facet = "kategori" if option in found.categories else "lapas"
        one = shelf(replace(filters, **{facet: (option.slug,)}))
        assert one.total == option.products, "a count is what choosing only that option finds"
    for way in found.ways_out:
        assert shelf(way.filters).total == way.count
    by_name = {f"K{n}": sum(fits(i, "kategori") and i.place in TREE[n] for i in items) for n in TREE}
    assert {o.name: o.products for o in found.categories if o.products} == {
        name: count for name, count in by_name.items() if count
    }
    for option in found.facilities:
        house = int(option.slug[-1])
        assert option.products == sum(fits(item, "lapas") and item.maker == house for item in items)
    for product in made:
        services.withdraw_product(product.id, None)
