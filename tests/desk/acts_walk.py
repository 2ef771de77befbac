"""Every door of the back office that changes something, with a body that succeeds, and the acts it leaves.

The steps of a role are taken in this order, in the shop of `tests/desk/test_acts.py`.
"""

from io import BytesIO

from storefront.catalog.models import Product
from storefront.catalog.services.curation import state_of
from storefront.core.db import db
from storefront.core.spreadsheets import csv_bytes
from storefront.orders.models import Parcel
from storefront.orders.services.parts import contents_mark
from storefront.shipping.providers.rate_table import HEADINGS, rates_table
from storefront.shipping.queries import rate_rows
from tests.catalog_staff.photos import upload
from tests.desk.acts_food import FOOD, FOOD_OFFICE
from tests.desk.acts_head import HEAD, ROLES
from tests.desk.acts_promoter import PROMOTER
from tests.desk.acts_step import Step
from tests.desk.acts_stock import STOCK

_COMPLAINTS = "every door is walked, and its acts looked for, in tests/aftersales/test_pages.py"
EXEMPT = {
    "aftersales_staff.accept": _COMPLAINTS,
    "aftersales_staff.offer": _COMPLAINTS,
    "aftersales_staff.hand_over": _COMPLAINTS,
    "aftersales_staff.write": _COMPLAINTS,
    "aftersales_staff.receive": _COMPLAINTS,
    "aftersales_staff.finish": _COMPLAINTS,
    "aftersales_staff.come_back": "walked, with its act, in tests/aftersales/test_came_back_pages.py",
    "aftersales_office.come_back": "the same",
    "aftersales_office.decide": _COMPLAINTS,
    "aftersales_office.reject": _COMPLAINTS,
    "aftersales_office.write": _COMPLAINTS,
    "aftersales_office.finish": _COMPLAINTS,
    "orders_staff.move": "a parcel's steps are order_events with who and when",
    "orders_staff.ship": "the same",
    "parcel_changes.split": "the same: the same pieces travel in two parcels",
    "parcel_changes.merge": "the same",
    "orders_staff.hand_over": "the same; without the code it leaves an act, see tests/orders/test_pickup.py",
    **{
        f"imports.{door}": "an import's acts are looked for in tests/bulk/test_pages.py"
        for door in ("index", "columns", "run", "resume", "cancel")
    },
    "bulk_edits.look": "only shows what would change",
    "bulk_edits.save": "the acts of what it changes are looked for in tests/bulk/test_edits.py",
    "opinions.hand_over_batch": "thanks on paper: neither money nor public",
    "opinions_office.approve": "thanks are not public; the note keeps who let it go",
    "opinions_office.keep_back": "the same",
    "complaints_office.answer": "a letter to one person; the complaint keeps who answered",
    "complaints_office.close": "the same",
} | {
    f"assisted_{room}.{door}": "a draft holds nothing and binds nobody; the order that it becomes has its act"
    for room in ("staff", "office")
    for door in ("open_draft", "add", "change", "drop")
}
"""Doors that leave no act, and why not; or that are walked elsewhere."""


def writing(room: str, path: str, draft: str, counted: str) -> tuple[Step, ...]:
    """An order is written down and paid in cash; of another, the cash is counted by a second officer."""
    return (
        Step(
            f"assisted_{room}.submit",
            f"{path}/{{{draft}}}",
            lambda ids: {
                "nama": "Siti", "telepon": "081200001111", "bayar": "transfer", "aksi": "pesan",
                f"kirim-{ids['facility']}": "pickup",
            },
            ("order.written",),
        ),
        Step(
            f"assisted_{room}.take_cash", f"{path}/{{{draft}}}/tunai", {"jumlah": "50000"},
            ("payment.cash_taken",),
        ),
        Step(
            f"assisted_{room}.count_cash", f"{path}/{{{counted}}}/tunai/hitung", {}, ("payment.cash_counted",)
        ),
    )  # fmt: skip


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
    Step("catalog_staff.add_photos", f"{PRODUCT}/foto", lambda _ids: {"photos": upload()}, ("change.saved",)),
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

PLACE = {
    "name": "Lapas Baru", "kind": "lapas", "class_": "IIA", "town": "Serang", "regency_code": "36.73",
    "is_open": "y",
}  # fmt: skip
ACCOUNT = {
    "owner": "koperasi", "bank": "BRI", "number": "123456", "holder": "Koperasi", "valid_from": "2099-01-01",
    "tax": "ppn_effective_11",
}  # fmt: skip
REGIONAL: tuple[Step, ...] = (
    *writing("office", "/kanwil/pesanan-baru", "office_written", "office_counted"),
    Step(
        "couriers.save",
        "/kanwil/kurir",
        {"courier": "JNE", "pattern": "https://kurir.id/{resi}"},
        ("delivery.link_changed",),
    ),
    Step(
        "money.check",
        "/kanwil/transfer/{attempt}/periksa",
        {"amount": "100000", "bank_reference": "BR-1"},
        ("transfer.checked",),
    ),
    Step("money.confirm", "/kanwil/transfer/{checked}/konfirmasi", {}, ("transfer.confirmed",)),
    Step(
        "money.reject",
        "/kanwil/transfer/{attempt}/tolak",
        {"reason": "Tidak ada di mutasi"},
        ("transfer.rejected",),
    ),
    Step("money.decide", "/kanwil/perlu-diperiksa/{late}/ambil", {}, ("case.taken",)),
    Step("money.decide", "/kanwil/perlu-diperiksa/{late}/tanya", {}, ("case.asked",)),
    Step(
        "bank_office.index",
        "/kanwil/rekening",
        ACCOUNT,
        ("account.proposed",),
    ),
    Step("bank_office.facility", "/kanwil/rekening/lapas/{facility}", ACCOUNT, ("account.proposed",)),
    Step(
        "bank_office.decide",
        "/kanwil/rekening/usulan/{proposal}/setujui",
        {},
        ("account.changed",),
    ),
    Step("money.decide", "/kanwil/perlu-diperiksa/{late}/ambil", {}, ("case.taken",)),
    Step("money.decide", "/kanwil/perlu-diperiksa/{late}/tanya", {}, ("case.asked",)),
    Step("money.decide", "/kanwil/perlu-diperiksa/{late}/terima", {}, ("case.accepted",)),
    Step(
        "money.decide", "/kanwil/perlu-diperiksa/{surplus}/gabung", {}, ("case.accepted", "refund.promised")
    ),
    Step(
        "money.decide", "/kanwil/perlu-diperiksa/{case}/kembalikan", {}, ("case.refunded", "refund.promised")
    ),
    Step(
        "order_changes.write_destination",
        "/kanwil/pengembalian/{refund}/rekening",
        {"bank": "BRI", "number": "1234567890", "holder": "Pemilik"},
        ("refund.account_written",),
    ),
    Step(
        "order_changes.refund",
        "/kanwil/pesanan/{pieces}/kembalikan",
        lambda ids: {f"baris-{ids['pieces_line']}": "1", "reason": "Satu retak", "kunci": "a"},
        ("refund.promised",),
    ),
    Step(
        "order_changes.cancel",
        "/kanwil/pesanan/{whole}/batalkan-semua",
        {"batal-reason": "Salah ukuran"},
        ("order.cancelled", "refund.promised"),
    ),
    Step("money.refund_sent", "/kanwil/pengembalian/{refund}", {"reference": "TRX-77"}, ("refund.sent",)),
    Step(
        "money.cancel",
        "/kanwil/pesanan/{number}/batalkan",
        {"reason": "Salah ukuran"},
        ("order.cancelled", "refund.promised"),
    ),
    Step("documents_office.send", "/kanwil/pesanan/{paid}/kirim-nota", {}, ("receipt.sent",)),
    Step(
        "rates.upload",
        "/kanwil/ongkir",
        lambda _ids: {"berkas": (BytesIO(csv_bytes(rates_table(rate_rows()), HEADINGS)), "tarif.csv")},
        ("rates.replaced",),
    ),
    Step("facilities_office.new", "/kanwil/lapas/baru", PLACE | {"code": "LPBARU"}, ("facility.created",)),
    Step("facilities_office.edit", "/kanwil/lapas/{facility}", PLACE, ("facility.changed",)),
    Step(
        "facilities_office.cover",
        "/kanwil/lapas/{facility}/sampul",
        lambda _ids: {"picture": upload(), "picture_alt": "Bengkel"},
        ("facility.cover",),
    ),
    Step(
        "facilities_office.cover",
        "/kanwil/lapas/{facility}/sampul",
        {"aksi": "hapus"},
        ("facility.cover_removed",),
    ),
    Step(
        "facilities_office.add_workshop",
        "/kanwil/lapas/{facility}/bengkel",
        {"baru-name": "Bengkel Las"},
        ("workshop.added",),
    ),
    Step(
        "facilities_office.change_workshop",
        "/kanwil/lapas/{facility}/bengkel/{workshop}",
        lambda ids: {f"bengkel{ids['workshop']}-name": "Bengkel Jahit"},
        ("workshop.changed",),
    ),
    Step(
        "facilities_office.remove_workshop",
        "/kanwil/lapas/{facility}/bengkel/{workshop}/hapus",
        {},
        ("workshop.removed",),
    ),
    Step(
        "people_office.invite",
        "/kanwil/pengguna/baru",
        lambda ids: {
            "name": "Ani",
            "email": "ani@contoh.go.id",
            "role": "facility_staff",
            "facility_id": ids["facility"],
        },
        ("user.added", "user.placed"),
    ),
    Step("people_office.renew_link", "/kanwil/pengguna/{person}/tautan", {}, ("user.link_renewed",)),
    Step(
        "people_office.place",
        "/kanwil/pengguna/{person}/lapas",
        lambda ids: {"facility_id": ids["facility"]},
        ("user.placed",),
    ),
    Step("people_office.end_sessions", "/kanwil/pengguna/{person}/akhiri-sesi", {}, ("user.signed_out",)),
    Step(
        "people_office.reset_factor",
        "/kanwil/pengguna/{secured}/lepas-verifikasi",
        {},
        ("user.factor_reset",),
    ),
    Step("people_office.disable", "/kanwil/pengguna/{person}/nonaktifkan", {}, ("user.disabled",)),
    Step("people_office.enable", "/kanwil/pengguna/{person}/aktifkan", {}, ("user.enabled",)),
    Step("opinions_office.publish", "/kanwil/ulasan/{fresh}/tayangkan", {}, ("review.published",)),
    Step("opinions_office.reject", "/kanwil/ulasan/{fresh}/tolak", {"reason": "Kasar"}, ("review.rejected",)),
    Step(
        "curation.publish",
        "/kanwil/kurasi/{submitted}/terbitkan",
        lambda ids: {"seen": state_of(db.session.get_one(Product, ids["submitted"]))},
        ("product.published",),
    ),
    Step(
        "curation.feature", "/kanwil/kurasi/{submitted}/unggulan", {"featured": "yes"}, ("product.featured",)
    ),
    Step(
        "curation.send_back",
        "/kanwil/kurasi/{submitted}/kembalikan",
        {"reason": "Foto kabur"},
        ("product.returned",),
    ),
    Step(
        "curation.approve",
        "/kanwil/kurasi/perubahan/{change}/setujui",
        lambda ids: {"seen": ids["change_mark"].partition("-")[2]},
        ("change.approved", "product.edited"),
    ),
    Step(
        "curation.send_change_back",
        "/kanwil/kurasi/perubahan/{change_back}/kembalikan",
        lambda ids: {"reason": "Kurang jelas", "seen": ids["change_back_mark"].partition("-")[2]},
        ("change.returned",),
    ),
    Step(
        "curation.approve_many",
        "/kanwil/kurasi/perubahan/setujui",
        lambda ids: {"mark": [ids["change_many_mark"]]},
        ("change.approved", "product.edited"),
    ),
    Step(
        "curation.ask",
        "/kanwil/kurasi/{shown}/minta-perubahan",
        {"reason": "Tambahkan ukurannya"},
        ("change.requested",),
    ),
    Step("categories_office.index", "/kanwil/kategori", {"name": "Mainan"}, ("category.created",)),
    Step("categories_office.edit", "/kanwil/kategori/{empty}", {"name": "Kain"}, ("category.changed",)),
    Step(
        "categories_office.shift",
        "/kanwil/kategori/{empty}/geser",
        {"direction": "up"},
        ("category.shifted",),
    ),
    Step("categories_office.delete", "/kanwil/kategori/{empty}/hapus", {}, ("category.deleted",)),
    *FOOD_OFFICE,
    Step("synonyms_office.index", "/kanwil/sinonim", {"words": "sapu, kemoceng"}, ("synonyms.added",)),
    Step("synonyms_office.edit", "/kanwil/sinonim/{words}", {"words": "tas, kantung"}, ("synonyms.changed",)),
    Step("synonyms_office.delete", "/kanwil/sinonim/{words}/hapus", {}, ("synonyms.deleted",)),
)

STEPS: dict[str, tuple[Step, ...]] = {
    "facility_head": (*FACILITY, *HEAD),
    "regional": (*REGIONAL, *ROLES),
    "promoter": PROMOTER,
}
"""Who walks which steps."""
