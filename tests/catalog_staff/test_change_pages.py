"""Staged changes on both sides' pages: written, sent, compared, decided; buyers see all of it or nothing."""

from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from storefront.catalog.models import ChangePhoto, ChangeStatus, Product, ProductChange
from storefront.catalog.services import update_product
from storefront.catalog.services.changes import request_change, submit_change
from storefront.catalog.services.staging import save_details
from storefront.catalog.services.staging_photos import add_photo
from storefront.core import gallery
from storefront.core.db import db as database
from storefront.core.models import Picture
from storefront.core.storage import storage
from storefront.facilities.models import Facility
from tests import factories
from tests.catalog.conftest import jpeg
from tests.catalog_staff.photos import upload
from tests.support.client import Client

QUEUE = "/kanwil/kurasi/perubahan"


@pytest.fixture
def office(app: Flask, db: SQLAlchemy) -> Client:
    browser = app.test_client()
    factories.signed_in(browser, "regional")  # type: ignore[arg-type]
    return browser  # type: ignore[return-value]


@pytest.fixture
def visitor(app: Flask) -> Client:
    return app.test_client()  # type: ignore[return-value]


def change_of(db: SQLAlchemy, product_id: int) -> ProductChange:
    db.session.expire_all()
    return db.session.scalars(
        select(ProductChange).filter_by(product_id=product_id).order_by(ProductChange.id.desc())
    ).first()  # type: ignore[return-value]


def fresh(db: SQLAlchemy, product_id: int) -> Product:
    db.session.expire_all()
    return db.session.get_one(Product, product_id)


def send(client: Client, product_id: int, rest: str, data: dict[str, Any] | None = None) -> Any:
    path = f"/petugas/produk/{product_id}"
    return client.submit(path, data, action=path + rest)


def submitted(
    title: str = "Tas Lama", new: str = "Tas Baru", maker: Facility | None = None
) -> tuple[int, int]:
    """A product on sale whose new title waits; its id and the change's."""
    product_id = factories.product(maker, title=title).id
    save_details(product_id, None, title=new)
    submit_change(product_id, None)
    return product_id, _only(product_id)


def token(client: Client, product_id: int) -> str:
    page = client.page(f"/petugas/produk/{product_id}")
    return str(page.all("input", name="csrf_token")[0].attrs["value"])


def found_by(client: Client, words: str) -> list[str]:
    return [link.attrs["href"] for link in client.page(f"/produk?q={words}").all("a", class_="card__link")]


def _only(product_id: int) -> int:
    return database.session.scalars(select(ProductChange.id).filter_by(product_id=product_id)).one()


def test_an_edit_of_a_product_on_sale_waits_until_it_is_approved(
    staff: Client, office: Client, visitor: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product = factories.product(facility, title="Tas Lama")
    product_id, public = product.id, f"/produk/{product.slug}"
    other = f"/produk/{factories.product(title='Tikar Pandan').slug}"
    answer = send(staff, product_id, "", {"title": "Tas Pandan Hutan", "max_per_order": "4"})
    assert (answer.status_code, fresh(db, product_id).max_per_order) == (303, 4)
    page = staff.page(f"/petugas/produk/{product_id}")
    assert page.one("ins").text.endswith("Pandan Hutan")
    assert page.one("input", name="title").attrs["value"] == "Tas Pandan Hutan"
    sent = {"checked": "yes", "photos": [upload("a.jpg")]}
    assert send(staff, product_id, "/foto", sent).status_code == 303
    assert send(staff, product_id, "/pilihan", {"option-first": "warna"}).status_code == 303
    for colour in ("marun", "krem"):
        new = {"new-first": colour, "new-price": "55.000", "new-weight": "300"}
        assert send(staff, product_id, "/varian/baru", new).status_code == 303
    assert send(staff, product_id, "/perubahan/kirim").status_code == 303
    before = visitor.get(public).text
    assert ("Tas Lama" in before, "Pandan" in before, "marun" in before) == (True, False, False)
    assert found_by(visitor, "pandan") == [other]
    change_id = change_of(db, product_id).id
    listed = office.page(QUEUE)
    assert "Judul, Pilihan varian, Varian baru, Foto" in listed.text
    shown = office.page(f"{QUEUE}/{change_id}")
    assert [part.text for part in shown.all("h3", class_="diff__name")] == [
        "Judul", "Pilihan varian", "Varian baru", "Foto",
    ]  # fmt: skip
    assert office.submit(f"{QUEUE}/{change_id}", action=f"{QUEUE}/{change_id}/setujui").location == QUEUE
    after = visitor.get(public).text
    assert ("Tas Pandan Hutan" in after, "marun" in after, "krem" in after) == (True, True, True)
    assert len(fresh(db, product_id).photos) == 2
    assert sorted(found_by(visitor, "pandan")) == sorted([other, public])
    history = staff.page(f"/petugas/produk/{product_id}").one("ol", class_="history history--changes")
    steps = [item.text for item in history.all("p", class_="history__what")]
    assert steps == ["Disetujui", "Perubahan dikirim"]
    twice = office.get(f"{QUEUE}/{change_id}")
    assert (twice.status_code, "Setujui perubahan" in twice.text) == (200, False)


def test_photos_that_wait_are_for_the_facility_and_the_office_only(
    staff: Client, office: Client, visitor: Client, app: Flask, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility).id
    add_photo(product_id, jpeg(), "Samping", None)
    picture = db.session.scalars(select(Picture).join(ChangePhoto)).one()
    name = next(one for one in gallery.file_names(picture) if storage().exists(one))
    address = gallery.address(name)
    assert address in staff.get(f"/petugas/produk/{product_id}").text
    for who in (staff, office):
        with who.get(address) as answer:
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert visitor.get(address).status_code in {302, 303}
    assert visitor.get(f"/media/{name}").status_code == 404
    for role in ("facility_staff", "promoter", "buyer"):
        other: Client = app.test_client()  # type: ignore[assignment]
        factories.signed_in(other, role, facility=factories.facility() if role == "facility_staff" else None)
        assert other.get(address).status_code in {403, 404}, role
    assert staff.get(address.replace(".jpg", ".svg").replace(".webp", ".svg")).status_code == 404
    assert staff.get("/foto-usulan/x-1.webp").status_code == 404


def test_a_staged_photo_is_described_moved_and_dropped(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility).id
    send(staff, product_id, "/foto", {"checked": "yes", "photos": [upload("a.jpg")]})
    key = db.session.scalars(select(ChangePhoto.picture_id)).one()
    path = f"/petugas/produk/{product_id}/foto-usulan/{key}"
    assert staff.submit(path, {"alt": "Tali panjang"}, action="").status_code == 303
    assert staff.submit(path, {"alt": "x" * 301}, action="").status_code == 422
    up = {"direction": "up", "csrf_token": token(staff, product_id)}
    assert staff.post(f"{path}/geser", data=up).status_code == 303
    assert change_of(db, product_id).fields["photos"][0] == {"picture": key, "alt": "Tali panjang"}
    assert staff.submit(path, action=f"{path}/hapus").status_code == 303
    assert change_of(db, product_id).status is ChangeStatus.WITHDRAWN
    assert staff.get(path).status_code == 404


def test_the_office_returns_a_change_with_a_comment_and_marks(
    staff: Client, office: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id, change_id = submitted(maker=facility)
    page = f"{QUEUE}/{change_id}"
    for reason in ("", "x", "y" * 501):
        bad = office.submit(page, {"reason": reason, "marked": "title"}, action=f"{page}/kembalikan")
        assert (bad.status_code, "checked" in bad.text) == (422, True)
    good = {"reason": "Judul terlalu umum.", "marked": "title"}
    assert office.submit(page, good, action=f"{page}/kembalikan").status_code == 303
    text = staff.page(f"/petugas/produk/{product_id}").text
    for words in ("Judul terlalu umum.", "Ditandai Kanwil", "Perlu diperbaiki"):
        assert words in text
    assert fresh(db, product_id).title == "Tas Lama"
    assert send(staff, product_id, "/perubahan/kirim").status_code == 303
    assert change_of(db, product_id).status is ChangeStatus.SUBMITTED
    assert send(staff, product_id, "/perubahan/batal-kirim").status_code == 303
    assert send(staff, product_id, "/perubahan/urungkan", {"part": "title"}).status_code == 303
    assert change_of(db, product_id).fields == {}
    assert send(staff, product_id, "/perubahan/buang").status_code == 303
    path, sent = f"/petugas/produk/{product_id}", {"csrf_token": token(staff, product_id)}
    assert staff.post(f"{path}/perubahan/kirim", data=sent).status_code == 404


def test_the_office_asks_for_a_change(
    staff: Client, office: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility).id
    path = f"/kanwil/kurasi/{product_id}/minta-perubahan"
    assert office.submit(path, {"reason": ""}, action="").status_code == 422
    asked = {"reason": "Tambahkan ukurannya.", "marked": "size_note"}
    assert office.submit(path, asked, action="").status_code == 303
    page = staff.page(f"/petugas/produk/{product_id}")
    assert "Tambahkan ukurannya." in page.text
    assert "Minta perubahan" in office.page(f"/kanwil/kurasi/{product_id}").text
    assert "Kanwil meminta perubahan" in page.text
    assert "Perubahan yang diminta Kanwil" in staff.page("/petugas").text
    assert send(staff, product_id, "", {"size_note": "30 × 20 cm"}).status_code == 303
    today = staff.page("/petugas").text
    assert ("diminta Kanwil" in today, "Perubahan belum dikirim" in today) == (False, True)
    draft = factories.product(facility, status="submitted").id
    assert "sedang tidak tayang" in office.page(f"/kanwil/kurasi/{draft}/minta-perubahan").text


def test_many_are_approved_at_once_each_with_its_result(office: Client, db: SQLAlchemy) -> None:
    assert "Tidak ada perubahan yang menunggu" in office.page(QUEUE).text
    good, first = submitted("Satu Lama", "Satu Baru")
    stale, second = submitted("Dua Lama", "Dua Baru")
    third = submitted("Tiga Lama", "Tiga Baru")[1]
    keys = (first, second, third)
    marks = {key: f"{key}-{db.session.get_one(ProductChange, key).revision}" for key in keys}
    save_details(stale, None, title="Dua Lain")
    form = {"csrf_token": office.page(QUEUE).all("input", name="csrf_token")[0].attrs["value"]}
    sent = form | {"mark": [marks[first], marks[second], marks[first], "9999-1", "x", "1-", "-1"]}
    page = office.post(f"{QUEUE}/setujui", data=sent)
    assert (page.status_code, "1 dari 3 disetujui." in page.text) == (200, True)
    assert (fresh(db, good).title, fresh(db, stale).title) == ("Satu Baru", "Dua Lama")
    assert change_of(db, stale).status is ChangeStatus.SUBMITTED
    again = office.post(f"{QUEUE}/setujui", data=sent)
    assert "0 dari 3 disetujui." in again.text
    assert office.post(f"{QUEUE}/setujui", data=form).status_code == 303
    lines = office.page(QUEUE).one("ul", class_="lines").all("li")
    assert ["Dua Lama" in lines[0].text, "Tiga Lama" in lines[1].text] == [True, True]


def test_what_a_facility_still_writes_is_its_own_business(
    staff: Client, office: Client, db: SQLAlchemy, facility: Facility
) -> None:
    mine = factories.product(facility).id
    save_details(mine, None, title="Masih ditulis")
    assert office.get(f"{QUEUE}/{change_of(db, mine).id}").status_code == 404
    other, change_id = submitted()
    assert staff.get(f"{QUEUE}/{change_id}").status_code == 403
    sent = {"csrf_token": token(staff, mine)}
    for rest in ("kirim", "batal-kirim", "buang", "urungkan", "perbarui"):
        assert staff.post(f"/petugas/produk/{other}/perubahan/{rest}", data=sent).status_code == 404, rest
    assert change_of(db, other).status is ChangeStatus.SUBMITTED


def test_a_change_that_moved_on_is_shown_and_fitted(
    staff: Client, office: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id, change_id = submitted(maker=facility)
    update_product(product_id, None, "Tas Lain")
    page = office.page(f"{QUEUE}/{change_id}")
    assert "Produknya sudah berubah" in page.text
    answer = office.submit(f"{QUEUE}/{change_id}", action=f"{QUEUE}/{change_id}/setujui")
    assert "Usulannya tetap ada." in office.page(answer.location).text
    assert fresh(db, product_id).title == "Tas Lain"
    assert send(staff, product_id, "/perubahan/perbarui").status_code == 303
    assert office.submit(f"{QUEUE}/{change_id}", action=f"{QUEUE}/{change_id}/setujui").location == QUEUE
    assert fresh(db, product_id).title == "Tas Baru"


def test_both_pages_speak_english(staff: Client, office: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id, change_id = submitted(maker=facility)
    request_change(factories.product(facility).id, None, "Tambahkan ukurannya.")
    assert "Waiting for the regional office" in staff.page(f"/en/petugas/produk/{product_id}").text
    assert "What changes" in office.page(f"/en{QUEUE}/{change_id}").text
    assert "Approve the marked ones" in office.page(f"/en{QUEUE}").text
