"""A head sets up the facility: what is missing is seen, wrong ones are told, nobody else's is touched."""

import pytest
from sqlalchemy import select

from storefront.core import turns
from storefront.core.db import db as database
from storefront.core.errors import NotFound
from storefront.core.models import AuditEntry
from storefront.facilities.models import Facility, Packaging, PageChange, Workshop
from storefront.facilities.services.packaging import BoxDetails, add_box, change_box
from tests import factories
from tests.catalog_staff.photos import upload

ROOM = "/petugas/pengaturan"
BOX = {"name": "Dus sedang", "length_cm": "30", "width_cm": "20", "height_cm": "15", "weight": "150 g"}


@pytest.fixture
def lapas(db):
    return factories.facility("LPTES")


@pytest.fixture
def head(client, lapas):
    factories.signed_in(client, "facility_head", facility=lapas)
    return client


def prefixed(prefix: str, **changes: str) -> dict[str, str]:
    return {f"{prefix}{name}": value for name, value in (BOX | changes).items()} | {f"{prefix}is_active": "y"}


def test_the_list_says_what_is_missing(head, lapas):
    page = head.page(ROOM)
    assert "Belum ada: cerita, foto sampul" in page.text
    assert "ongkir dihitung dari berat barang saja" in page.text
    add_box(lapas.id, BoxDetails(name="Dus", length_cm=1, width_cm=1, height_cm=1, weight=0))
    assert "1 ukuran" in head.page(ROOM).text
    english = head.page(f"/en{ROOM}")
    assert "1 size" in english.text
    assert "Pengaturan" not in english.text


def test_boxes_are_added_and_changed(head, db):
    where = f"{ROOM}/kemasan"
    for wrong in ({"length_cm": "0"}, {"weight": "80 kg"}, {"name": ""}, {"width_cm": "abc"}):
        refused = head.submit(where, prefixed("baru-", **wrong), action=where)
        assert (refused.status_code, 'value="Dus sedang"' in refused.text or "name" in wrong) == (422, True)
    assert head.submit(where, prefixed("baru-"), action=where).status_code == 303
    assert head.submit(where, prefixed("baru-"), action=where).status_code == 422  # the name is taken
    box = db.session.scalars(select(Packaging.id)).one()
    data = prefixed(f"k{box}-", length_cm="35")
    assert head.submit(where, data, action=f"{where}/{box}").status_code == 303
    assert "35 × 20 × 15 cm, kosong 150 g" in head.page(where).text


def test_the_counter_shows_at_once(head, db, lapas):
    where = f"{ROOM}/loket"
    data = {"pickup_hours": "Senin, 08.00–14.00 WIB", "contact_phone": "0812-0000-1111"}
    assert head.submit(where, data | {"contact_phone": "12"}, action=where).status_code == 422
    assert head.submit(where, data, action=where).status_code == 303
    database.session.expire_all()
    facility = db.session.get(Facility, lapas.id)
    assert (facility.pickup_hours, facility.contact_phone) == (data["pickup_hours"], "+6281200001111")


def test_a_workshop_has_its_own_hours_or_the_facilitys(head, db, lapas, client):
    [first, *_others] = [room.id for room in lapas.workshops]
    other = factories.facility("LPLAIN").workshops[0].id
    for one in db.session.scalars(select(Facility)):
        one.pickup_hours = "Senin, 08.00–14.00 WIB"
    db.session.commit()
    public = f"/lapas/{db.session.get_one(Facility, lapas.id).slug}"
    assert "Bengkel yang tidak menulis jamnya sendiri mengikuti jam layanan." in client.get(public).text
    where = f"{ROOM}/loket"
    data = {"pickup_hours": "Senin, 08.00–14.00 WIB", "contact_phone": "0812-0000-1111"}
    rooms = {f"bengkel{first}-hours": "Selasa <b>pagi</b>", f"bengkel{other}-hours": "Tidak boleh"}
    refused = head.submit(where, data | {f"bengkel{first}-hours": "x" * 201}, action=where)
    assert (refused.status_code, "x" * 201 in refused.text) == (422, True)
    typed = head.submit(where, data | rooms | {"contact_phone": "12"}, action=where)
    assert (typed.status_code, "Selasa &lt;b&gt;pagi" in typed.text) == (422, True)
    for _twice in range(2):
        assert head.submit(where, data | rooms, action=where).status_code == 303
    database.session.expire_all()
    assert db.session.get_one(Workshop, first).hours == "Selasa <b>pagi</b>"
    assert db.session.get_one(Workshop, other).hours == ""
    assert "Selasa &lt;b&gt;pagi" in client.get(public).text
    assert "Workshop hours:" in client.get(f"/en{public}").text
    acts = db.session.scalars(select(AuditEntry).filter_by(action="facility.counter")).all()
    assert [("workshop_hours" in act.facts["fields"]) for act in acts] == [True], (
        "nothing new the second time"
    )


def test_too_many_photos_at_once_cost_no_typed_word(head, db):
    """While others' photos are read there is no room for the cover: the words wait in the form for it."""
    where, room, taken = f"{ROOM}/halaman", turns._room("pictures"), 0
    typed = {"story": "Kami menganyam sejak 1998.", "picture_alt": "Anyaman di atas kain"}
    try:
        while room.acquire(blocking=False):
            taken += 1
        refused = head.submit(where, typed | {"picture": upload("muka.jpg")}, action=where)
    finally:
        for _ in range(taken):
            room.release()
    assert (refused.status_code, "Banyak foto sedang diproses" in refused.text) == (422, True)
    assert all(words in refused.text for words in typed.values())
    assert db.session.scalars(select(PageChange)).all() == []
    assert head.submit(where, typed | {"picture": upload("muka.jpg")}, action=where).status_code == 303


def test_a_proposal_goes_to_the_office_and_comes_back_with_its_reason(head, db, lapas, client):
    where = f"{ROOM}/halaman"
    page = head.page(where)
    rooms = {
        field.attrs["name"]: field.attrs.get("value", "")
        for field in page.all("input")
        if field.attrs.get("name", "").startswith("bengkel")
    }
    assert rooms
    refused = head.submit(where, rooms | {"story": "Dibuat oleh napi kami"}, action=where)
    assert (refused.status_code, "Dibuat oleh napi kami" in refused.text) == (422, True)
    sent = rooms | {"story": "Kami membuat mebel jati.", "baru-name": "Bengkel Rotan"}
    assert head.submit(where, sent, action=where).status_code == 303
    assert "menunggu Kanwil sejak" in head.page(where).text
    change = db.session.scalars(select(PageChange)).one().id
    office = f"/kanwil/lapas/usulan/{change}"
    assert head.get(office).status_code in (302, 403, 404)
    factories.signed_in(client, "regional")
    assert "Usulan halaman Lapas" in client.page("/kanwil").text
    assert "LPTES" in client.page("/kanwil/lapas/usulan").text or client.page(office)
    seen = client.page(office).all("input", name="seen")[0].attrs["value"]
    back = client.submit(office, {"comment": "", "seen": seen}, action=f"{office}/kembalikan")
    assert back.status_code == 422
    data = {"comment": "Tambahkan bahannya.", "seen": seen}
    assert client.submit(office, data, action=f"{office}/kembalikan").status_code == 303
    assert not client.page(office).all("input", name="seen")  # decided
    factories.signed_in(client, "facility_head", facility=db.session.get(Facility, lapas.id))
    again = client.page(where)
    assert "Tambahkan bahannya." in again.text
    assert "Kami membuat mebel jati." in again.text


def test_only_the_own_head_comes_in(client, db, lapas):
    other = factories.facility("LPB")
    box = add_box(other.id, BoxDetails(name="Dus", length_cm=9, width_cm=9, height_cm=9, weight=9))
    factories.signed_in(client, "facility_staff", facility=lapas)
    assert client.get(ROOM).status_code in (302, 403, 404)
    factories.signed_in(client, "facility_head", facility=db.session.get(Facility, lapas.id))
    token = client.page(f"{ROOM}/kemasan").all("input", name="csrf_token")[0].attrs["value"]
    data = prefixed(f"k{box}-") | {"csrf_token": token, "facility_id": str(other.id)}
    assert client.post(f"{ROOM}/kemasan/{box}", data=data).status_code == 404
    assert db.session.get(Packaging, box).name == "Dus"


def test_a_box_is_changed_at_its_own_facility_only(db, lapas):
    other = factories.facility("LPB").id
    box = add_box(other, BoxDetails(name="Dus", length_cm=9, width_cm=9, height_cm=9, weight=9))
    with pytest.raises(NotFound):
        change_box(lapas.id, box, BoxDetails(name="Peti", length_cm=9, width_cm=9, height_cm=9, weight=9))
    assert db.session.get_one(Packaging, box, populate_existing=True).name == "Dus"
