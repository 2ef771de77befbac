"""Collections by hand and by rule, tags, and who may make them."""

import pytest

from storefront.catalog import services as catalog
from storefront.catalog.models import Collection, CollectionKind
from storefront.catalog.queries.collections import collection_page, collections, tags
from storefront.catalog.services.collections import (
    CollectionDetails,
    add_items,
    choose_items,
    create_collection,
    delete_collection,
    shift_collection,
    show_collection,
    tag_products,
)
from storefront.core.errors import Invalid, NotFound
from tests import factories
from tests.catalog.conftest import jpeg, sender


@pytest.fixture
def goods(db):
    top = factories.category("Kain")
    serang = factories.facility("LPSRG")
    return {
        "batik": factories.product(
            serang, title="Batik", shelf=factories.category("Batik", parent=top), price=200_000
        ),
        "syal": factories.product(title="Syal", shelf=top, price=40_000),
        "kopi": factories.product(serang, title="Kopi", price=30_000),
    }


def by_rule(**rule):
    details = CollectionDetails(title="Menurut aturan", kind=CollectionKind.RULE, rule=rule)
    key = create_collection(details, by=None)
    show_collection(key, is_published=True)
    return key


def shown(slug="menurut-aturan"):
    return [card.title for card in collection_page(slug).items]


@pytest.mark.parametrize(
    ("rule", "titles"),
    [
        ({"category": "kain"}, {"Batik", "Syal"}),
        ({"facility": "lapas-lpsrg"}, {"Batik", "Kopi"}),
        ({"price_max": 40_000}, {"Syal", "Kopi"}),
        ({"price_min": 40_001}, {"Batik"}),
        ({"category": "kain", "price_max": 50_000}, {"Syal"}),
        ({"new_days": 7}, {"Batik", "Syal", "Kopi"}),
        ({"tag": "oleh oleh"}, {"Kopi"}),
    ],
)
def test_a_rule_is_asked_each_time(goods, rule, titles):
    tag_products("Oleh-oleh!", [goods["kopi"].id])
    key = by_rule(**rule)
    assert set(shown()) == titles
    assert collections()[0].products == len(titles)
    for product in goods.values():
        catalog.withdraw_product(product.id, None)
    assert shown() == []
    assert collections() == [], "the public sees no empty collection"
    assert [row.id for row in collections(only_published=False)] == [key]


@pytest.mark.parametrize(
    "rule",
    [{}, {"category": "tidak-ada"}, {"facility": "x"}, {"price_min": 0}, {"price_min": 9, "price_max": 1},
     {"new_days": 400}, {"owner": 1}, {"price_max": "1000"}],
)  # fmt: skip
def test_a_rule_that_cannot_be_asked_is_refused(db, rule):
    with pytest.raises(Invalid):
        by_rule(**rule)


def test_by_hand_in_order(goods):
    key = create_collection(CollectionDetails(title="Pilihan kami", intro="Sedikit saja."), by=None)
    ids = [goods["kopi"].id, goods["batik"].id]
    choose_items(key, ids)
    with pytest.raises(NotFound):
        collection_page("pilihan-kami")
    show_collection(key, is_published=True)
    assert shown("pilihan-kami") == ["Kopi", "Batik"]
    add_items(key, [goods["syal"].id, goods["kopi"].id])
    assert shown("pilihan-kami") == ["Kopi", "Batik", "Syal"]
    catalog.withdraw_product(goods["batik"].id, None)
    assert shown("pilihan-kami") == ["Kopi", "Syal"]
    choose_items(key, list(reversed(ids)))  # what left the shelf may stay
    with pytest.raises(Invalid):
        choose_items(key, [10**9])
    delete_collection(key)
    assert collections(only_published=False) == []


def test_their_order_and_addresses(goods):
    first, second = by_rule(price_max=50_000), by_rule(price_min=1)
    assert [row.slug for row in collections()] == ["menurut-aturan", "menurut-aturan-2"]
    shift_collection(second, up=True)
    shift_collection(second, up=True)
    assert [row.id for row in collections()] == [second, first]


def test_a_tag_comes_and_goes(goods):
    tag_products("Hadiah  Kantor", [goods["batik"].id, goods["batik"].id, goods["kopi"].id])
    tag_products("hadiah kantor", [goods["kopi"].id])
    assert tags() == [("hadiah kantor", 2)]
    tag_products("hadiah kantor", [goods["kopi"].id], add=False)
    assert tags() == [("hadiah kantor", 1)]
    with pytest.raises(Invalid):
        tag_products("!!", [goods["kopi"].id])
    with pytest.raises(Invalid, match="Centang"):
        tag_products("hadiah kantor", [])


@pytest.mark.parametrize("role", ["promoter", "regional"])
def test_the_whole_way_through_the_pages(client, db, goods, role):
    factories.signed_in(client, role)
    send = sender(client, "/pemprov/koleksi/baru")
    form = {"title": "Hadiah", "intro": "Untuk tamu.", "kind": "hand"}
    made = send("/pemprov/koleksi/baru", **(form | {"title": "x"}))
    assert (made.status_code, "Untuk tamu." in made.text) == (422, True)
    assert send("/pemprov/koleksi/baru", **form).status_code == 303
    key = db.session.query(Collection).one().id
    batik, kopi = goods["batik"].id, goods["kopi"].id
    page = f"/pemprov/koleksi/{key}"
    assert "Batik" in client.get(f"{page}/produk?q=bat").text
    assert send(f"{page}/produk/tambah", produk=[batik, kopi]).status_code == 303
    order = {"produk": [batik, kopi], f"urutan-{batik}": "2", f"urutan-{kopi}": "1"}
    assert send(f"{page}/produk/susun", **order).status_code == 303
    assert client.get("/koleksi/hadiah").status_code == 404
    assert send(f"{page}/tampil", aksi="terbit").status_code == 303
    assert shown("hadiah") == ["Kopi", "Batik"]
    for path in ("/koleksi", "/koleksi/hadiah", "/", "/en/koleksi/hadiah"):
        assert "Hadiah" in client.get(path).text
    assert send(page, **(form | {"kind": "rule"})).status_code == 422
    assert send(page, **(form | {"kind": "rule", "price_max": "50.000"})).status_code == 303
    assert set(shown("hadiah")) == {"Kopi", "Syal"}
    tagging = {"label": "oleh oleh", "produk": [kopi]}
    assert send("/pemprov/koleksi/label/produk", **tagging).status_code == 303
    assert "oleh oleh" in client.get("/pemprov/koleksi/label").text
    for path, sent in (
        (f"{page}/produk/tambah", {}),
        ("/pemprov/koleksi/label/produk", {"label": "oleh oleh"}),
    ):
        nothing = send(path, **sent)
        assert (nothing.status_code, "Centang sedikitnya satu produk." in nothing.text) == (422, True)
    assert send(f"{page}/geser", direction="up").status_code == 303
    assert send(f"{page}/hapus").status_code == 303
    assert client.get(page).status_code == 404


def test_a_picture_of_its_own(client, db, goods):
    key = create_collection(CollectionDetails(title="Dengan foto"), photo=jpeg(), photo_alt="Meja", by=None)
    choose_items(key, [goods["kopi"].id])
    show_collection(key, is_published=True)
    assert collections()[0].photo.alt == "Meja"
    with pytest.raises(Invalid):
        create_collection(CollectionDetails(title="Foto rusak"), photo=b"bukan foto", by=None)


def test_facilities_make_none(client, db):
    factories.signed_in(client, "facility_head", facility=factories.facility())
    assert client.get("/pemprov/koleksi").status_code == 403
