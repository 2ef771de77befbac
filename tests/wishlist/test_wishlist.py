"""Saved products: on a browser or an account, one list after signing in, and nobody else's."""

import pytest
from sqlalchemy import select

from storefront.catalog.models import Product, ProductStatus
from storefront.core import clock
from storefront.core.errors import DomainError, NotFound
from storefront.core.transactions import transaction
from storefront.inventory.services import count
from storefront.wishlist import services
from storefront.wishlist.models import SavedProduct
from storefront.wishlist.queries import saved_ids, saved_products
from storefront.wishlist.services import Owner
from tests import factories
from tests.buying import only

JSON = {"Accept": "application/json"}


def save(client, product_id, act="simpan", **headers):
    return client.post("/simpan", data={"produk": product_id, "aksi": act}, headers=headers)


def cookie(client, name):
    found = client.get_cookie(name, domain="127.0.0.1")
    return found.value if found else ""


def test_a_browser_keeps_products_without_an_account(client, db):
    bag, hat = factories.product(title="Tas Anyam"), factories.product(title="Peci Rajut")
    bag_id, hat_id = bag.id, hat.id

    first = save(client, bag_id)
    answer = save(client, hat_id, **JSON)

    assert (first.status_code, first.location) == (303, "/simpan")
    assert answer.json == {"saved": True, "count": 2, "message": answer.json["message"], "kind": "success"}
    assert cookie(client, "disimpan") == f"{hat_id}.{bag_id}"
    assert "HttpOnly" in next(c for c in first.headers.getlist("Set-Cookie") if c.startswith("simpanan="))
    page = client.page("/simpan")
    assert page.text.index("Peci Rajut") < page.text.index("Tas Anyam")

    assert save(client, bag_id, "hapus", **JSON).json["count"] == 1
    assert cookie(client, "disimpan") == str(hat_id)


def test_whoever_looks_keeps_the_list_and_an_empty_one_leaves_nothing(client, db):
    bag_id = factories.product().id
    assert client.get("/simpan").headers.getlist("Set-Cookie") == []
    save(client, bag_id, **JSON)

    again = client.get("/simpan").headers.getlist("Set-Cookie")

    assert {kept.partition("=")[0] for kept in again} == {"simpanan", "disimpan"}
    assert all(f"Max-Age={90 * 24 * 3600}" in kept for kept in again)


def test_saving_twice_is_once(client, db):
    bag_id = factories.product().id

    assert [save(client, bag_id, **JSON).json["count"] for _ in range(2)] == [1, 1]


def test_signing_in_makes_one_list_of_two(client, db):
    both, mine, theirs = (factories.product() for _ in range(3))
    ids = both.id, mine.id, theirs.id
    person = factories.user("buyer")
    for product_id in (ids[0], ids[1]):
        services.save(Owner(user_id=person.id), product_id)
    token = services.save(Owner(), ids[0]).token
    services.save(Owner(token=token), ids[2])

    services.merge(person.id, token)
    services.merge(person.id, token)

    assert set(saved_ids(Owner(user_id=person.id))) == set(ids)
    assert saved_ids(Owner(token=token)) == []


def test_merging_stops_at_the_limit(db, monkeypatch):
    monkeypatch.setattr(services, "MOST", 2)
    person = factories.user("buyer")
    products = [factories.product().id for _ in range(4)]
    services.save(Owner(user_id=person.id), products[0])
    token = services.save(Owner(), products[1]).token
    services.save(Owner(token=token), products[2])

    services.merge(person.id, token)

    assert set(saved_ids(Owner(user_id=person.id))) == {products[0], products[2]}
    with pytest.raises(DomainError):
        services.save(Owner(user_id=person.id), products[3])
    services.save(Owner(user_id=person.id), products[2])  # it is there already


def test_what_changed_since_is_said(client, db):
    bag = factories.product(title="Tas Anyam", price=50_000, stock=3)
    hat = factories.product(title="Peci Rajut", stock=3)
    gone = factories.product(title="Kain Batik")
    for product in (bag, hat, gone):
        save(client, product.id)
    count(hat.facility_id, only(hat).id, 0)
    with transaction():
        db.session.get_one(Product, bag.id).price_from = 60_000
        db.session.get_one(Product, gone.id).status = ProductStatus.ARCHIVED

    page = client.page("/simpan").text
    assert "Naik Rp10.000 sejak disimpan" in page
    assert "Sedang habis" in page
    assert "Sedang tidak dijual" in page


def test_a_saved_product_goes_into_the_cart_from_the_list(client, db):
    bag = factories.product(title="Tas Anyam", stock=3)
    save(client, bag.id)

    client.submit("/simpan", action="/keranjang/tambah")

    assert "Tas Anyam" in client.page("/keranjang").text


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "9" * 30, "\x00", "١٢", "1.5"])
def test_nonsense_saves_nothing(client, db, value):
    answer = save(client, value, **JSON)

    assert answer.status_code in (404, 422)
    assert db.session.scalars(select(SavedProduct)).all() == []


def test_only_what_is_on_sale_can_be_saved(db):
    draft = factories.product(status=ProductStatus.DRAFT)

    with pytest.raises(NotFound):
        services.save(Owner(), draft.id)


def test_another_site_saves_nothing(client, db):
    bag_id = factories.product().id

    assert save(client, bag_id, Origin="https://evil.example").status_code == 403
    assert db.session.scalars(select(SavedProduct)).all() == []


def test_lists_are_nobody_elses(app, client, db):
    bag = factories.product(title="Tas Anyam")
    bag_id = bag.id
    save(client, bag_id)
    stranger = app.test_client()
    stranger.set_cookie("disimpan", str(bag_id), domain="127.0.0.1")

    assert "Tas Anyam" not in stranger.page("/simpan").text
    save(stranger, bag_id, "hapus")
    assert "Tas Anyam" in client.page("/simpan").text


def test_signing_out_leaves_no_list_on_the_device(client, db):
    factories.signed_in(client, "buyer")
    save(client, factories.product().id)
    assert cookie(client, "disimpan")

    client.submit("/akun", action="/keluar")

    assert not cookie(client, "disimpan")


def test_forgotten_browsers_are_tidied_up_and_accounts_are_not(db):
    person = factories.user("buyer")
    bag_id = factories.product().id
    services.save(Owner(), bag_id)
    services.save(Owner(user_id=person.id), bag_id)

    with clock.travel(clock.now() + services.timedelta(days=services.FORGOTTEN_AFTER + 1)):
        assert services.delete_stale() == 1
    assert len(saved_products(Owner(user_id=person.id))) == 1


def test_the_list_costs_the_same_however_long(client, db, query_count):
    for _ in range(6):
        save(client, factories.product().id)
    with query_count(at_most=6):
        client.get("/simpan")
