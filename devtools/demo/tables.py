"""A table that a facility sent in and has not confirmed: new lines, a changed one, wrong ones."""

from sqlalchemy import select

from devtools.demo.orders import World
from storefront.bulk.services import File, judge_import, own_import, start_import
from storefront.catalog.models import Product, ProductStatus
from storefront.core.db import db
from storefront.core.spreadsheets import csv_bytes

_HEADINGS = ["sku", "nama", "kategori", "harga", "stok", "berat_gram"]
_LINES: list[list[str]] = [
    ["TALENAN-01", "Talenan jati", "Dapur", "Rp 85.000", "12", "900"],
    ["TALENAN-02", "Talenan jati besar", "Dapur", "Rp 125.000,00", "6", "1,4 kg"],
    ["TALENAN-02", "Talenan jati besar", "Dapur", "125.000", "6", "1400"],
    ["SENDOK-01", "Sendok kayu", "Dapur", "12,5", "30", "40"],
    ["", "Nampan rotan", "Dapur", "95.000", "4", "700"],
]


def send_table(world: World) -> None:
    """The first facility that sells looks at a table before it is imported."""
    product = db.session.scalars(
        select(Product).filter_by(status=ProductStatus.PUBLISHED).order_by(Product.id).limit(1)
    ).one()
    facility_id, variant = product.facility_id, product.variants[0]
    dearer = str((variant.price or 0) + 10_000)
    lines = [*_LINES, [variant.sku, product.title, "", dearer, "", ""]]
    import_id = start_import(
        facility_id, world.crew.staff[facility_id].id, File("produk-baru.csv", csv_bytes(lines, _HEADINGS))
    )
    judge_import(facility_id, import_id, own_import(facility_id, import_id).mapping)
