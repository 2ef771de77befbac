"""The steps of a facility's head, and the acts they leave."""

from storefront.core.db import db
from storefront.orders.models import Parcel
from storefront.orders.services.parts import contents_mark
from tests.catalog_staff.photos import upload
from tests.desk.acts_food import FOOD
from tests.desk.acts_step import Step, writing
from tests.desk.acts_stock import STOCK

PRODUCT = "/petugas/produk/{product}"
DETAILS = {"title": "Tas Anyam", "supply": "ready", "shipping_class": "parcel", "summary": "Dari pandan"}

OWN_VOUCHER = {
    "name": "Diskon bengkel", "code": "BENGKEL", "kind": "amount", "amount": "5.000",
    "starts_on": "2026-10-04", "scope": "everything",
}  # fmt: skip
FACILITY: tuple[Step, ...] = (
    *writing("staff", "/petugas/pesanan-baru", "written", "counted"),
    Step(
        "rounds.save_round",
        "/petugas/antar",
        {
            "tujuan": "Cipondoh, Kota Tangerang, Banten",
            "kecamatan": "36.71.05",
            "hari": ["1"],
            "ongkos": "5000",
            "batas": "14.30",
            "sebelum": "1",
        },
        ("delivery.area_saved",),
    ),
    Step("rounds.drop_round", "/petugas/antar/{area}/hapus", {}, ("delivery.area_dropped",)),
    Step("rounds.close", "/petugas/antar/libur", {"tanggal": "2099-01-01"}, ("delivery.day_closed",)),
    Step("rounds.reopen", "/petugas/antar/libur/buka", {"hari": "2099-01-01"}, ("delivery.day_opened",)),
    Step("promotions_staff.new", "/petugas/promosi/baru", OWN_VOUCHER, ("promotion.created",)),
    Step(
        "promotions_staff.edit",
        "/petugas/promosi/{own_promotion}",
        OWN_VOUCHER | {"code": "BENGKEL-2"},
        ("promotion.changed",),
    ),
    Step("promotions_staff.end", "/petugas/promosi/{own_promotion}/akhiri", {}, ("promotion.ended",)),
    Step(
        "catalog_staff.new",
        "/petugas/produk/baru",
        {"title": "Baru", "action": "draft"},
        ("product.created",),
    ),
    Step(
        "catalog_staff.edit",
        PRODUCT,
        lambda ids: DETAILS | {"category_id": ids["category"]},
        ("change.saved",),
    ),
    Step(
        "catalog_staff.save_variants",
        f"{PRODUCT}/varian",
        lambda ids: {
            f"v{ids['variant']}-sku": "LPA-X",
            f"v{ids['variant']}-price": "75000",
            f"v{ids['variant']}-weight": "500",
        },
        ("price.changed", "product.edited"),
    ),
    Step("catalog_staff.save_options", f"{PRODUCT}/pilihan", {"option-first": "bahan"}, ("change.saved",)),
    Step(
        "catalog_staff.add",
        f"{PRODUCT}/varian/baru",
        {"new-first": "biru", "new-price": "60000", "new-weight": "500"},
        ("change.saved",),
    ),
    Step("catalog_staff.archive", f"{PRODUCT}/varian/{{variant}}/hentikan", {}, ("product.edited",)),
    Step("catalog_staff.restore", f"{PRODUCT}/varian/{{variant}}/jual-lagi", {}, ("product.edited",)),
    Step(
        "catalog_staff.add_photos",
        f"{PRODUCT}/foto",
        lambda _ids: {"photos": upload(), "checked": "yes"},
        ("change.saved",),
    ),
    Step(
        "catalog_staff.judge_photo",
        "/petugas/produk/foto-menunggu/{gate}",
        {"action": "reject", "reason": "Tampak gembok", "mark": "10,20,300,400"},
        ("photo.rejected",),
    ),
    Step(
        "catalog_staff.move_photo",
        f"{PRODUCT}/foto/{{photo}}/geser",
        {"direction": "up"},
        ("change.saved",),
    ),
    Step("catalog_staff.describe", f"{PRODUCT}/foto/{{photo}}", {"alt": "Tas"}, ("change.saved",)),
    Step("catalog_staff.drop_photo", f"{PRODUCT}/foto/{{photo}}/hapus", {}, ("change.saved",)),
    Step("catalog_staff.submit_changes", f"{PRODUCT}/perubahan/kirim", {}, ("change.submitted",)),
    Step("catalog_staff.unsubmit_changes", f"{PRODUCT}/perubahan/batal-kirim", {}, ("change.taken_back",)),
    Step("catalog_staff.renew_changes", f"{PRODUCT}/perubahan/perbarui", {}, ("change.renewed",)),
    Step(
        "catalog_staff.undo_change", f"{PRODUCT}/perubahan/urungkan", {"part": "summary"}, ("change.saved",)
    ),
    Step("catalog_staff.discard_changes", f"{PRODUCT}/perubahan/buang", {}, ("change.withdrawn",)),
    Step(
        "catalog_staff.add_licence",
        f"{PRODUCT}/izin",
        {"licence-kind": "pirt", "licence-number": "2063603010021-29"},
        ("product.edited",),
    ),
    *FOOD,
    Step("catalog_staff.drop_licence", f"{PRODUCT}/izin/{{licence}}/hapus", {}, ("product.edited",)),
    Step("catalog_staff.withdraw", f"{PRODUCT}/tarik", {"reason": "Habis"}, ("product.archived",)),
    Step("catalog_staff.restart", f"{PRODUCT}/mulai-lagi", {}, ("product.draft",)),
    Step("catalog_staff.copy", f"{PRODUCT}/salin", {}, ("product.created",)),
    Step("catalog_staff.submit", "/petugas/produk/{draft}/kirim", {}, ("product.submitted",)),
    Step("catalog_staff.unsubmit", "/petugas/produk/{draft}/batal-kirim", {}, ("product.draft",)),
    Step("inventory_staff.take_in", "/petugas/stok/{stocked}/terima", {"quantity": "5"}, ("stock.received",)),
    Step(
        "inventory_staff.write_count", "/petugas/stok/{stocked}/hitung", {"quantity": "9"}, ("stock.counted",)
    ),
    *STOCK,
    Step(
        "parcel_changes.cannot_make",
        "/petugas/pesanan/{roomy}/tidak-dapat-dibuat",
        lambda ids: {
            f"baris-{ids['roomy_line']}": "1",
            "reason": "Bahan habis",
            "isi": contents_mark(db.session.get_one(Parcel, ids["roomy"])),
        },
        ("parcel.reduced", "refund.promised"),
    ),
    Step(
        "opinions.answer", "/petugas/ulasan/{review}/jawab", {"answer": "Terima kasih"}, ("review.answered",)
    ),
)
