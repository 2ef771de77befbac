"""Photos put in their place in one go: at once or staged, never over what somebody else did meanwhile."""

from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.models import Product, ProductPhoto
from storefront.catalog.services.staging_photos import Rearranged, album, drop_photo, place_photo
from storefront.core.db import db as database
from storefront.core.sequence import placed
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from tests import factories
from tests.checkout.test_races import at_once
from tests.support.client import Client


def with_photos(maker: Facility, many: int = 4, **fields: Any) -> int:
    """A product with so many photos; its id."""
    product_id = factories.product(maker, **fields).id
    with transaction():
        database.session.add_all(
            ProductPhoto(product_id=product_id, picture=factories.picture(), position=number)
            for number in range(2, many + 1)
        )
    return product_id


def row(db: SQLAlchemy, product_id: int) -> list[int]:
    """The pictures of a product as its facility sees them."""
    db.session.expire_all()
    return [picture.id for picture, _alt, _photo in album(db.session.get_one(Product, product_id))]


def shown(db: SQLAlchemy, product_id: int) -> list[int]:
    """The pictures of a product as the public sees them."""
    db.session.expire_all()
    return [photo.picture_id for photo in db.session.get_one(Product, product_id).photos]


def drag(client: Client, product_id: int, number: int, **sent: Any) -> Any:
    """What the script sends when the photo of this number (0 the first) was dragged."""
    page = client.page(f"/petugas/produk/{product_id}")
    item = page.all("li", class_="album__item")[number]
    form = next(one for one in item.all("form") if one.attrs["action"].endswith("/geser"))
    token = form.one("input", name="csrf_token").attrs["value"]
    seen = ",".join(one.attrs["data-photo"] for one in page.all("li", class_="album__item"))
    body = {"csrf_token": token, "seen": seen} | sent
    return client.post(form.attrs["action"], data=body, headers={"Accept": "application/json"})


@given(st.lists(st.integers(), min_size=1, max_size=8, unique=True), st.data())
def test_a_place_in_a_row_is_where_it_stands_then(things: list[int], data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(things))
    place = data.draw(st.integers(-2, 12))
    after = placed(things, one, place)
    assert sorted(after) == sorted(things)
    assert after.index(one) == min(max(place, 1), len(things)) - 1
    assert [other for other in after if other != one] == [other for other in things if other != one]


def test_a_dragged_photo_stands_where_it_was_put(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id = with_photos(facility, status="draft")
    a, b, c, d = row(db, product_id)
    answer = drag(staff, product_id, 3, place="1")
    assert (answer.status_code, answer.json) == (200, {"words": "Foto sekarang di urutan 1 dari 4."})
    assert row(db, product_id) == shown(db, product_id) == [d, a, b, c]
    assert db.session.get_one(Product, product_id).photo_id == d, "the first is its face"
    drag(staff, product_id, 0, place="3")
    assert row(db, product_id) == [a, b, d, c]
    for nonsense in ("99", "-1", "x", ""):
        assert drag(staff, product_id, 0, place=nonsense).status_code == 200
    assert sorted(row(db, product_id)) == [a, b, c, d]


def test_on_sale_the_order_waits_for_the_office(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id = with_photos(facility)
    a, b, c, d = row(db, product_id)
    answer = drag(staff, product_id, 2, place="1")
    assert "Kanwil menyetujuinya" in answer.json["words"]
    assert (row(db, product_id), shown(db, product_id)) == ([c, a, b, d], [a, b, c, d])
    drag(staff, product_id, 0, place="3")
    assert row(db, product_id) == [a, b, c, d]
    assert "Perubahan yang belum tayang" not in staff.get(f"/petugas/produk/{product_id}").text


@pytest.mark.parametrize("status", ["draft", "published"])
def test_an_order_that_was_not_looked_at_is_not_changed(
    staff: Client, db: SQLAlchemy, facility: Facility, status: str
) -> None:
    product_id = with_photos(facility, status=status)
    a, b, c, d = row(db, product_id)
    for seen in (f"{b},{a},{c},{d}", f"{a},{b},{c}", f"{a},{b},{c},{d},{d + 1}", "", "x", "9" * 500):
        answer = drag(staff, product_id, 0, place="2", seen=seen)
        assert (answer.status_code, "dari layar lain" in answer.json["error"]) == (409, True), seen
    assert row(db, product_id) == [a, b, c, d]


def test_a_photo_that_went_away_meanwhile_is_no_error(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = with_photos(facility, status="draft")
    a, b, c, d = row(db, product_id)
    photo_id = db.session.get_one(Product, product_id).photos[3].id
    path = f"/petugas/produk/{product_id}"
    token = staff.page(path).all("input", name="csrf_token")[0].attrs["value"]
    drop_photo(product_id, d, None)
    body = {"csrf_token": token, "place": "1", "seen": f"{a},{b},{c},{d}"}
    gone = staff.post(f"{path}/foto/{photo_id}/geser", data=body, headers={"Accept": "application/json"})
    assert (gone.status_code, "dari layar lain" in gone.json["error"]) == (409, True)
    assert row(db, product_id) == [a, b, c]


def test_nobody_elses_photos_are_put_in_order(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    mine, other = with_photos(facility), with_photos(factories.facility("LPLAIN"), status="draft")
    before = row(db, other)
    photo_id = db.session.get_one(Product, other).photos[1].id
    token = staff.page(f"/petugas/produk/{mine}").all("input", name="csrf_token")[0].attrs["value"]
    body = {"csrf_token": token, "place": "1", "seen": ",".join(map(str, before))}
    answer = staff.post(f"/petugas/produk/{other}/foto/{photo_id}/geser", data=body)
    assert (answer.status_code, row(db, other)) == (404, before)
    mixed = staff.post(f"/petugas/produk/{mine}/foto/{photo_id}/geser", data=body)
    assert (mixed.status_code, row(db, other)) == (409, before)


def test_a_withdrawn_product_stays_as_it_is(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id = with_photos(facility, status="archived")
    before = row(db, product_id)
    assert "data-move" not in staff.get(f"/petugas/produk/{product_id}").text
    photo_id = db.session.get_one(Product, product_id).photos[1].id
    token = staff.page("/petugas/produk/baru").form().one("input", name="csrf_token").attrs["value"]
    body = {"csrf_token": token, "place": "1", "seen": ",".join(map(str, before))}
    assert staff.post(f"/petugas/produk/{product_id}/foto/{photo_id}/geser", data=body).status_code == 409
    assert row(db, product_id) == before


@pytest.mark.parametrize("status", ["draft", "published"])
def test_two_screens_that_drag_at_once_are_not_mixed(
    app: Flask, db: SQLAlchemy, facility: Facility, status: str
) -> None:
    """Both looked at the same order: one drag counts, the others are told."""
    product_id = with_photos(facility, status=status)
    seen = row(db, product_id)
    jobs = [
        lambda place=place, key=key: place_photo(product_id, key, None, place, seen=seen)
        for place, key in ((1, seen[3]), (4, seen[0]), (2, seen[3]), (3, seen[0]))
    ]
    results = at_once(app, jobs)
    assert results.count(Rearranged) == 3
    assert row(db, product_id) in [
        placed(seen, seen[3], 1),
        placed(seen, seen[0], 4),
        placed(seen, seen[3], 2),
        placed(seen, seen[0], 3),
    ]
