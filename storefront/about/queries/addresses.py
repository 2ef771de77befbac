"""Every address that search engines may list."""

import re

from sqlalchemy import select

from storefront.catalog.queries import machines
from storefront.catalog.queries.machines import Address
from storefront.core.db import db
from storefront.core.gallery import link_preview
from storefront.core.models import Picture
from storefront.events.models import Fair

PART = 10_000
"""Products in one file: each stands there in two languages, with its photos."""
ONE_FILE = 45_000
"""With more addresses than this, /sitemap.xml lists parts (the format ends at 50,000)."""
_PRODUCTS = re.compile(r"produk-([1-9][0-9]{0,3})")
FIXED = (
    "/",
    "/produk",
    "/koleksi",
    "/lapas",
    "/acara",
    "/dampak",
    "/cara-belanja",
    "/tentang",
    "/privasi",
    "/syarat",
)


def pages() -> list[Address]:
    """Everything but the products."""
    fairs = db.session.execute(
        select(Fair.slug, Picture)
        .outerjoin(Picture, Picture.id == Fair.picture_id)
        .where(Fair.is_published)
        .order_by(Fair.starts_on.desc())
    )
    return [
        *(Address(path) for path in FIXED),
        *machines.shelves_and_makers(),
        *machines.collections_shown(),
        *(_fair(row.slug, row.Picture) for row in fairs),
    ]


def _fair(slug: str, cover: Picture | None) -> Address:
    return Address(f"/acara/{slug}", None, (link_preview(cover),) if cover is not None else ())


def parts() -> list[str]:
    """The names of the parts of a large shop; empty for one that fits into one file."""
    products = machines.products_on_sale()
    if products * 2 <= ONE_FILE:
        return []
    return ["halaman", *(f"produk-{number}" for number in range(1, -(-products // PART) + 1))]


def part(name: str) -> list[Address]:
    """The addresses of one part; none for a part that there is not."""
    if name == "halaman":
        return pages()
    numbered = _PRODUCTS.fullmatch(name)
    return machines.product_addresses(int(numbered[1]), PART) if numbered else []


def everything() -> list[Address]:
    """All addresses of a shop that fits into one file."""
    return [*pages(), *machines.product_addresses(1, ONE_FILE)]
