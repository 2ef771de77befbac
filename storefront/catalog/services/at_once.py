"""Many decisions in one go: what was looked at one by one before may be let in from its line in the queue.

A line shows one small photo. So whatever holds a photo that nobody has looked at yet is decided on its own
page, and each decision here stands or falls alone, in a transaction of its own.
"""

from collections.abc import Sequence

from storefront.catalog.models import GateState, Product, ProductChange
from storefront.catalog.services.changes import approve_change
from storefront.catalog.services.curation import publish_product
from storefront.catalog.services.photo_states import gates_of
from storefront.core.db import found
from storefront.core.errors import DomainError
from storefront.core.language import lazy


class NotLookedAt(DomainError):
    """A photo waits for a second person."""

    default = lazy("Fotonya belum diperiksa. Buka halamannya, periksa, lalu putuskan di sana.")


def publish_from_queue(product_id: int, actor_id: int, seen: str) -> None:
    """Show a product to the public whose photos are looked at.

    Raises what `publish_product` does, NotLookedAt. A photo that comes meanwhile changes what was `seen`.
    """
    refuse_unseen([photo.picture_id for photo in found(Product, product_id).photos])
    publish_product(product_id, actor_id, seen=seen)


def approve_from_queue(change_id: int, actor_id: int, seen: int) -> None:
    """Approve a change whose photos are looked at. Raises what `approve_change` does, NotLookedAt."""
    refuse_unseen(photos_of(found(ProductChange, change_id)))
    approve_change(change_id, actor_id, seen=seen)


def photos_of(change: ProductChange) -> list[int]:
    """The pictures that a change would show."""
    return [one["picture"] for one in change.fields.get("photos", [])]


def unseen(picture_ids: Sequence[int]) -> set[int]:
    """Those of these pictures that wait for a second person."""
    return {key for key, gate in gates_of(picture_ids).items() if gate.state is GateState.WAITING}


def refuse_unseen(picture_ids: Sequence[int]) -> None:
    """Raise NotLookedAt when one of these pictures waits for a second person."""
    if unseen(picture_ids):
        raise NotLookedAt
