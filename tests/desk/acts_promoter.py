"""The steps of the promoter, and of what the office may do in the same rooms."""

from tests.desk.acts_step import Step

GIFTS = "/pemprov/koleksi/{collection}"
FAIR = "/pemprov/acara/{fair}"
EXPO = {
    "name": "Banten Expo 2026", "venue": "Serang", "starts_on": "2026-10-04", "ends_on": "2026-10-07",
    "organiser": "Disperindag",
}  # fmt: skip
VOUCHER = {
    "name": "Diskon Expo", "code": "EXPO-26", "kind": "percent", "percent": "10", "starts_on": "2026-10-04",
    "scope": "everything", "funder": "pemprov",
}  # fmt: skip
PROMOTER: tuple[Step, ...] = (
    Step(
        "collections_office.new",
        "/pemprov/koleksi/baru",
        {"title": "Oleh-oleh", "kind": "hand"},
        ("collection.created",),
    ),
    Step("collections_office.edit", GIFTS, {"title": "Hadiah", "kind": "hand"}, ("collection.changed",)),
    Step(
        "collections_office.add",
        f"{GIFTS}/produk/tambah",
        lambda ids: {"produk": ids["shown"]},
        ("collection.products",),
    ),
    Step(
        "collections_office.arrange",
        f"{GIFTS}/produk/susun",
        lambda ids: {"produk": ids["shown"]},
        ("collection.products",),
    ),
    Step("collections_office.show", f"{GIFTS}/tampil", {"aksi": "terbit"}, ("collection.published",)),
    Step("collections_office.shift", f"{GIFTS}/geser", {"direction": "up"}, ("collection.shifted",)),
    Step("collections_office.delete", f"{GIFTS}/hapus", {}, ("collection.deleted",)),
    Step(
        "collections_office.change_tag",
        "/pemprov/koleksi/label/produk",
        lambda ids: {"label": "kantor", "produk": ids["shown"]},
        ("tag.added",),
    ),
    Step("promotions_office.new", "/pemprov/promosi/baru", VOUCHER, ("promotion.created",)),
    Step(
        "promotions_office.edit",
        "/pemprov/promosi/{promotion}",
        VOUCHER | {"code": "EXPO-27"},
        ("promotion.changed",),
    ),
    Step("promotions_office.end", "/pemprov/promosi/{promotion}/akhiri", {}, ("promotion.ended",)),
    Step("events_office.new", "/pemprov/acara/baru", EXPO, ("fair.created",)),
    Step("events_office.edit", FAIR, EXPO, ("fair.changed",)),
    Step(
        "events_office.add", f"{FAIR}/produk/tambah", lambda ids: {"produk": ids["shown"]}, ("fair.products",)
    ),
    Step(
        "events_office.arrange",
        f"{FAIR}/produk/susun",
        lambda ids: {"produk": ids["shown"]},
        ("fair.products",),
    ),
    Step("events_office.publish", f"{FAIR}/terbit", {}, ("fair.published",)),
    Step("events_office.withdraw", f"{FAIR}/tarik", {}, ("fair.hidden",)),
)
