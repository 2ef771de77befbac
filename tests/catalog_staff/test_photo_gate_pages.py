"""The pages of the second pair of eyes, and what they tell the one who sent a photo."""

from typing import Any

import pytest
from sqlalchemy import select

from storefront.catalog.models import PhotoGate
from storefront.catalog.services.staging_photos import add_photo
from storefront.core.models import Picture
from storefront.facilities.models import Facility
from tests import factories
from tests.catalog.conftest import jpeg
from tests.catalog_staff.photos import upload
from tests.support.client import Client

LIST = "/petugas/produk/foto-menunggu"


@pytest.fixture
def product_id(facility: Facility) -> int:
    """A draft of that facility."""
    return factories.product(facility, status="draft", photo=False, title="Tas Foto").id


def waiting(db: Any, product_id: int, facility: Facility) -> tuple[int, Any]:
    """A photo that a colleague sent: its picture and the colleague."""
    colleague = factories.user("facility_staff", facility=facility)
    add_photo(product_id, jpeg(), "", colleague.id, checked=True)
    return db.session.scalars(select(PhotoGate.picture_id)).one(), colleague


def test_a_photo_without_the_checklist_is_refused_in_words(
    client: Client, db: Any, facility: Facility, product_id: int
) -> None:
    factories.signed_in(client, "facility_staff", facility=facility)
    path = f"/petugas/produk/{product_id}"
    answer = client.submit(path, {"photos": [upload()]}, action=f"{path}/foto")
    assert (answer.status_code, "lalu centang" in answer.text) == (422, True)
    new = "/petugas/produk/baru"
    half = client.submit(new, {"title": "Tas", "action": "draft", "photos": [upload()]})
    assert (half.status_code, "lalu centang" in half.text, half.text.count('name="kept"')) == (422, True, 1)
    assert {gate.checked_at for gate in db.session.scalars(select(PhotoGate))} == {None}
    kept = half.text.split('name="kept" value="')[1].split('"')[0]
    good = {"title": "Tas", "action": "draft", "kept": kept, "checked": "yes"}
    assert client.submit(new, good).status_code == 303
    db.session.expire_all()
    assert [gate.checked_at is None for gate in db.session.scalars(select(PhotoGate))] == [False]


@pytest.mark.parametrize("spot", [{"mark": "100,150,200,250"}, {"spot": "5"}, {}])
def test_a_rejection_comes_back_with_its_spot_drawn(
    client: Client, db: Any, facility: Facility, product_id: int, spot: dict[str, str]
) -> None:
    picture_id, colleague = waiting(db, product_id, facility)
    factories.signed_in(client, "facility_head", facility=facility)
    assert "Tas Foto" in client.get(LIST).text
    path = f"{LIST}/{picture_id}"
    empty = client.submit(path, spot | {"action": "reject", "reason": ""})
    assert (empty.status_code, "Tulis alasannya" in empty.text) == (422, True)
    if "mark" in spot:
        assert 'value="100,150,200,250"' in empty.text
    sent = spot | {"action": "reject", "reason": "Tampak <b>gembok</b>"}
    assert client.submit(path, sent).status_code == 303
    again = client.submit(path, sent, action="")
    assert again.status_code == 303  # somebody was faster: said, not done twice
    factories.sign_in(client, colleague)
    page = client.page(f"/petugas/produk/{product_id}")
    link = next(one for one in page.all("a") if "Foto ditolak" in one.text)
    shown = client.get(link.attrs["href"]).text
    assert "Tampak &lt;b&gt;gembok" in shown
    box = {"mark": 'x="100" y="150" width="200" height="250"', "spot": 'x="333" y="333"'}
    for name, words in box.items():
        assert (words in shown) == (name in spot)


def test_ones_own_photo_has_no_buttons_and_the_office_may_decide(
    client: Client, db: Any, facility: Facility, product_id: int
) -> None:
    picture_id, colleague = waiting(db, product_id, facility)
    factories.sign_in(client, colleague)
    own = client.get(f"{LIST}/{picture_id}").text
    assert ("Orang kedua" in own, 'value="approve"' in own) == (True, False)
    factories.signed_in(client, "regional")
    assert "Tas Foto" in client.get("/kanwil/kurasi/foto").text
    page = f"/kanwil/kurasi/foto/{picture_id}"
    assert client.submit(page, {"action": "approve"}).status_code == 303
    assert "Tidak ada foto yang menunggu" in client.get("/kanwil/kurasi/foto").text
    key = db.session.get_one(Picture, picture_id).key
    with client.get(f"/foto-usulan/{key.rpartition('/')[2]}-80.webp") as shown:
        assert shown.status_code == 200


def test_a_script_sends_photo_by_photo_and_is_answered_in_json(
    client: Client, db: Any, facility: Facility, product_id: int
) -> None:
    factories.signed_in(client, "facility_staff", facility=facility)
    token = client.page("/petugas/produk/baru").all("input", name="csrf_token")[0].attrs["value"]

    def send(path: str, **data: Any) -> Any:
        headers = {"Accept": "application/json"}
        kind = "multipart/form-data"
        return client.post(path, data={"csrf_token": token} | data, headers=headers, content_type=kind)

    kept = send("/petugas/produk/foto", photos=upload(), checked="yes")
    assert (kept.status_code, kept.json["src"].startswith("/foto-usulan/")) == (200, True)
    with client.get(kept.json["src"]) as shown:
        assert shown.status_code == 200
    bad = send("/petugas/produk/foto", photos=upload("x.jpg", b"<svg/>"))
    assert (bad.status_code, "bukan foto" in bad.json["error"]) == (422, True)
    assert send("/petugas/produk/foto").status_code == 422
    door = f"/petugas/produk/{product_id}/foto"
    assert send(door, photos=upload()).status_code == 422
    assert send(door, photos=upload(), checked="yes").json == {"saved": True}
    assert "x.jpg" in send(door, photos=upload("x.jpg", b"GIF89a"), checked="yes").json["error"]


def test_the_enter_key_in_a_reason_never_lets_a_photo_in(
    client: Client, db: Any, facility: Facility, product_id: int
) -> None:
    picture_id, _colleague = waiting(db, product_id, facility)
    factories.signed_in(client, "facility_head", facility=facility)
    buttons = client.page(f"{LIST}/{picture_id}").form().all("button")
    pressed = next(button for button in buttons if button.attrs.get("type") != "button")
    assert (pressed.attrs["value"], "disabled" in pressed.attrs) == ("reject", False)
