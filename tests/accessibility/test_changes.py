"""Staged changes in every state, with the longest words that fit, on the pages of both sides."""

from collections.abc import Callable

from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page

from storefront.catalog.services import update_product
from storefront.catalog.services.changes import request_change, return_change, submit_change
from storefront.catalog.services.staging import alive_change, save_details, save_new_variant, save_options
from storefront.catalog.services.staging_photos import add_photo
from storefront.facilities.models import Facility
from tests import factories
from tests.catalog.conftest import jpeg
from tests.filled import Filled
from tests.support.axe import look

LONG = "Keranjang bambu Baduy berpola"
WHOLE = "https-tanpa-spasi-" * 14 + "\n\n" + "Dianyam dua hari. " * 60
WindowOf = Callable[[str | None], Page]


def written(db: SQLAlchemy, facility_id: int) -> int:
    """A product with long words and a new photo in its change, not sent yet."""
    facility = db.session.get_one(Facility, facility_id)
    product_id = factories.product(facility, title="Keranjang").id
    maker = factories.user("facility_staff", facility=db.session.get_one(Facility, facility_id)).id
    save_details(product_id, maker, title=(LONG * 4)[:90], description=WHOLE, care="Lap dengan kain kering")
    save_options(product_id, maker, ["Ukuran keranjang"])
    for size in ("Kecil sekali", "Besar sekali"):
        save_new_variant(product_id, maker, [size], price=55_000, weight=300)
    add_photo(product_id, jpeg(), "Dilihat dari samping, di atas meja kayu. " * 6, maker, checked=True)
    return product_id


def test_the_pages_of_changes_can_be_used_by_everybody(
    db: SQLAlchemy, shop: Filled, window_of: WindowOf
) -> None:
    sent, moved, back, still, asked = (written(db, shop.facility.id) for _ in range(5))
    for product_id in (sent, moved, back):
        submit_change(product_id, None)
    changes = {key: change.id for key in (sent, moved, back) if (change := alive_change(key))}
    update_product(moved, None, title="Keranjang lain")
    return_change(changes[back], None, "Judulnya terlalu panjang. " * 15, ["title", "photos"])
    request_change(asked, None, "Tambahkan ukurannya.", ["size_note"])
    queue = "/kanwil/kurasi/perubahan"
    office = [
        "/kanwil/kurasi?q=tidak+ada",
        queue,
        f"{queue}?umur=14",
        *(f"{queue}/{key}" for key in changes.values()),
    ]
    office += [
        f"/kanwil/kurasi/{sent}/minta-perubahan",
        f"/en{queue}/{changes[sent]}",
        f"/kanwil/kurasi/{sent}",
    ]
    staff = [
        "/petugas/produk/perubahan",
        *(f"/petugas/produk/{key}" for key in (sent, moved, back, still, asked)),
    ]
    found: list[str] = []
    for role, pages in {"regional": office, "facility_head": staff}.items():
        window = window_of(role)
        for address in pages:
            found += look(window, address)
    assert not found, "\n".join(found)
