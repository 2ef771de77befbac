"""Parcels on their way: followed at their couriers until they arrive, and never taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from config import Config
from devtools.courier_simulator import CourierServer
from storefront.core import clock, outgoing
from storefront.core.db import db as database
from storefront.core.models import Job, JobState
from storefront.core.outbox import drain
from storefront.orders.models import OrderStatus, Parcel, ParcelStatus
from storefront.orders.services import Actor, accept_parcel, finish_parcel, pack_parcel, ship_parcel
from storefront.orders.services.tracking import look
from storefront.shipping.models import TrackingEvent
from storefront.shipping.services import load_first_links
from tests import factories
from tests.buying import buy, open_shop, order_of, pay

BEFORE = [("2026-01-20T14:30:00", "Diterima oleh BUDI", "MEDAN")]  # somebody else's, long ago
ON_THE_WAY = [("2027-01-20T09:00:00", "Diterima di Serang", "SERANG")]
ARRIVED = [*ON_THE_WAY, ("2027-01-21T14:30:00", "Diterima oleh SITI", "TANGERANG")]


@pytest.fixture
def couriers():
    outgoing._breakers.clear()
    with CourierServer([], key="kunci") as server:
        yield server


@pytest.fixture
def config(config: Config, couriers: CourierServer) -> Config:
    return Config(
        **vars(config) | {"RAJAONGKIR_KEY": "kunci", "RAJAONGKIR_API_BASE": couriers.rajaongkir}
        | {"BITESHIP_KEY": "kunci", "BITESHIP_API_BASE": couriers.biteship}
    )  # fmt: skip


@pytest.fixture
def parcel_id(db):
    open_shop()
    placed = buy({factories.product(): 1})
    pay(placed)
    [parcel] = order_of(placed).parcels
    facility_id, parcel_id = parcel.facility_id, parcel.id
    accept_parcel(facility_id, parcel_id, Actor(None))
    pack_parcel(facility_id, parcel_id, Actor(None))
    ship_parcel(facility_id, parcel_id, Actor(None), courier="JNE", waybill="ABC12345")
    return parcel_id


def parcel(parcel_id):
    database.session.expire_all()
    return database.session.get_one(Parcel, parcel_id)


def jobs():
    return database.session.scalar(
        select(func.count(Job.id)).where(Job.kind == "parcel.follow", Job.state == JobState.READY)
    )


def later(hours):
    return clock.travel(clock.now() + timedelta(hours=hours))


def test_a_parcel_is_looked_for_and_looked_for_again(parcel_id, couriers):
    couriers.move("jne", "ABC12345", ON_THE_WAY)
    drain()
    assert couriers.calls() == 0  # too early
    with later(5):
        drain()
        assert parcel(parcel_id).status is ParcelStatus.SHIPPED
        assert [event.words for event in database.session.scalars(select(TrackingEvent))] == [
            "Diterima di Serang"
        ]
        assert jobs() == 1


def test_arrived_is_delivered_and_completes_the_order(parcel_id, couriers):
    couriers.move("jne", "ABC12345", ARRIVED, delivered=True)
    with later(5):
        drain()
    found = parcel(parcel_id)
    assert (found.status, found.order.status) == (ParcelStatus.DELIVERED, OrderStatus.COMPLETED)
    assert jobs() == 0
    events = database.session.scalars(select(TrackingEvent).order_by(TrackingEvent.at)).all()
    assert [event.delivered for event in events] == [False, True]


def test_the_same_job_twice_writes_nothing_twice(parcel_id, couriers):
    couriers.move("jne", "ABC12345", ON_THE_WAY)
    payload = {"parcel_id": parcel_id, "round": 0}
    look(payload)
    look(payload)
    assert database.session.scalar(select(func.count(TrackingEvent.id))) == 1
    assert jobs() == 2  # the first one, and one next look


def test_staff_who_were_faster_are_not_overruled(parcel_id, couriers):
    at = parcel(parcel_id).facility_id
    finish_parcel(at, parcel_id, Actor(None))
    couriers.move("jne", "ABC12345", ON_THE_WAY)
    with later(5):
        drain()
    assert parcel(parcel_id).status is ParcelStatus.DELIVERED
    assert couriers.calls() == 0


@pytest.mark.parametrize("kind", ["down", "quota", "nonsense"])
def test_a_vendor_that_is_away_costs_a_round(parcel_id, couriers, kind):
    couriers.fail(kind)
    with later(5):
        drain()
        assert jobs() == 1
    couriers.mend()
    outgoing._breakers.clear()
    couriers.move("jne", "ABC12345", ARRIVED, delivered=True)
    with later(12):
        drain()
    assert parcel(parcel_id).status is ParcelStatus.DELIVERED


def test_the_second_vendor_knows_what_the_first_does_not(parcel_id, couriers):
    couriers.fail("down", vendor="rajaongkir")
    couriers.move("jne", "ABC12345", ARRIVED, delivered=True)
    with later(5):
        drain()
    assert parcel(parcel_id).status is ParcelStatus.DELIVERED
    assert {event.provider for event in database.session.scalars(select(TrackingEvent))} == {"biteship"}


def test_nobody_looks_for_ever(parcel_id, couriers):
    with later(24 * 46):
        drain()
    assert couriers.calls() == 0
    assert jobs() == 0


def test_the_buyer_and_the_staff_read_it(parcel_id, couriers, client):
    couriers.move("jne", "ABC12345", ON_THE_WAY)
    look({"parcel_id": parcel_id, "round": 0})
    found = parcel(parcel_id)
    token, at = found.order.token, found.facility
    load_first_links()
    page = client.get(f"/pesanan/{token}").text
    assert "Diterima di Serang" in page
    assert "1 kabar dari kurir" in page
    assert "https://jne.co.id" in page
    factories.signed_in(client, "facility_staff", facility=at)
    assert "Diterima di Serang" in client.page(f"/petugas/pesanan/{parcel_id}").text


TURNED = [*ON_THE_WAY, ("2027-01-21T14:30:00", "Retur ke pengirim", "SERANG")]


@pytest.mark.parametrize("vendor", ["rajaongkir", "biteship"])
def test_delivered_to_its_sender_is_not_delivered(parcel_id, couriers, vendor):
    if vendor == "biteship":
        couriers.fail("down", vendor="rajaongkir")
    couriers.move("jne", "ABC12345", TURNED, delivered=True)
    with later(5):
        drain()
        assert parcel(parcel_id).status is ParcelStatus.SHIPPED
        assert jobs() == 1
    events = database.session.scalars(select(TrackingEvent).order_by(TrackingEvent.at)).all()
    assert [(event.turned_back, event.delivered) for event in events] == [(False, False), (True, False)]


def test_what_arrived_before_it_left_is_somebody_elses(parcel_id, couriers, client):
    couriers.move("jne", "ABC12345", BEFORE, delivered=True)
    with later(5):
        drain()
        found = parcel(parcel_id)
        assert (found.status, found.order.status) == (ParcelStatus.SHIPPED, OrderStatus.PAID)
        assert jobs() == 1
    assert not database.session.scalars(select(TrackingEvent.delivered)).one()
    factories.signed_in(client, "facility_staff", facility=found.facility)
    assert "mungkin milik paket lain" in client.page(f"/petugas/pesanan/{parcel_id}").text
    assert "may be another parcel's" in client.page(f"/en/petugas/pesanan/{parcel_id}").text

    couriers.move("jne", "ABC12345", [*BEFORE, *ARRIVED], delivered=True)
    with later(24):
        drain()
    assert parcel(parcel_id).status is ParcelStatus.DELIVERED


def another(parcel_id) -> tuple[int, int]:
    """A packed parcel of another order of the same facility."""
    placed = buy({factories.product(parcel(parcel_id).facility): 1})
    pay(placed)
    [other] = order_of(placed).parcels
    at = other.facility_id, other.id
    accept_parcel(*at, Actor(None))
    pack_parcel(*at, Actor(None))
    return at


def test_a_waybill_of_another_parcel_on_its_way_is_refused_with_words(parcel_id, client):
    at = another(parcel_id)
    factories.signed_in(client, "facility_staff", facility=parcel(at[1]).facility)
    here = f"/petugas/pesanan/{at[1]}"
    typed = {"courier": "JNE", "waybill": "abc12345"}
    refused = client.submit(here, typed, action=f"{here}/kirim")
    assert refused.status_code == 422
    assert "milik kiriman lain" in refused.text
    assert "abc12345" in refused.text
    assert parcel(at[1]).status is ParcelStatus.PACKED
    assert client.submit(here, typed | {"waybill": "ABC12346"}, action=f"{here}/kirim").status_code == 303


def test_the_waybill_of_one_that_arrived_or_of_another_courier_may_come_again(parcel_id):
    at = another(parcel_id)
    ship_parcel(*at, Actor(None), courier="SiCepat", waybill="ABC12345")
    finish_parcel(parcel(parcel_id).facility_id, parcel_id, Actor(None))
    third = another(parcel_id)
    ship_parcel(*third, Actor(None), courier="JNE", waybill="ABC12345")
    assert parcel(third[1]).status is ParcelStatus.SHIPPED
