"""The first steps: ticked by what is there, gone when all is, each leading to a door that opens."""

import pytest

from storefront.catalog.services import submit_product
from storefront.catalog.services.collections import CollectionDetails, create_collection
from storefront.desk.queries.beginning import facility_beginning, office_beginning, promoter_beginning
from storefront.inventory.services import receive
from tests import factories
from tests.buying import buy, open_shop, pay
from tests.support.fairs import fair


def done(steps):
    return [step.label for step in steps if step.is_done]


def test_steps_are_ticked_by_what_is_there(db):
    facility = factories.facility()
    assert done(facility_beginning(facility.id, is_head=False)) == []
    other = factories.facility()
    factories.product(other, stock=3)
    assert done(facility_beginning(facility.id, is_head=False)) == []
    product = factories.product(facility, status="draft", stock=None)
    receive(facility.id, product.variants[0].id, 2)
    assert done(facility_beginning(facility.id, is_head=False)) == ["Catat stok barang yang siap dijual"]
    submit_product(product.id, None)
    assert "Kirim produk pertama ke kurasi" in done(facility_beginning(facility.id, is_head=True))
    assert facility_beginning(facility.id, is_head=False) == []


def test_a_head_sees_to_people_and_boxes_too(db):
    facility = factories.facility()
    factories.user("facility_head", facility=facility)
    steps = facility_beginning(facility.id, is_head=True)
    assert len(steps) == 5
    assert "Undang petugas kedua" not in done(steps)
    factories.user("facility_staff", facility=facility)
    assert "Undang petugas kedua" in done(facility_beginning(facility.id, is_head=True))


def test_what_is_all_there_is_not_shown(client, db):
    factories.signed_in(client, "promoter")
    assert "Langkah pertama: 0 dari 2 selesai" in client.get("/pemprov").text
    fair(published=False)
    assert "Langkah pertama: 1 dari 2 selesai" in client.get("/pemprov").text
    create_collection(CollectionDetails(title="Pilihan kami"), by=None)
    assert "Langkah pertama" not in client.get("/pemprov").text
    assert promoter_beginning() == []


def test_where_orders_come_in_the_day_speaks_for_itself(client, db):
    open_shop()
    bag = factories.product(stock=2)
    factories.signed_in(client, "facility_head", facility=bag.facility)
    assert "Langkah pertama: " in client.get("/petugas").text
    pay(buy({bag: 1}))
    assert "Langkah pertama: " not in client.get("/petugas").text


@pytest.mark.parametrize("role", ["facility_staff", "facility_head", "regional", "promoter"])
def test_every_step_leads_to_a_door_of_its_own(client, db, role):
    facility = factories.facility()
    own = {"facility": facility} if role.startswith("facility") else {}
    factories.signed_in(client, role, **own)
    for step in {
        "facility_staff": lambda: facility_beginning(facility.id, is_head=False),
        "facility_head": lambda: facility_beginning(facility.id, is_head=True),
        "regional": office_beginning,
        "promoter": promoter_beginning,
    }[role]():
        assert client.get(step.href).status_code == 200, step.href
