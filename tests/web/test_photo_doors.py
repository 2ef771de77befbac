"""Every door by which a photo comes in: the same refusals in words, and nothing of the file is kept."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from PIL import Image

from storefront.catalog.models import LicenceKind
from storefront.catalog.services.collections import CollectionDetails, create_collection
from storefront.catalog.services.licences import add_licence, set_scan
from storefront.catalog.services.pending import keep_photo
from storefront.catalog.services.staging_photos import add_photo
from storefront.checkout.services import send_proof
from storefront.core import turns
from storefront.core.errors import DomainError, Invalid
from storefront.events.services import create_fair
from storefront.facilities.models import Facility
from storefront.facilities.services import set_cover
from storefront.facilities.services.pages import propose_page
from storefront.feedback.services import Purchase, submit_review
from tests import factories
from tests.aftersales.conftest import Arrived, complain, deliver
from tests.buying import buy, open_shop
from tests.core.test_pictures import SECRET, camera_jpeg, png_claiming
from tests.support import fairs

Door = Callable[[bytes], object]
DOORS = (
    "product", "draft", "complaint", "proof", "permit", "page", "cover", "review", "fair", "collection",
)  # fmt: skip
KEPT_AS_IT_CAME = "asli"
"""The folder of originals: private, sent to nobody, erased in time."""


def moving(kind: str) -> bytes:
    """An animation of two frames."""
    out = BytesIO()
    frames = [Image.new("RGB", (40, 50), colour) for colour in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


BAD = {
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "bukan foto"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "bukan foto"),
    "a GIF": (b"GIF89a<script>alert(1)</script>", "bukan foto"),
    "a bomb": (png_claiming(60_000, 60_000), "terlalu besar"),
    "a large one": (png_claiming(7_000, 7_000), "terlalu besar"),
    "a moving WebP": (moving("WEBP"), "bergerak"),
    "a moving PNG": (moving("PNG"), "bergerak"),
    "half of one": (camera_jpeg(1)[:900], "rusak"),
    "nothing": (b"", "bukan foto"),
}


@pytest.fixture
def arrived(db: SQLAlchemy) -> Arrived:
    """A delivered order."""
    open_shop()
    maker = factories.facility("LPA")
    return deliver({factories.product(maker, title="Piring Batok", price=20_000, stock=20): 3}, maker)


@pytest.fixture
def door(request: pytest.FixtureRequest, db: SQLAlchemy, arrived: Arrived) -> Door:
    """A way in, at the service behind it."""
    place = arrived.facility_id
    [line_id] = arrived.lines.values()
    product_id = factories.product(db.session.get_one(Facility, place)).id
    licence_id = add_licence(product_id, None, LicenceKind.MD, "867012345678").id
    waiting = buy({factories.product(stock=5): 1}, method="transfer").id
    bought = Purchase(line_id, product_id, place, None, "Piring")
    person = arrived.staff_id
    doors: dict[str, Door] = {
        "product": lambda data: add_photo(product_id, data, "", person, checked=True),
        "draft": keep_photo,
        "complaint": lambda data: complain(arrived, (data,), plates=1),
        "proof": lambda data: send_proof(waiting, data, sender="Siti"),
        "permit": lambda data: set_scan(product_id, licence_id, data, person),
        "page": lambda data: propose_page(
            place, "Kami menganyam.", [], photo=data, alt="Ruang", by_id=person
        ),
        "cover": lambda data: set_cover(place, data, "Ruang"),
        "review": lambda data: submit_review(bought, rating=5, text="Rapi", author="Siti", photos=[data]),
        "fair": lambda data: create_fair(fairs.details(), photo=data, photo_alt="Stan", by=None),
        "collection": lambda data: create_collection(
            CollectionDetails(title="Hadiah"), photo=data, photo_alt="Hadiah", by=None
        ),
    }
    assert tuple(doors) == DOORS
    return doors[request.param]


def files(app: Flask) -> set[Path]:
    return {path for path in Path(app.config["MEDIA_ROOT"]).rglob("*") if path.is_file()}


@pytest.mark.parametrize("door", DOORS, indirect=True)
def test_what_is_no_photo_is_refused_in_words_and_leaves_nothing(app: Flask, door: Door) -> None:
    before = files(app)
    for data, words in BAD.values():
        with pytest.raises(Invalid, match=words):
            door(data)
    assert files(app) == before


@pytest.mark.parametrize("door", DOORS, indirect=True)
def test_nothing_but_the_picture_is_kept(app: Flask, door: Door) -> None:
    before = files(app)
    door(camera_jpeg(6) + b"<script>" + SECRET + b"</script>")
    new = [path for path in files(app) - before if KEPT_AS_IT_CAME not in path.parts]
    assert new
    for path in new:
        body = path.read_bytes()
        assert SECRET not in body, path
        with Image.open(BytesIO(body)) as kept:
            assert not dict(kept.getexif()), path
            assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(kept.info), path
            assert kept.width < kept.height, path  # stored upright


@pytest.mark.parametrize("door", DOORS, indirect=True)
def test_too_many_at_once_are_told_to_come_again(
    app: Flask, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(app)
    room = turns._room("pictures")
    inside = 0
    while room.acquire(blocking=False):
        inside += 1
    try:
        with (
            app.test_request_context("/"),
            pytest.raises(DomainError, match="Banyak foto sedang diproses"),
        ):
            door(camera_jpeg(1))
    finally:
        for _ in range(inside):
            room.release()
    assert files(app) == before
    door(camera_jpeg(1))


def test_a_job_waits_for_its_turn_instead(
    app: Flask, db: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.0)
    came: list[str] = []

    def work() -> None:
        with app.app_context(), turns.turn("waiting"):
            came.append("in")

    with turns.turn("waiting"):
        held = [turns._slot("waiting") for _ in range(turns.AT_ONCE - 1)]
        threads = [Thread(target=work) for _ in range(turns.ROOM + 2)]
        for thread in threads:
            thread.start()
        with app.test_request_context("/"), pytest.raises(DomainError):
            turns._slot("waiting")  # whoever has a page open does not
        assert came == []
    for slot in held:
        slot.close()
    for thread in threads:
        thread.join(20)
    assert len(came) == turns.ROOM + 2
