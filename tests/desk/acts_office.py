"""The steps of the regional office, and the acts they leave."""

from io import BytesIO

from storefront.catalog.models import Product
from storefront.catalog.services.curation import state_of
from storefront.core.db import db
from storefront.core.spreadsheets import csv_bytes
from storefront.shipping.providers.rate_table import HEADINGS, rates_table
from storefront.shipping.queries import rate_rows
from tests.catalog_staff.photos import upload
from tests.desk.acts_food import FOOD_OFFICE
from tests.desk.acts_step import Step, writing

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
        "curation.judge_photo_office",
        "/kanwil/kurasi/foto/{gate_office}",
        {"action": "approve"},
        ("photo.approved",),
    ),
    Step(
        "curation.publish",
        "/kanwil/kurasi/{submitted}/terbitkan",
        lambda ids: {"seen": state_of(db.session.get_one(Product, ids["submitted"]))},
        ("product.published",),
    ),
    Step(
        "curation.publish_many",
        "/kanwil/kurasi/terbitkan",
        lambda ids: {"mark": [f"{ids['many']}-{state_of(db.session.get_one(Product, ids['many']))}"]},
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
    Step(
        "words_office.index",
        "/kanwil/kata-produk",
        {"word": "obat kuat", "verdict": "refused"},
        ("word.decided",),
    ),
    Step("words_office.forget", "/kanwil/kata-produk/{word_rule}/hapus", {}, ("word.forgotten",)),
    Step("synonyms_office.index", "/kanwil/sinonim", {"words": "sapu, kemoceng"}, ("synonyms.added",)),
    Step("synonyms_office.edit", "/kanwil/sinonim/{words}", {"words": "tas, kantung"}, ("synonyms.changed",)),
    Step("synonyms_office.delete", "/kanwil/sinonim/{words}/hapus", {}, ("synonyms.deleted",)),
    Step(
        "curation.take_down_office",
        "/kanwil/kurasi/foto-tayang/{mat_face}/turunkan",
        {"reason": "Tampak gembok", "mark": "10,20,300,400"},
        ("product.returned", "photo.withdrawn"),
    ),
)
