"""The queues of the regional office: who waits how long, what one looks for, and many decided at once."""

from datetime import timedelta
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy

from storefront.accounts.models import User
from storefront.catalog.models import CurationEvent, Product, ProductStatus
from storefront.catalog.services import return_product, update_product
from storefront.catalog.services.changes import submit_change
from storefront.catalog.services.gate import approve_photo
from storefront.catalog.services.staging import alive_change, save_details
from storefront.catalog.services.staging_photos import add_photo
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.models import Job
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from tests import factories
from tests.catalog.conftest import jpeg
from tests.support.client import Client

QUEUE = "/kanwil/kurasi"
CHANGES = "/kanwil/kurasi/perubahan"


@pytest.fixture
def office(client: Client, db: SQLAlchemy) -> User:
    return factories.signed_in(client, "regional")


@pytest.fixture
def place(db: SQLAlchemy) -> Facility:
    return factories.facility("LPA", name="Lapas Satu")


@pytest.fixture
def maker(place: Facility) -> User:
    return factories.user("facility_staff", facility=place)


def waiting(title: str, *, code: str | None = None, days: int = 0, **fields: Any) -> int:
    """A product that has waited for so many days."""
    made = factories.product(
        factories.facility(code) if code else None, title=title, status="submitted", **fields
    )
    product_id = made.id
    with transaction():
        database.session.get_one(Product, product_id).submitted_at = clock.now() - timedelta(days=days)
    return product_id


def titles(client: Client, path: str) -> list[str]:
    return [link.text for link in client.page(path).all("a", class_="line__title")]


def boxes(client: Client, path: str = QUEUE) -> dict[str, bool]:
    """What is written on the box of each line, and whether it may be marked."""
    found = client.page(path).all("input", name="mark")
    return {box.attrs["value"]: "disabled" not in box.attrs for box in found}


def send(client: Client, marks: list[str], path: str = f"{QUEUE}/terbitkan") -> Any:
    token = client.page("/kanwil/sinonim").all("input", name="csrf_token")[0].attrs["value"]
    return client.post(path, data={"csrf_token": token, "mark": marks})


def status_of(db: SQLAlchemy, product_id: int) -> ProductStatus:
    db.session.expire_all()
    return db.session.get_one(Product, product_id).status


def test_both_queues_are_searched_by_words_facility_and_age(
    client: Client, office: User, db: SQLAlchemy
) -> None:
    place = waiting("Kursi Rotan", code="LPB", days=8)
    waiting("Meja 100%", days=3)
    waiting("Lampu", days=2)
    facility_id = db.session.get_one(Product, place).facility_id
    assert titles(client, QUEUE) == ["Kursi Rotan", "Meja 100%", "Lampu"]
    for asked, found in {
        "q=rotan": ["Kursi Rotan"],
        "q=%25": ["Meja 100%"],
        "umur=3": ["Kursi Rotan", "Meja 100%"],
        "umur=7": ["Kursi Rotan"],
        "umur=14": [],
        f"lapas={facility_id}": ["Kursi Rotan"],
        f"lapas={facility_id}&q=meja": [],
        "lapas=x&umur=9999&q=": ["Kursi Rotan", "Meja 100%", "Lampu"],
        "lapas=99999999999999999999&umur=-3": ["Kursi Rotan", "Meja 100%", "Lampu"],
    }.items():
        assert titles(client, f"{QUEUE}?{asked}") == found, asked
    assert "Tidak ada yang cocok di antrean" in client.page(f"{QUEUE}?umur=14").text
    assert len(client.page(QUEUE).one("select", id="lapas").all("option")) == 4

    change = factories.product(title="Tas Lama").id
    save_details(change, None, title="Tas Baru")
    with clock.travel(clock.now() - timedelta(days=5)):
        submit_change(change, None)
    assert titles(client, f"{CHANGES}?umur=3&q=tas") == ["Tas Lama"]
    assert titles(client, f"{CHANGES}?umur=7") == []
    assert "Tidak ada yang cocok" in client.page(f"{CHANGES}?umur=7").text


def test_many_new_products_are_published_each_with_its_result(
    client: Client, office: User, maker: User, db: SQLAlchemy
) -> None:
    good, moved, back, poor = (
        waiting("Satu"), waiting("Dua"), waiting("Tiga"), waiting("Empat", photo=False),
    )  # fmt: skip
    seen = boxes(client)
    assert list(seen.values()) == [True, True, True, False]
    assert "Masih kurang: foto." in client.page(QUEUE).text
    update_product(moved, None, title="Dua Lain")
    return_product(back, office.id, "Fotonya gelap.")
    marks = [*seen, *seen, "999999-x", "x", "-1", "7", f"{good}-"]
    for published in (1, 0):  # a double click finds it done
        page = send(client, marks).text
        assert f"{published} dari 5 disetujui." in page
    assert [status_of(db, one).value for one in (good, moved, back, poor)] == [
        "published", "submitted", "returned", "submitted",
    ]  # fmt: skip
    assert db.session.query(CurationEvent).filter_by(product_id=good, to_status="published").count() == 1
    assert "Produk ini baru saja diubah" in page
    assert send(client, []).status_code == 303
    assert send(client, ["x"]).location == QUEUE


def test_a_photo_that_nobody_looked_at_keeps_its_product_out_of_the_bulk(
    client: Client, office: User, maker: User, db: SQLAlchemy
) -> None:
    product_id = factories.product(status="submitted", photo=False, title="Kursi").id
    add_photo(product_id, jpeg(), "Depan", maker.id, checked=True)
    (mark,) = boxes(client)
    assert boxes(client) == {mark: False}
    assert "Fotonya belum diperiksa: buka halamannya." in client.page(QUEUE).text
    assert "Fotonya belum diperiksa. Buka halamannya" in send(client, [mark]).text
    assert status_of(db, product_id) is ProductStatus.SUBMITTED
    approve_photo(db.session.get_one(Product, product_id).photos[0].picture_id, office.id)
    assert "1 dari 1 disetujui." in send(client, list(boxes(client))).text
    assert status_of(db, product_id) is ProductStatus.PUBLISHED


def test_a_change_with_such_a_photo_is_decided_on_its_own_page(
    client: Client, office: User, maker: User, db: SQLAlchemy
) -> None:
    product_id = factories.product(title="Kursi").id
    add_photo(product_id, jpeg(), "Samping", maker.id, checked=True)
    submit_change(product_id, maker.id)
    change = alive_change(product_id)
    assert change is not None
    mark = f"{change.id}-{change.revision}"
    assert boxes(client, CHANGES) == {mark: False}
    assert "0 dari 1 disetujui." in send(client, [mark], f"{CHANGES}/setujui").text
    assert alive_change(product_id) is not None
    path = f"{CHANGES}/{change.id}"
    assert client.submit(path, action=f"{path}/setujui").location == CHANGES
    assert alive_change(product_id) is None


def test_the_facility_hears_of_a_bulk_in_one_letter(
    client: Client, office: User, maker: User, place: Facility, db: SQLAlchemy
) -> None:
    for title in ("Satu", "Dua"):
        factories.product(place, title=title, status="submitted")
    start = clock.now().replace(minute=clock.now().minute // 10 * 10)  # ten minutes do not end in between
    with clock.travel(start):
        factories.sign_in(client, office)
        assert "2 dari 2 disetujui." in send(client, list(boxes(client))).text
    assert db.session.query(Job).filter_by(kind="curation.verdicts").count() == 1


def test_only_the_office_publishes(client: Client, maker: User, db: SQLAlchemy) -> None:
    product_id = waiting("Satu")
    factories.sign_in(client, maker)
    token = client.page("/petugas/produk/baru").all("input", name="csrf_token")[0].attrs["value"]
    answer = client.post(f"{QUEUE}/terbitkan", data={"csrf_token": token, "mark": f"{product_id}-x"})
    assert (answer.status_code, status_of(db, product_id)) == (403, ProductStatus.SUBMITTED)
