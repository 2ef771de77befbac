"""Staged changes for tests that walk through every door."""

from storefront.catalog.models import ProductChange
from storefront.catalog.services.changes import approve_change, submit_change
from storefront.catalog.services.staging import alive_change, save_details
from storefront.catalog.services.staging_photos import add_photo
from storefront.facilities.models import Facility
from tests import factories
from tests.catalog.conftest import jpeg


def submitted_change(maker: Facility | None = None, *, title: str = "Judul Baru") -> ProductChange:
    """A product on sale whose new title waits for the office: its change."""
    product_id = factories.product(maker).id
    save_details(product_id, None, title=title)
    submit_change(product_id, None)
    change = alive_change(product_id)
    assert change is not None
    return change


def approved(product_id: int) -> None:
    """What its facility wrote about a product on sale is sent and approved."""
    submit_change(product_id, None)
    change = alive_change(product_id)
    assert change is not None
    approve_change(change.id, None)


def mark_of(change: ProductChange) -> str:
    """The change as it was looked at: what its box in the queue sends."""
    return f"{change.id}-{change.revision}"


def changes_of_every_kind() -> None:
    """A change that was approved, one that waits, and one whose new photo waits."""
    approve_change(submitted_change().id, None)
    submitted_change()
    product_id = factories.product().id
    add_photo(product_id, jpeg(), "Samping", None)
    submit_change(product_id, None)
    looked_at()


def looked_at() -> None:
    """A photo that somebody sent and a second person let into the shop."""
    product_id = factories.product().id
    add_photo(product_id, jpeg(), "Depan", factories.user().id, checked=True)
    submit_change(product_id, None)
    change = alive_change(product_id)
    assert change is not None
    approve_change(change.id, factories.user("regional").id)
