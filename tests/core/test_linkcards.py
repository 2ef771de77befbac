"""Cards beside shared links: small, legible at any length, drawn when something changes and removed after."""

from io import BytesIO

import pytest
from PIL import Image

from storefront.catalog.models import Product
from storefront.catalog.services import add_photo, order_photos, withdraw_product
from storefront.catalog.services.cards import make_product_card
from storefront.catalog.services.editing import editing
from storefront.core.linkcards import card_key, make_card, renew_card
from storefront.core.outbox import drain
from storefront.core.pictures import CARD_HEIGHT, CARD_WIDTH, LinkCard, draw_card
from storefront.core.pictures.cards import LARGEST
from storefront.core.storage import storage
from storefront.events.models import Fair
from storefront.events.services import unpublish_fair
from tests import factories
from tests.support import fairs

LONG = "Set Meja dan Kursi Kayu Utuh Pahatan Tangan dengan Ukiran Leuit Baduy dan Anyaman Pandan A"


def card(**changes: str) -> LinkCard:
    said = {"title": "Tas Rajut", "detail": "Rp165.000", "maker": "Rutan Pandeglang", "shop": "Karya Banten"}
    return LinkCard(**(said | changes))


@pytest.mark.parametrize("photo", [None, fairs.jpeg()], ids=["plain", "photo"])
@pytest.mark.parametrize("title", ["Tas", LONG, "W" * 90, "Kopi “Robusta” – 200 g"])
def test_a_card_has_the_size_that_networks_want(title, photo):
    data = draw_card(card(title=title, maker="Lembaga Pembinaan Khusus Anak Kelas I Tangerang"), photo)

    assert len(data) <= LARGEST
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (CARD_WIDTH, CARD_HEIGHT))
        assert not image.getexif()


def test_noise_stays_small_too():
    noise = BytesIO()
    Image.effect_noise((1000, 1250), 120).convert("RGB").save(noise, "JPEG", quality=95)
    assert len(draw_card(card(), noise.getvalue())) <= LARGEST


def test_the_words_are_on_it():
    """Another price is another picture; the same words are the same file, byte for byte."""
    assert draw_card(card(), None) == draw_card(card(), None)
    assert draw_card(card(), None) != draw_card(card(detail="Rp99.000"), None)
    assert card_key(card()) != card_key(card(detail="Rp99.000"))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_photo_that_is_gone_gives_no_card(db):
    assert make_card(card(photo="foto/tidak-ada-720.jpg")) == ""


# --- products -----------------------------------------------------------------------------------------


@pytest.fixture
def product(db):
    made = factories.product(title="Tas Rajut", price=165_000)
    painted = add_photo(made.id, fairs.jpeg(), "Tas", None).id
    order_photos(made.id, None, [painted, made.photos[0].id])
    drain()
    return made


def test_a_change_draws_a_new_card_and_removes_the_old(db, product):
    before = db.session.get_one(Product, product.id).card_key
    assert storage().exists(before)

    with editing(product.id, None, "judul") as changed:
        changed.title = "Tas Baru"
    drain()
    after = db.session.get_one(Product, product.id, populate_existing=True).card_key

    assert after != before
    assert storage().exists(after)
    assert not storage().exists(before)


def test_what_shows_the_same_is_not_drawn_again(db, product, monkeypatch):
    monkeypatch.setattr("storefront.core.linkcards.draw_card", lambda *_: pytest.fail("drawn again"))
    make_product_card({"product_id": product.id})
    with editing(product.id, None, "perawatan") as changed:
        changed.care = "Cuci dengan tangan"
    assert drain() >= 1


def test_a_product_that_left_the_shop_has_no_card(db, product):
    before = db.session.get_one(Product, product.id).card_key
    withdraw_product(product.id, None, "Habis musim")
    drain()

    assert db.session.get_one(Product, product.id, populate_existing=True).card_key == ""
    assert not storage().exists(before)


def test_a_job_for_nothing_does_no_harm(db):
    make_product_card({"product_id": 987654})


def test_what_was_deleted_while_its_card_was_drawn_leaves_no_file(db):
    renew_card(Product, 987654, "", card())
    assert not storage().exists(card_key(card()))


# --- fairs --------------------------------------------------------------------------------------------


def test_a_fair_has_a_card_as_long_as_it_is_shown(db):
    fair_id = fairs.fair()
    drain()
    key = db.session.get_one(Fair, fair_id).card_key
    assert storage().exists(key)

    unpublish_fair(fair_id)
    drain()
    assert db.session.get_one(Fair, fair_id, populate_existing=True).card_key == ""
    assert not storage().exists(key)
