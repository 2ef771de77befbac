"""A copy of an own product: a new draft with its words, forms and prices; nothing judged, nothing counted."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from storefront.catalog.models import (
    FoodLicence,
    LicenceKind,
    Product,
    ProductStatus,
    ShippingClass,
    Supply,
    Variant,
    WordVerdict,
)
from storefront.catalog.services import LABELS, archive_variant, update_product, update_variant
from storefront.catalog.services.copying import copy_product, free_title
from storefront.catalog.services.staging import save_details, save_new_variant
from storefront.catalog.services.word_rules import decide_word
from storefront.core import clock
from storefront.core.errors import Invalid, NotFound
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.inventory.queries import availability
from tests import factories
from tests.checkout.test_races import at_once
from tests.support.client import Client


def count(db: SQLAlchemy) -> int:
    return db.session.scalar(select(func.count()).select_from(Product)) or 0


def bag(facility: Facility) -> Product:
    """A product on sale with everything that may be written about it."""
    product = factories.product(facility, title="Tas pandan")
    update_product(
        product.id, None, description="Dianyam rapat.", materials="Pandan", care="Lap", size_note="30 cm",
        technique="Anyam", work_hours=6, workshop_id=facility.workshops[0].id, max_per_order=3,
        shipping_class=ShippingClass.CARGO, personalisation="Nama yang dibordir",
    )  # fmt: skip
    for place, colour in enumerate(("marun", "hijau", "biru")):
        made = factories.variant(product, colour, price=60_000 + place, weight=300 + place)
        update_variant(product.id, made.id, None, length_cm=30, width_cm=20, height_cm=10)
    archive_variant(product.id, product.variants[-1].id, None)
    return product


def test_a_copy_says_what_its_source_says(db: SQLAlchemy, facility: Facility) -> None:
    source = bag(facility)
    person = factories.user("facility_staff", facility=facility)
    copy = copy_product(source.id, person.id)
    assert (copy.title, copy.status, copy.facility_id) == ("Tas pandan (salinan)", "draft", facility.id)
    for name in LABELS.keys() - {"title"}:
        assert getattr(copy, name) == getattr(source, name), name
    assert [(v.label, v.price, v.weight, v.sides) for v in copy.variants] == [
        ("marun", 60_000, 300, (30, 20, 10)),
        ("hijau", 60_001, 301, (30, 20, 10)),
    ]
    assert [v.sku for v in copy.variants] == [f"LPTES-{copy.id}-{number}" for number in (1, 2)]
    assert (copy.price_from, copy.price_to) == (60_000, 60_001)


def test_a_copy_has_nothing_that_was_judged_or_counted(db: SQLAlchemy, facility: Facility) -> None:
    source = bag(facility)
    with transaction():
        source.is_featured, source.paused_until, source.pause_note = True, date(2099, 1, 1), "Libur"
        db.session.add(
            FoodLicence(
                product_id=source.id, kind=LicenceKind.MD, number="MD 123456789012", created_at=clock.now()
            )
        )
    copy = copy_product(source.id, None)
    assert (copy.photos, copy.photo_id, copy.licences) == ([], None, [])
    assert (copy.published_at, copy.submitted_at, copy.is_featured, copy.paused_until) == (
        None,
        None,
        False,
        None,
    )
    assert availability(v.id for v in copy.variants) == {}
    assert len(source.photos) == 1


def test_a_single_form_and_what_is_made_to_order(db: SQLAlchemy, facility: Facility) -> None:
    source = factories.product(facility, supply="made_to_order", price=75_000, status="archived")
    copy = copy_product(source.id, None)
    assert (copy.supply, copy.lead_days, copy.weekly_capacity) == (Supply.MADE_TO_ORDER, 5, 10)
    assert [(v.label, v.price) for v in copy.variants] == [("", 75_000)]
    assert copy.status is ProductStatus.DRAFT


def test_what_waits_for_the_office_is_copied_as_it_was_written(db: SQLAlchemy, facility: Facility) -> None:
    source = bag(facility)
    save_details(source.id, None, title="Tas pandan halus", summary="Ringkasan yang baru ditulis.")
    save_new_variant(source.id, None, ["ungu"], price=90_000, weight=350)
    copy = copy_product(source.id, None)
    assert (copy.title, copy.summary) == ("Tas pandan halus (salinan)", "Ringkasan yang baru ditulis.")
    assert [(v.label, v.price) for v in copy.variants][-1] == ("ungu", 90_000)


def test_copies_are_told_apart(db: SQLAlchemy, facility: Facility) -> None:
    source_id = factories.product(facility, title="Tas pandan").id
    moment, titles = clock.now(), []
    for turn in range(3):
        with clock.travel(moment + timedelta(minutes=turn)):
            titles.append(copy_product(source_id, None).title)
    assert titles == ["Tas pandan (salinan)", "Tas pandan (salinan 2)", "Tas pandan (salinan 3)"]
    last = db.session.scalars(select(Product).filter_by(title=titles[-1])).one().id
    with clock.travel(moment + timedelta(minutes=5)):
        assert copy_product(last, None).title == "Tas pandan (salinan 4)"


def test_clicking_twice_makes_one(db: SQLAlchemy, facility: Facility) -> None:
    """The same person at once: one copy. Another person, later, or once it was touched: another one."""
    source_id = factories.product(facility).id
    people = [factories.user("facility_staff", facility=facility).id for _ in range(2)]
    moment = clock.now()
    with clock.travel(moment):
        first = copy_product(source_id, people[0]).id
        assert copy_product(source_id, people[0]).id == first
        assert copy_product(source_id, people[1]).id != first
    with clock.travel(moment + timedelta(seconds=2)):
        update_product(first, people[0], summary="Sudah diubah, jadi sudah dipakai.")
        assert copy_product(source_id, people[0]).id != first
    assert count(db) == 4


def test_a_double_click_in_one_moment_makes_one(app: Flask, db: SQLAlchemy, facility: Facility) -> None:
    """Six presses of one person and one of another, on threads that start together: two copies."""
    source_id = factories.product(facility).id
    mine, other = (factories.user("facility_staff", facility=facility).id for _ in range(2))

    def press(actor_id: int) -> Callable[[], int]:
        return lambda: copy_product(source_id, actor_id).id

    made = at_once(app, [press(mine)] * 6 + [press(other)])
    assert len({*made[:6]} | {*made[6:]}) == len({*made}) == 2
    assert count(db) == 3
    assert len({*db.session.scalars(select(Variant.sku))}) == 3, "each with a SKU of its own"


def test_old_words_that_may_not_stand_today_are_not_copied(db: SQLAlchemy, facility: Facility) -> None:
    source_id = factories.product(facility, title="Tas pandan ajaib").id
    decide_word("ajaib", WordVerdict.REFUSED)
    with pytest.raises(Invalid) as refused:
        copy_product(source_id, None)
    assert list(refused.value.errors) == ["title"]
    assert count(db) == 1
    with pytest.raises(NotFound):
        copy_product(404, None)


@given(st.text(min_size=3, max_size=90), st.integers(1, 40))
def test_every_name_fits_and_is_free(title: str, copies: int) -> None:
    taken: set[str] = set()
    for _turn in range(copies):
        name = free_title(title, taken)
        assert name not in taken
        assert len(name) <= 90
        taken.add(name)


def test_the_button_leads_to_the_copy(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    source_id = factories.product(facility, title="Tas pandan").id
    for path in ("/petugas/produk", f"/petugas/produk/{source_id}"):
        answer = staff.submit(path, {}, action=f"/petugas/produk/{source_id}/salin")
        made = db.session.scalars(select(Product.id).order_by(Product.id.desc())).first()
        assert (answer.status_code, answer.location) == (303, f"/petugas/produk/{made}")
        page = staff.page(f"/petugas/produk/{made}")
        assert page.one("h1").text == "Tas pandan (salinan)"
        assert "Ini salinannya" in page.text
        assert f"Disalin dari produk nomor {source_id}" in page.text
    assert count(db) == 2
    assert f"Copied from product number {source_id}" in staff.page(f"/en/petugas/produk/{made}").text


def test_why_it_cannot_be_copied_is_said(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    source_id = factories.product(facility, title="Tas pandan ajaib").id
    decide_word("ajaib", WordVerdict.REFUSED)
    answer = staff.submit(f"/petugas/produk/{source_id}", {}, action=f"/petugas/produk/{source_id}/salin")
    assert (answer.status_code, answer.location) == (303, f"/petugas/produk/{source_id}")
    assert "Ada kata “ajaib”" in staff.page(f"/petugas/produk/{source_id}").text
