"""Lists that grow with the years are read a page at a time, by as many queries as short ones."""

from datetime import timedelta
from typing import Any

import pytest

from storefront.catalog.models import ChangeEvent, ChangeStatus, CurationEvent, Product, ProductChange
from storefront.catalog.queries.changes import history
from storefront.catalog.queries.curation import decisions
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility, Packaging
from tests import factories
from tests.catalog_staff.photos import upload
from tests.support.client import Client
from tests.support.queries import counted

ROOM = "/petugas/pengaturan/kemasan"


@pytest.fixture
def lapas(db: Any) -> Facility:
    return factories.facility("LPA")


def past(product: Product, steps: int, *, of: str) -> None:
    """So many decisions and steps of changes, numbered in their words; two of them at each moment."""
    with transaction():
        change = ProductChange(
            product_id=product.id, status=ChangeStatus.WITHDRAWN, created_at=clock.now(),
            updated_at=clock.now(), decided_at=clock.now(),
        )  # fmt: skip
        database.session.add(change)
        database.session.flush()
        for number in range(steps):
            at = clock.now() - timedelta(days=900) + timedelta(hours=number // 2)
            said = {"at": at, "comment": f"{of} {number:02}."}
            database.session.add(ChangeEvent(change_id=change.id, step="submitted", **said))
            database.session.add(
                CurationEvent(
                    product_id=product.id, from_status="submitted", to_status="returned",
                    at=at, comment=f"K{said['comment']}",
                )
            )  # fmt: skip


@pytest.mark.parametrize("read", [history, decisions])
def test_the_past_of_a_product_is_read_by_its_key(db: Any, lapas: Facility, read: Any) -> None:
    product, other = factories.product(lapas), factories.product(lapas)
    past(product, 45, of="Ini")
    past(other, 3, of="Lain")
    seen, before, pages = [], None, 0
    while pages == 0 or before is not None:
        part = read(product.id, before)
        seen += [row.comment[-3:-1] for row in part.items]
        before, pages = part.older, pages + 1
    numbered = [words for words in seen if words.isdigit()]
    assert numbered == [f"{number:02}" for number in range(44, -1, -1)]
    assert pages == 3
    assert read(product.id, 10**9).items == [], "no such row"


def test_a_page_of_a_product_costs_the_same_after_years(client: Client, db: Any, lapas: Facility) -> None:
    factories.signed_in(client, "facility_staff", facility=lapas)
    product = factories.product(lapas, status="draft")
    product_id = product.id
    past(product, 5, of="Awal")
    page = f"/petugas/produk/{product_id}"
    client.get(page)
    with counted() as few:
        client.get(page)
    past(database.session.get_one(Product, product_id), 60, of="Lagi")
    with counted() as many:
        shown = client.page(page)
    assert len(many) == len(few)
    changes = shown.one("section", **{"aria-labelledby": "riwayat-usulan-judul"})
    assert ("Lagi 59." in changes.text, "Lagi 39." in changes.text) == (True, False)
    link = changes.one("a", rel="next").attrs["href"]
    assert link.startswith(f"{page}?usulan=")
    assert link.endswith("#riwayat-usulan-judul")
    older = client.page(link.partition("#")[0]).one("section", **{"aria-labelledby": "riwayat-usulan-judul"})
    assert ("Lagi 39." in older.text, "Lagi 59." in older.text) == (True, False)


def test_a_refused_form_leads_on_from_the_page_itself(client: Client, db: Any, lapas: Facility) -> None:
    factories.signed_in(client, "facility_staff", facility=lapas)
    product = factories.product(lapas, status="draft")
    past(product, 30, of="Lama")
    page = f"/petugas/produk/{product.id}"
    refused = client.submit(page, {"photos": [upload()]}, action=f"{page}/foto")
    assert refused.status_code == 422
    assert f'href="{page}?usulan=' in refused.text
    assert f'href="{page}?riwayat=' in refused.text


@pytest.mark.parametrize("riwayat", ["x", "-1", "99999999999999999999", "7"])
def test_nonsense_in_the_address_is_no_fault(client: Client, db: Any, lapas: Facility, riwayat: str) -> None:
    factories.signed_in(client, "facility_staff", facility=lapas)
    product = factories.product(lapas, status="draft")
    past(product, 3, of="Ini")
    answer = client.get(f"/petugas/produk/{product.id}?riwayat={riwayat}&usulan={riwayat}")
    assert answer.status_code == 200


def test_many_boxes_stand_on_pages_and_a_refused_one_alone(client: Client, db: Any, lapas: Facility) -> None:
    factories.signed_in(client, "facility_head", facility=lapas)
    client.get(ROOM)
    with counted() as few:
        client.get(ROOM)
    rows = [
        Packaging(
            facility_id=lapas.id, name=f"Dus {number:02}", length_cm=10 + number, width_cm=10, height_cm=10,
            weight=50, created_at=clock.now(),
        )
        for number in range(25)
    ]  # fmt: skip
    with transaction():
        database.session.add_all(rows)
    last = rows[-1].id
    with counted(at_most=len(few) + 1) as many:
        first = client.page(ROOM).one("main").text
    assert ("Dus 19" in first, "Dus 20" in first) == (True, False)
    second = client.page(f"{ROOM}?hal=2").one("main").text
    assert ("Dus 24" in second, "Dus 19" in second) == (True, False)
    assert len(many) <= len(few) + 1
    bad = {f"k{last}-{name}": value for name, value in {"name": "Dus 24", "length_cm": "0"}.items()}
    refused = client.submit(f"{ROOM}?hal=2", bad, action=f"{ROOM}/{last}")
    assert (refused.status_code, f'name="k{last}-length_cm"' in refused.text) == (422, True)
    assert 'value="0"' in refused.text
    assert "Dus 00" not in refused.text


def test_many_pauses_stand_on_pages(client: Client, db: Any, lapas: Facility) -> None:
    factories.signed_in(client, "facility_staff", facility=lapas)
    room, until = "/petugas/jeda", clock.today() + timedelta(days=5)
    products = [factories.product(lapas, title=f"Tas {number:02}") for number in range(25)]
    client.get(room)
    with counted() as few:
        client.get(room)
    with transaction():
        for product in products:
            product.paused_until, product.pause_note = until, "Menunggu bambu."
            database.session.merge(product)
    with counted() as many:
        first = client.page(room).one("main").text
    assert ("Tas 19" in first, "Tas 20" in first, len(many) <= len(few) + 1) == (True, False, True)
    assert "Tas 24" in client.page(f"{room}?hal=2").one("main").text
    refused = client.submit(room, {"jeda-until": "x", "jeda-note": ""}, action=room)
    assert (refused.status_code, f'href="{room}?hal=2"' in refused.text) == (422, True)
