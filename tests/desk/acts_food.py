"""The steps about food: permits and batches of a facility, rules and recalls of the office."""

from tests.catalog_staff.photos import upload
from tests.desk.acts_step import Step

FOOD: tuple[Step, ...] = (
    Step(
        "catalog_staff.scan_licence",
        "/petugas/produk/{product}/izin/{licence}/pindaian",
        lambda ids: {f"scan{ids['licence']}-scan": upload()},
        ("licence.scanned",),
    ),
    Step(
        "inventory_staff.block_batch",
        "/petugas/stok/batch/{batch}/blokir",
        {"blokir-reason": "Berjamur"},
        ("batch.blocked",),
    ),
)

FOOD_OFFICE: tuple[Step, ...] = (
    Step(
        "recalls.show",
        "/kanwil/batch/{batch}",
        {"reason": "Berjamur", "advice": "Jangan dimakan"},
        ("batch.blocked", "batch.recalled"),
    ),
    Step(
        "permits_office.rules",
        "/kanwil/izin-pangan/aturan",
        lambda ids: {
            "category_id": str(ids["category"]), "need": "halal", "valid_from": "2026-10-18",
            "legal_ref": "PP 42/2024 Pasal 160",
        },
        ("food_rule.added",),
    ),
    Step(
        "permits_office.delete_rule",
        "/kanwil/izin-pangan/aturan/{food_rule}/hapus",
        {},
        ("food_rule.dropped",),
    ),
)  # fmt: skip
