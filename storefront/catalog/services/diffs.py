"""What differs between a product and a change of it. Nothing here touches the database.

A document is the curated part of a product as plain JSON: words, shelf, workshop, way of shipping,
options, new variants and photos. A diff holds, for each part that differs, its whole new
content; laid over the document that it was taken from it gives exactly the changed one.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from storefront.catalog.models import Product, ShippingClass
from storefront.core.language import lazy

Document = dict[str, Any]

WORDS = (
    "title", "summary", "description", "materials", "care", "size_note", "technique", "work_hours",
    "personalisation", "category_id", "workshop_id", "shipping_class",
)  # fmt: skip
"""The parts that are columns of the product. What is not named here is trade of the day and counts at
once, also on sale: supply and capacity, prices, weights, stock, permits, pauses."""
PARTS = (*WORDS, "option_names", "forms", "photos")
"""Every part of a document, in the order in which a change is read."""
PART_WORDS = {
    "title": lazy("Judul"),
    "summary": lazy("Ringkasan"),
    "description": lazy("Cerita"),
    "materials": lazy("Bahan"),
    "care": lazy("Perawatan"),
    "size_note": lazy("Ukuran"),
    "technique": lazy("Teknik"),
    "work_hours": lazy("Jam kerja tangan"),
    "personalisation": lazy("Tulisan khusus yang ditanyakan"),
    "category_id": lazy("Kategori"),
    "workshop_id": lazy("Bengkel"),
    "shipping_class": lazy("Cara kirim"),
    "option_names": lazy("Pilihan varian"),
    "forms": lazy("Varian baru"),
    "photos": lazy("Foto"),
}
"""What each part is called on the screen."""


def document(product: Product) -> Document:
    """The curated part of a product as the public has it."""
    words = {name: getattr(product, name) for name in WORDS}
    words["shipping_class"] = ShippingClass(product.shipping_class).value
    return words | {
        "option_names": list(product.option_names),
        "forms": [],
        "photos": [{"picture": one.picture_id, "alt": one.picture.alt} for one in product.photos],
    }


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> Document:
    """The parts of `after` that differ from `before`."""
    return {name: deepcopy(after[name]) for name in after if after[name] != before.get(name)}


def laid_over(before: Mapping[str, Any], fields: Mapping[str, Any]) -> Document:
    """The document with a diff applied to it."""
    return deepcopy({**before, **fields})


def moved_on(base: Mapping[str, Any], live: Mapping[str, Any], fields: Mapping[str, Any]) -> list[str]:
    """The changed parts that say something else on the product than when they were changed."""
    return [name for name in PARTS if name in fields and live[name] != base.get(name)]
