"""Many things changed at once: shown first, then all or nothing, once, and only one's own."""

from typing import Any

import pytest
from sqlalchemy import func, select

from storefront.bulk.models import BulkEdit
from storefront.bulk.services.edits import Kind, Moved, apply_edit, plan
from storefront.catalog.models import Product, Variant
from storefront.catalog.services import update_variant
from storefront.core.errors import Invalid
from storefront.core.models import AuditEntry
from storefront.facilities.models import Facility
from storefront.inventory.models import StockMovement
from storefront.inventory.queries import availability
from tests import factories
from tests.buying import buy, open_shop
from tests.support.client import Client


@pytest.fixture
def goods(db: Any) -> tuple[Any, list[int], int]:
    """A facility, the variants of two products on sale, and somebody of its staff."""
    facility = factories.facility("LPA")
    made = [factories.product(facility, title=title, price=50_000, stock=5) for title in ("Tas", "Topi")]
    ids = [product.variants[0].id for product in made]
    return facility.id, ids, factories.user("facility_staff", facility=facility).id


def prices(db: Any, ids: list[int]) -> list[int | None]:
    db.session.rollback()
    return [db.session.get_one(Variant, key).price for key in ids]


def test_prices_by_per_cent_are_rounded_to_hundreds(db: Any, goods: Any) -> None:
    facility_id, ids, actor = goods
    update_variant(db.session.get_one(Variant, ids[0]).product_id, ids[0], None, price=33_330)
    changes = plan(facility_id, Kind.PERCENT, 10, ids)
    assert [change.after for change in changes] == [36_700, 55_000]

    apply_edit(facility_id, actor, Kind.PERCENT, 10, marks=[change.mark for change in changes], once="x")

    assert prices(db, ids) == [36_700, 55_000]
    product = db.session.get_one(Variant, ids[0]).product
    assert (product.price_from, product.price_to) == (36_700, 36_700)
    acts = list(db.session.scalars(select(AuditEntry.action).filter_by(actor_id=actor)))
    assert acts.count("price.changed") == 2


def test_pressed_twice_brings_pieces_in_once(db: Any, goods: Any) -> None:
    facility_id, ids, actor = goods
    marks = [change.mark for change in plan(facility_id, Kind.RECEIVE, 3, ids)]
    first = apply_edit(facility_id, actor, Kind.RECEIVE, 3, marks=marks, once="x")
    again = apply_edit(facility_id, actor, Kind.RECEIVE, 3, marks=marks, once="x")
    assert first == again
    assert set(availability(ids).values()) == {8}
    assert db.session.scalar(select(func.count(StockMovement.id)).filter_by(kind="received")) == 2
    assert db.session.scalar(select(func.count(BulkEdit.id))) == 1


def test_what_changed_meanwhile_is_looked_at_again_and_nothing_is_half_done(db: Any, goods: Any) -> None:
    facility_id, ids, actor = goods
    marks = [change.mark for change in plan(facility_id, Kind.PRICE, 60_000, ids)]
    update_variant(db.session.get_one(Variant, ids[1]).product_id, ids[1], None, price=55_000)
    with pytest.raises(Moved):
        apply_edit(facility_id, actor, Kind.PRICE, 60_000, marks=marks, once="x")
    assert prices(db, ids) == [50_000, 55_000]
    assert db.session.scalar(select(func.count(BulkEdit.id))) == 0


def test_fewer_than_buyers_hold_is_not_counted(db: Any, goods: Any) -> None:
    facility_id, ids, _actor = goods
    open_shop()
    buy({db.session.get_one(Variant, ids[0]).product: 2})
    one, other = plan(facility_id, Kind.COUNT, 1, ids)
    assert ("dipesan" in one.problem, other.problem) == (True, "")


@pytest.mark.parametrize(
    ("amount", "said"), [("25000", False), ("24999", True), ("100000", False), ("100001", True)]
)
def test_a_price_that_leaps_is_pointed_out(
    app: Any, client: Client, db: Any, goods: Any, amount: str, said: bool
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    facility_id, ids, _actor = goods
    factories.signed_in(client, "facility_staff", facility=db.session.get(Facility, facility_id))
    asked = {"barang": ids, "kind": "price", "amount": amount}
    page = client.post("/petugas/ubah-banyak/periksa", data=asked).text
    assert ("2 harga turun di bawah setengahnya" in page, page.count("jauh berbeda")) == (said, 2 * said)


def test_others_things_are_simply_not_there(db: Any, goods: Any) -> None:
    facility_id, ids, actor = goods
    theirs = factories.product(factories.facility("LPB"), price=70_000)
    foreign = theirs.variants[0].id
    assert [change.variant_id for change in plan(facility_id, Kind.PRICE, 1, [*ids, foreign])] == ids
    with pytest.raises(Invalid):
        apply_edit(facility_id, actor, Kind.PRICE, 1, marks=[f"{foreign}:70000:1"], once="x")
    assert prices(db, [foreign]) == [70_000]


@pytest.mark.parametrize("mark", ["9" * 5_000, "9" * 30, "\u0663", "1\0", "-1", ""])
def test_marks_that_are_none_are_looked_at_again(db: Any, goods: Any, mark: str) -> None:
    facility_id, ids, actor = goods
    with pytest.raises((Moved, Invalid)):
        apply_edit(facility_id, actor, Kind.PRICE, 60_000, marks=[f"{mark}:50000:60000"], once="x")
    with pytest.raises(Moved):
        apply_edit(facility_id, actor, Kind.PRICE, 60_000, marks=[f"{ids[0]}:50000:60000"], once=f"x{mark}\0")
    assert prices(db, ids) == [50_000, 50_000]


@pytest.mark.parametrize(("kind", "amount"), [(Kind.PRICE, 0), (Kind.PERCENT, -91), (Kind.RECEIVE, 0)])
def test_numbers_beyond_the_bounds_are_refused(db: Any, goods: Any, kind: Kind, amount: int) -> None:
    facility_id, ids, _actor = goods
    with pytest.raises(Invalid):
        plan(facility_id, kind, amount, ids)


def test_statuses_move_by_the_products_own_steps(db: Any, goods: Any) -> None:
    facility_id, ids, actor = goods
    draft = factories.product(db.session.get(Facility, facility_id), status="draft")
    key = draft.variants[0].id
    changes = plan(facility_id, Kind.SUBMIT, None, [*ids, key])
    assert [bool(change.problem) for change in changes] == [True, True, False]
    marks = [change.mark for change in changes if not change.problem]
    apply_edit(facility_id, actor, Kind.SUBMIT, None, marks=marks, once="x")
    db.session.rollback()
    assert db.session.get_one(Variant, key).product.status == "submitted"


def test_through_the_pages(app: Any, client: Client, db: Any, goods: Any) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    facility_id, ids, _actor = goods
    factories.signed_in(client, "facility_staff", facility=db.session.get(Facility, facility_id))
    room = "/petugas/ubah-banyak"
    assert "Topi" in client.get(room).text
    wrong = client.post(f"{room}/periksa", data={"barang": ids, "kind": "price", "amount": "12,5"})
    assert wrong.status_code == 422
    assert wrong.text.count("checked") == 2
    asked = {"barang": ids, "kind": "percent", "amount": "-10%"}

    looked = client.post(f"{room}/periksa", data=asked)

    assert looked.status_code == 200
    assert "Rp45.000" in looked.text
    assert "Simpan 2 perubahan" in looked.text
    assert prices(db, ids) == [50_000, 50_000]
    confirmed = {
        "kind": "percent",
        "amount": "-10%",
        "once": "abc",
        "perubahan": [f"{key}:50000:45000" for key in ids],
    }
    assert client.post(f"{room}/simpan", data=confirmed).status_code == 303
    assert client.post(f"{room}/simpan", data=confirmed).status_code == 303
    assert prices(db, ids) == [45_000, 45_000]
    late = client.post(f"{room}/simpan", data=confirmed | {"once": "new"})
    assert late.status_code == 409
    assert "Rp40.500" in late.text
    assert prices(db, ids) == [45_000, 45_000]
    assert db.session.scalar(select(func.count(Product.id))) == 2
