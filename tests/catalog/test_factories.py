"""The factories of the catalogue make products that the shop itself would accept."""

from storefront.catalog.services import missing_for_publication
from storefront.inventory.queries import availability
from tests import factories


def test_a_product_lacks_nothing(db):
    product = factories.product()
    assert missing_for_publication(product) == []
    assert (product.price_from, product.price_to, product.photo) == (
        50_000,
        50_000,
        product.photos[0].picture,
    )


def test_a_product_made_to_order_lacks_nothing(db):
    assert missing_for_publication(factories.product(supply="made_to_order")) == []


def test_a_variant_replaces_the_single_form(db):
    product = factories.product()
    dear = factories.variant(product, "marun", price=70_000, stock=3)
    cheap = factories.variant(product, "navy", price=60_000)
    assert [v.label for v in product.variants if v.is_active] == ["marun", "navy"]
    assert (product.price_from, product.price_to) == (60_000, 70_000)
    assert availability([dear.id, cheap.id]) == {dear.id: 3, cheap.id: 10}
