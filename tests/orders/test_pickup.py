"""Goods that are collected are handed to whoever knows the code, or for a reason that stays."""

from typing import Any

import pytest
from sqlalchemy import select

from storefront.core import outbox
from storefront.core.errors import Invalid, NotFound, TooMany
from storefront.core.models import AuditEntry
from storefront.orders.models import OrderEvent, OrderStatus, Parcel, ParcelStatus
from storefront.orders.services import (
    Actor,
    IllegalMove,
    accept_parcel,
    collect_parcel,
    collect_without_code,
    finish_parcel,
    pack_parcel,
    ready_parcel,
)
from tests import factories
from tests.buying import buy, open_shop, order_of, pay


@pytest.fixture
def ready(db: Any) -> Parcel:
    """A parcel that its buyer may come for."""
    open_shop()
    bag = factories.product(factories.facility("LPA"), stock=5)
    placed = buy({bag: 1}, pickups=frozenset({bag.facility_id}))
    pay(placed)
    [parcel] = order_of(placed).parcels
    for step in (accept_parcel, pack_parcel, ready_parcel):
        step(bag.facility_id, parcel.id, Actor())
    db.session.rollback()
    return parcel


@pytest.fixture
def me(db: Any) -> Actor:
    return Actor(factories.user("facility_staff").id)


def status(db: Any, parcel_id: int) -> tuple[str, str]:
    db.session.expire_all()
    parcel = db.session.get_one(Parcel, parcel_id)
    return parcel.status.value, parcel.order.status.value


def wrong(code: str) -> str:
    return "00000" if code != "00000" else "11111"


def test_whoever_says_the_code_gets_the_goods(ready: Parcel, me: Actor, db: Any) -> None:
    at, key, code = ready.facility_id, ready.id, ready.pickup_code
    assert len(code) == 5
    with pytest.raises(Invalid):
        collect_parcel(at, key, me, code=wrong(code))
    collect_parcel(at, key, me, code=f" {code[:2].lower()}-{code[2:]} ")
    assert status(db, key) == (ParcelStatus.COLLECTED, OrderStatus.COMPLETED)
    with pytest.raises(IllegalMove):
        collect_parcel(at, key, me, code=code)


def test_letters_that_look_like_digits_are_read_as_such(ready: Parcel, me: Actor, db: Any) -> None:
    at, key = ready.facility_id, ready.id
    db.session.get_one(Parcel, key).pickup_code = "01Z10"
    db.session.commit()
    collect_parcel(at, key, me, code="oIzlO")
    assert status(db, key)[0] == ParcelStatus.COLLECTED


def test_guesses_are_counted(ready: Parcel, me: Actor, db: Any) -> None:
    at, key, code = ready.facility_id, ready.id, ready.pickup_code
    for _ in range(5):
        with pytest.raises(Invalid):
            collect_parcel(at, key, me, code=wrong(code))
    with pytest.raises(TooMany):
        collect_parcel(at, key, me, code=code)
    assert status(db, key)[0] == ParcelStatus.READY


def test_no_other_way_leads_past_the_code(ready: Parcel, me: Actor, db: Any) -> None:
    with pytest.raises(IllegalMove):
        finish_parcel(ready.facility_id, ready.id, me)
    for at in (ready.facility_id + 1, factories.facility("LPB").id):
        for act in (
            lambda at=at: collect_parcel(at, ready.id, me, code=ready.pickup_code),
            lambda at=at: collect_without_code(at, ready.id, me, reason="Kenal dari kartunya"),
        ):
            with pytest.raises(NotFound):
                act()
    assert status(db, ready.id)[0] == ParcelStatus.READY


def test_without_the_code_a_reason_stays_with_the_order_and_the_act_in_the_log(
    ready: Parcel, me: Actor, db: Any
) -> None:
    at, key, code = ready.facility_id, ready.id, ready.code
    with pytest.raises(Invalid):
        collect_without_code(at, key, me, reason="  ya ")
    collect_without_code(at, key, me, reason="Kartu identitas Ibu Siti cocok")
    assert status(db, key)[0] == ParcelStatus.COLLECTED
    event = db.session.scalars(
        select(OrderEvent).order_by(OrderEvent.id.desc()).filter_by(parcel_id=key)
    ).first()
    assert (event.note, event.actor_id) == ("Kartu identitas Ibu Siti cocok", me.id)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert (entry.action, entry.subject_id, entry.actor_id) == ("parcel.collected_without_code", code, me.id)
    assert "Siti" not in str(entry.facts)


def test_the_buyer_is_told_on_the_page_and_by_letter_and_the_staff_are_not(
    client: Any, ready: Parcel, db: Any, letters: Any
) -> None:
    key, code, token, place = ready.id, ready.pickup_code, ready.order.token, ready.facility
    outbox.drain()
    assert f"Kode pengambilan: {code}" in letters()[-1].get_body(("plain",)).get_content()
    assert code in client.page(f"/pesanan/{token}").one("main").text
    factories.signed_in(client, "facility_staff", facility=place)
    page = f"/petugas/pesanan/{key}"
    assert code not in client.get(page).text
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(f"{page}/serahkan", data={"code": wrong(code)})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert wrong(code) in answer.text, "what was typed stays"
    nothing = client.post(f"{page}/serahkan", data={"reason": ""})
    assert (nothing.status_code, "Tulis bagaimana Anda mengenali" in nothing.text) == (422, True)
    assert client.post(f"{page}/serahkan", data={"code": code}).status_code == 303
    assert code not in client.page(f"/pesanan/{token}").one("main").text
