"""The pages on which a public photo is taken down: who finds them, what they ask, what they say then."""

from typing import Any

import pytest

from storefront.catalog.models import GateState, PhotoGate, Product
from storefront.catalog.services.photos import add_photo
from storefront.catalog.services.verdicts import TOGETHER
from storefront.core import clock
from storefront.core.models import Picture
from storefront.core.outbox import run_due
from storefront.facilities.models import Facility
from tests import factories
from tests.catalog.conftest import jpeg
from tests.support.client import Client


@pytest.fixture
def facility(db: Any) -> Facility:
    """Whose photo it is."""
    return factories.facility("LPTES", name="Lapas Tes")


@pytest.fixture
def shown(facility: Facility) -> tuple[int, int]:
    """A product on sale and the second of its public photos."""
    product = factories.product(facility, title="Tas Foto")
    return product.id, add_photo(product.id, jpeg(), "Tas", None).picture_id


def door(picture_id: int, room: str = "/petugas/produk") -> str:
    return f"{room}/foto-tayang/{picture_id}/turunkan"


def state(db: Any, picture_id: int) -> str:
    db.session.expire_all()
    gate = db.session.get(PhotoGate, picture_id)
    return gate.state.value if gate else ""


def test_a_head_finds_the_button_with_the_photo_and_says_why_and_where(
    client: Client, db: Any, facility: Facility, shown: tuple[int, int]
) -> None:
    product_id, picture_id = shown
    photo_id = next(
        p.id for p in db.session.get_one(Product, product_id).photos if p.picture_id == picture_id
    )
    page = f"/petugas/produk/{product_id}/foto/{photo_id}"
    factories.signed_in(client, "facility_staff", facility=facility)
    assert "turunkan" not in client.get(page).text
    factories.signed_in(client, "facility_head", facility=facility)
    links = {link.attrs.get("href") for link in client.page(page).all("a")}
    assert door(picture_id) in links
    empty = client.submit(door(picture_id), {"reason": "", "mark": "100,150,200,250"})
    assert (empty.status_code, "Tulis alasannya" in empty.text) == (422, True)
    assert 'value="100,150,200,250"' in empty.text  # what was drawn stays
    odd = client.submit(door(picture_id), {"reason": "Buram", "mark": "<script>"})
    assert (odd.status_code, "Tandai satu kotak" in odd.text, state(db, picture_id)) == (422, True, "")
    sent = {"reason": "Tampak <b>gembok</b>", "mark": "100,150,200,250"}
    done = client.submit(door(picture_id), sent)
    assert (done.status_code, done.headers["Location"]) == (303, f"/petugas/produk/{product_id}")
    assert state(db, picture_id) == GateState.WITHDRAWN
    album = client.page(f"/petugas/produk/{product_id}")
    link = next(one for one in album.all("a") if one.text == "Foto diturunkan")
    told = client.get(link.attrs["href"]).text
    assert ("Tampak &lt;b&gt;gembok" in told, 'x="100" y="150" width="200" height="250"' in told) == (
        True,
        True,
    )
    assert (door(picture_id) in told, 'name="erase"' in told) == (False, False)
    assert client.get(door(picture_id)).status_code == 404  # it is not public any more


def test_nobody_else_comes_in(client: Client, db: Any, facility: Facility, shown: tuple[int, int]) -> None:
    picture_id = shown[1]
    tried = [
        ("facility_staff", facility, door(picture_id), 403),
        ("facility_head", factories.facility("LPLAIN"), door(picture_id), 404),
        ("facility_head", facility, door(picture_id, "/kanwil/kurasi"), 403),
        ("promoter", None, door(picture_id, "/kanwil/kurasi"), 403),
        ("buyer", None, door(picture_id), 403),
    ]
    for role, place, path, status in tried:
        factories.signed_in(client, role, facility=place)
        assert client.get(path).status_code == status, (role, path)
        assert client.post(path, data={"reason": "Buram"}).status_code in {status, 400}, (role, path)
    assert state(db, picture_id) == ""


def test_the_office_takes_the_last_one_down_and_its_facility_gets_one_letter(
    client: Client, db: Any, facility: Facility, shown: tuple[int, int], letters: Any
) -> None:
    product_id, picture_id = shown
    reader = factories.user("facility_staff", facility=facility).email
    first = db.session.get_one(Product, product_id).photo_id
    factories.signed_in(client, "regional")
    page = client.page(f"/kanwil/kurasi/{product_id}")
    links = [link.attrs.get("href", "") for link in page.all("a")]
    found = [link for link in links if "foto-tayang" in link]
    assert found == [door(first, "/kanwil/kurasi"), door(picture_id, "/kanwil/kurasi")]
    one = client.submit(found[0], {"reason": "Tampak pagar", "spot": "5"})
    assert (one.status_code, one.headers["Location"]) == (303, f"/kanwil/kurasi/{product_id}")
    text = client.get(f"/kanwil/kurasi/{product_id}").text
    assert ("Foto diturunkan:" in text, "keluar dari toko" in text) == (True, False)
    client.submit(found[1], {"reason": "Tampak wajah"})
    assert "keluar dari toko" in client.get(f"/kanwil/kurasi/{product_id}").text
    assert db.session.get_one(Product, product_id, populate_existing=True).status == "returned"
    with clock.travel(clock.now() + 3 * TOGETHER):
        while run_due(20):
            pass
    [letter] = [one for one in letters() if one["To"] == reader]
    words = letter.get_body(("plain",)).get_content()
    for told in ("Foto diturunkan dari toko", "Tampak pagar", "Tampak wajah", "Foto terakhirnya diturunkan"):
        assert told in words, told


def test_what_a_head_takes_down_is_not_told_as_the_offices_word(
    client: Client, db: Any, facility: Facility, shown: tuple[int, int], letters: Any
) -> None:
    factories.signed_in(client, "facility_head", facility=facility)
    client.submit(door(shown[1]), {"reason": "Tampak wajah"})
    with clock.travel(clock.now() + 3 * TOGETHER):
        while run_due(20):
            pass
    [letter] = letters()
    assert letter["Subject"] == "Tas Foto: Foto diturunkan dari toko"
    assert "Kantor wilayah memutuskan" not in letter.get_body(("plain",)).get_content()


def test_a_second_press_changes_nothing(
    client: Client, db: Any, facility: Facility, shown: tuple[int, int]
) -> None:
    _product_id, picture_id = shown
    factories.signed_in(client, "facility_head", facility=facility)
    form = client.page(door(picture_id)).all("form")[-1]
    token = next(one for one in form.all("input") if one.attrs.get("name") == "csrf_token").attrs["value"]
    sent = {"csrf_token": token, "reason": "Tampak wajah"}
    assert client.post(door(picture_id), data=sent).status_code == 303
    key = db.session.get_one(Picture, picture_id, populate_existing=True).key
    assert client.post(door(picture_id), data=sent).status_code == 404
    assert db.session.get_one(Picture, picture_id, populate_existing=True).key == key
