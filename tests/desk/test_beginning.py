"""The first steps: ticked by what is there, gone when all is, each leading to a door that opens."""

import pytest

from storefront.catalog.services import submit_product
from storefront.catalog.services.collections import CollectionDetails, create_collection
from storefront.desk.queries.beginning import facility_beginning, office_beginning, promoter_beginning
from storefront.inventory.services import receive
from storefront.web.menus import HOME
from tests import factories
from tests.buying import buy, open_shop, pay
from tests.support.fairs import fair


def done(steps):
    return [step.label for step in steps if step.is_done]


def test_steps_are_ticked_by_what_is_there(db):
    facility = factories.facility()
    officer = factories.user("facility_staff", facility=facility)
    head = factories.user("facility_head", facility=facility)
    assert done(facility_beginning(facility.id, officer)) == []
    other = factories.facility()
    factories.product(other, stock=3)
    assert done(facility_beginning(facility.id, officer)) == []
    product = factories.product(facility, status="draft", stock=None)
    receive(facility.id, product.variants[0].id, 2)
    assert done(facility_beginning(facility.id, officer)) == ["Catat stok barang yang siap dijual"]
    submit_product(product.id, None)
    assert "Kirim produk pertama ke kurasi" in done(facility_beginning(facility.id, head))
    assert facility_beginning(facility.id, officer) == []


def test_a_head_sees_to_people_and_boxes_too(db):
    facility = factories.facility()
    head = factories.user("facility_head", facility=facility)
    steps = facility_beginning(facility.id, head)
    assert len(steps) == 6
    assert "Undang petugas kedua" not in done(steps)
    factories.user("facility_staff", facility=facility)
    assert "Undang petugas kedua" in done(facility_beginning(facility.id, head))


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
    person = factories.signed_in(client, role, **own)
    for step in {
        "facility_staff": lambda: facility_beginning(facility.id, person),
        "facility_head": lambda: facility_beginning(facility.id, person),
        "regional": lambda: office_beginning(person),
        "promoter": promoter_beginning,
    }[role]():
        assert client.get(step.href).status_code == 200, step.href


FACTOR = "Pasang verifikasi dua langkah di HP Anda"


def test_the_second_step_is_ticked_for_whom_it_is_asked(app, db):
    facility = factories.facility()
    for role, place, steps in (
        ("facility_head", facility, lambda person: facility_beginning(facility.id, person)),
        ("regional", None, office_beginning),
    ):
        assert FACTOR in done(steps(factories.user(role, facility=place)))
        without = steps(factories.user(role, facility=place, factor=False))
        assert FACTOR in [step.label for step in without]
        assert FACTOR not in done(without)
    officer = factories.user("facility_staff", facility=facility)
    assert FACTOR not in [step.label for step in facility_beginning(facility.id, officer)]
    app.config["ENV"] = "development"
    assert FACTOR in done(office_beginning(factories.user("regional", is_demo=True)))


@pytest.mark.parametrize("role", ["facility_staff", "facility_head", "regional", "promoter"])
def test_each_person_hides_them_and_brings_them_back(client, db, role):
    facility = factories.facility()
    own = {"facility": facility} if role.startswith("facility") else {}
    colleague = factories.user(role, **own)
    factories.signed_in(client, role, **own)
    home = HOME[role]
    guide = "/bantuan-petugas"
    assert "Langkah pertama: " in client.get(home).text
    assert "Tampilkan lagi langkah pertama" not in client.get(guide).text
    answer = client.submit(home, {"tampil": "tidak"}, action=f"{guide}/langkah-pertama")
    assert (answer.status_code, answer.location) == (303, home)
    hidden = client.get(home).text
    assert "Langkah pertama: " not in hidden
    assert "Langkah pertama disembunyikan." in hidden
    db.session.expire_all()
    assert not db.session.get(type(colleague), colleague.id).hides_beginning, "each for themselves"
    client.submit(guide, {"tampil": "ya"}, action=f"{guide}/langkah-pertama")
    assert "Langkah pertama: " in client.get(home).text


def test_a_strange_answer_and_a_second_click_hide_them_too(app, client, db):
    app.config["WTF_CSRF_ENABLED"] = False
    factories.signed_in(client, "promoter")
    for wish in ("tidak", "", "apa saja"):
        assert client.post("/bantuan-petugas/langkah-pertama", data={"tampil": wish}).status_code == 303
    assert "Langkah pertama: " not in client.get("/pemprov").text
    assert client.post("/en/bantuan-petugas/langkah-pertama", data={"tampil": "ya"}).location == "/en/pemprov"
