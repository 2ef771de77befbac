"""The page of one product: words, variants, photos, steps; and nobody else's product."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy

from storefront.catalog.models import Product, ProductStatus, Variant
from storefront.facilities.models import Facility
from tests import factories
from tests.catalog_staff.photos import photo, upload
from tests.support.client import Client


def fresh(db: SQLAlchemy, product_id: int) -> Product:
    db.session.expire_all()
    return db.session.get_one(Product, product_id)


def send(client: Client, product_id: int, rest: str, data: dict[str, Any] | None = None) -> Any:
    """Send a form of the product's page, the token of that page included."""
    path = f"/petugas/produk/{product_id}"
    return client.submit(path, data, action=path + rest)


def test_all_words_of_a_product_can_be_changed(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id = factories.product(facility, status="draft").id
    words = {
        "title": "Kursi jati",
        "summary": "Kursi santai 😀",
        "description": "Satu.\r\n\r\nDua.",
        "materials": "Jati",
        "care": "Lap kering",
        "size_note": "60 × 60 cm",
        "supply": "made_to_order",
        "lead_days": "7",
        "weekly_capacity": "2",
        "max_per_order": "3",
        "shipping_class": "cargo",
        "personalisation": "Nama yang diukir",
        "workshop_id": str(facility.workshops[0].id),
    }
    assert send(staff, product_id, "", words).status_code == 303
    product = fresh(db, product_id)
    assert (product.title, product.description, product.lead_days) == ("Kursi jati", "Satu.\n\nDua.", 7)
    assert (product.shipping_class, product.max_per_order, product.workshop_id) == (
        "cargo",
        3,
        int(words["workshop_id"]),
    )
    answer = send(staff, product_id, "", {"max_per_order": "nol", "care": "Cuci\x00"})
    assert (answer.status_code, 'value="nol"' in answer.text) == (422, True)
    assert fresh(db, product_id).care == "Lap kering"


def test_a_product_on_sale_cannot_lose_what_it_needs(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility).id
    answer = send(staff, product_id, "", {"summary": "", "title": "Judul baru"})
    assert (answer.status_code, "Masih kurang: ringkasan" in answer.text) == (422, True)
    assert 'value="Judul baru"' in answer.text
    assert fresh(db, product_id).title != "Judul baru"


def test_variants_are_changed_together(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product = factories.product(facility)
    first, second = factories.variant(product, "marun"), factories.variant(product, "hijau")
    product_id, a, b = product.id, first.id, second.id
    table = {
        f"v{a}-price": "60.000",
        f"v{b}-price": "70000",
        f"v{b}-weight": "1,5 kg",
        f"v{b}-length_cm": "30",
    }
    assert send(staff, product_id, "/varian", table).status_code == 303
    product = fresh(db, product_id)
    assert (product.price_from, product.price_to) == (60_000, 70_000)
    assert (db.session.get_one(Variant, b).weight, db.session.get_one(Variant, b).length_cm) == (1500, 30)
    bad = send(staff, product_id, "/varian", {f"v{a}-price": "1", f"v{b}-price": "-1", f"v{b}-sku": "X-1"})
    assert bad.status_code == 422
    sku = send(staff, product_id, "/varian", {f"v{a}-price": "1", f"v{b}-sku": "LAIN-1"})
    assert (sku.status_code, "SKU dimulai dengan LPTES-" in sku.text) == (422, True)
    assert fresh(db, product_id).price_from == 60_000


def test_a_line_of_another_product_is_not_there(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id = factories.product(facility).id
    other = factories.product(facility).variants[0].id
    assert send(staff, product_id, "/varian", {f"v{other}-price": "1"}).status_code == 404
    assert db.session.get_one(Variant, other).price == 50_000


def test_options_and_more_variants(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product = factories.product(facility, status="draft")
    product_id, single = product.id, product.variants[0].id
    assert send(staff, product_id, "/pilihan", {"option-first": "warna"}).status_code == 303
    assert not db.session.get_one(Variant, single).is_active
    new = {"new-first": "marun", "new-price": "55.000", "new-weight": "300"}
    assert send(staff, product_id, "/varian/baru", new).status_code == 303
    twice = send(staff, product_id, "/varian/baru", new | {"new-price": ""})
    assert (twice.status_code, 'value="marun"' in twice.text) == (422, True)
    assert "Varian ini sudah ada" in send(staff, product_id, "/varian/baru", new).text
    label = next(variant for variant in fresh(db, product_id).variants if variant.is_active)
    assert (label.label, label.price, label.weight) == ("marun", 55_000, 300)
    path, token = f"/petugas/produk/{product_id}", {"csrf_token": _token(staff, product_id)}
    key = label.id
    assert staff.post(f"{path}/varian/{key}/hentikan", data=token).status_code == 303
    assert not db.session.get_one(Variant, key).is_active
    assert staff.post(f"{path}/varian/{key}/jual-lagi", data=token).status_code == 303
    three = send(staff, product_id, "/pilihan", {"option-first": "warna", "option-second": "Warna"})
    assert (three.status_code, "harus berbeda" in three.text) == (422, True)


def _token(client: Client, product_id: int) -> str:
    page = client.page(f"/petugas/produk/{product_id}")
    return page.all("input", name="csrf_token")[0].attrs["value"]


def test_photos_come_in_change_places_get_words_and_go(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility, status="draft", photo=False).id
    path = f"/petugas/produk/{product_id}"
    sent = {"checked": "yes", "photos": [upload("a.jpg"), upload("b.jpg", photo(colour="#224466"))]}
    assert send(staff, product_id, "/foto", sent).status_code == 303
    first, second = (one.id for one in fresh(db, product_id).photos)
    token = {"csrf_token": _token(staff, product_id)}
    staff.post(f"{path}/foto/{second}/geser", data=token | {"direction": "up"})
    assert [one.id for one in fresh(db, product_id).photos] == [second, first]
    staff.post(f"{path}/foto/{second}/geser", data=token | {"direction": "up"})  # already the first
    assert fresh(db, product_id).photo_id == fresh(db, product_id).photos[0].picture_id
    assert staff.submit(f"{path}/foto/{first}", {"alt": "Tas dari depan"}, action="").status_code == 303
    long = staff.post(f"{path}/foto/{first}", data=token | {"alt": "x" * 301})
    assert long.status_code == 422
    assert fresh(db, product_id).photos[1].picture.alt == "Tas dari depan"
    assert staff.post(f"{path}/foto/{second}/hapus", data=token).status_code == 303
    assert [one.id for one in fresh(db, product_id).photos] == [first]
    mixed = {"checked": "yes", "photos": [upload("c.jpg", b"x"), upload("d.jpg")]}
    bad = send(staff, product_id, "/foto", mixed)
    assert (bad.status_code, "c.jpg: " in bad.text) == (422, True)
    assert len(fresh(db, product_id).photos) == 2
    assert "Pilih sedikitnya satu foto" in send(staff, product_id, "/foto").text


def test_photos_of_another_product_are_not_there(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    mine, other = factories.product(facility), factories.product(facility)
    path, foreign = f"/petugas/produk/{mine.id}", other.photos[0].id
    token = {"csrf_token": _token(staff, mine.id)}
    for rest in ("", "/geser", "/hapus"):
        assert staff.post(f"{path}/foto/{foreign}{rest}", data=token).status_code == 404
    assert staff.get(f"{path}/foto/{foreign}").status_code == 404


def test_the_way_of_a_product(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id = factories.product(facility, status="draft").id
    path = f"/petugas/produk/{product_id}"
    token = {"csrf_token": _token(staff, product_id)}
    for rest, after in [
        ("/kirim", ProductStatus.SUBMITTED),
        ("/batal-kirim", ProductStatus.DRAFT),
        ("/tarik", ProductStatus.ARCHIVED),
        ("/mulai-lagi", ProductStatus.DRAFT),
    ]:
        assert staff.post(path + rest, data=token).status_code == 303
        assert fresh(db, product_id).status is after
        staff.page(path)
    assert staff.post(f"{path}/batal-kirim", data=token).status_code == 409
    assert len(staff.page(path).one("ol", class_="history").all("li")) == 4


def test_what_is_missing_is_listed_and_cannot_be_handed_in(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility, status="draft", price=None, stock=None, photo=False).id
    path = f"/petugas/produk/{product_id}"
    page = staff.page(path)
    assert [item.text for item in page.one("ul", class_="missing").all("li")] == [
        "foto",
        "harga",
        "stok setiap varian dihitung",
    ]
    assert "disabled" in page.form(f"{path}/kirim").one("button").attrs
    answer = staff.post(f"{path}/kirim", data={"csrf_token": _token(staff, product_id)})
    assert answer.status_code == 303
    assert "Masih kurang: foto, harga" in staff.page(path).text


GET = ["", "/tarik", "/foto/{photo}"]
POST = [
    "", "/tarik", "/foto/{photo}", "/foto/{photo}/geser", "/foto/{photo}/hapus", "/foto", "/varian",
    "/varian/baru", "/varian/{variant}/hentikan", "/varian/{variant}/jual-lagi", "/pilihan", "/kirim",
    "/batal-kirim", "/mulai-lagi", "/salin",
]  # fmt: skip


def test_nobody_elses_product_is_there(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    other = factories.product(title="Milik orang lain")
    names = {"photo": other.photos[0].id, "variant": other.variants[0].id}
    path = f"/petugas/produk/{other.id}"
    mine = factories.product(facility)
    mine_id, other_id = mine.id, other.id
    token = {"csrf_token": _token(staff, mine_id), "title": "Curian", "reason": "x", "alt": "x"}
    for rest in GET:
        assert staff.get(path + rest.format(**names)).status_code == 404
    for rest in POST:
        assert staff.post(path + rest.format(**names), data=token).status_code == 404, rest
        crossed = f"/petugas/produk/{mine_id}{rest}".format(**names)
        if "{" in rest:
            assert staff.post(crossed, data=token).status_code == 404, crossed
    product = fresh(db, other_id)
    assert (product.title, product.status.value, len(product.photos)) == ("Milik orang lain", "published", 1)


@pytest.mark.parametrize("role", ["buyer", "promoter", "regional"])
def test_other_roles_stay_outside(client: Client, db: SQLAlchemy, role: str) -> None:
    factories.signed_in(client, role)
    for path in ("/petugas/produk", "/petugas/produk/baru", "/petugas/stok"):
        assert client.get(path).status_code == 403
