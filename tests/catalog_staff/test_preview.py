"""What buyers will see, shown beside the form while it is typed; nothing of it is saved."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.catalog.models import Product
from storefront.catalog.queries.preview import preview_of
from storefront.core.models import Picture
from storefront.facilities.models import Facility
from tests import factories
from tests.catalog_staff.photos import upload
from tests.support.client import Client

NEW = "/petugas/produk/baru"


def look(client: Client, path: str, data: dict[str, Any]) -> Any:
    """The preview in the answer to what is typed so far."""
    sent = data | {"action": "look"}
    answer = client.submit(
        path, sent, action=None if path == NEW else path, content_type="multipart/form-data"
    )
    assert answer.status_code == 200
    assert "field__error" not in answer.text, "nobody is told off for a form that was not sent"
    return answer, answer.text.split("<live-preview", 1)[1].split("</live-preview>", 1)[0]


def test_the_editor_begins_with_what_is_stored(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product = factories.product(facility, title="Kursi jati", price=125_000, technique="Bubut kayu")
    page = staff.page(f"/petugas/produk/{product.id}")
    shown = page.one("live-preview").text
    assert ["Kursi jati" in shown, "Rp125.000" in shown, "Bubut kayu" in shown] == [True] * 3


def test_what_is_typed_is_shown_and_not_saved(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product = factories.product(facility, title="Kursi jati", price=125_000)
    product_id, variant_id, room = product.id, product.variants[0].id, facility.workshops[0]
    typed = {
        "title": "Kursi <b>rotan</b>",
        "summary": "Ringan & kuat",
        "description": "Dianyam tiga hari.",
        "materials": "Rotan",
        "workshop_id": str(room.id),
        "shipping_class": "pickup_only",
        f"v{variant_id}-price": "99.000",
    }
    name = room.name
    _answer, shown = look(staff, f"/petugas/produk/{product_id}", typed)
    for words in (
        "Kursi &lt;b&gt;rotan",
        "Ringan &amp; kuat",
        "Dianyam tiga hari.",
        "Rotan",
        name,
        "Rp99.000",
    ):
        assert words in shown
    assert "Hanya diambil di tempat" in shown
    db.session.expire_all()
    kept = db.session.get_one(Product, product_id)
    assert (kept.title, kept.price_from, kept.variants[0].price) == ("Kursi jati", 125_000, 125_000)


@pytest.mark.parametrize(
    "typed",
    [
        {"title": "", "summary": ""},
        {"title": "x" * 300},
        {"supply": "made_to_order", "lead_days": "", "weekly_capacity": "banyak"},
        {"supply": "apa", "shipping_class": "terbang", "category_id": "9" * 30},
        {"workshop_id": "999999", "work_hours": "-3"},
    ],
)
def test_half_a_form_is_shown_as_far_as_it_goes(
    staff: Client, facility: Facility, typed: dict[str, str]
) -> None:
    product = factories.product(facility, status="draft", price=None, stock=None)
    _answer, shown = look(staff, f"/petugas/produk/{product.id}", typed)
    assert "Belum ada harga" in shown
    assert facility.name in shown


def test_another_facilitys_workshop_is_not_told(staff: Client, facility: Facility) -> None:
    other = factories.facility("LPLAIN", workshops=("Bengkel Rahasia",))
    product = factories.product(facility)
    _answer, shown = look(staff, f"/petugas/produk/{product.id}", {"workshop_id": str(other.workshops[0].id)})
    assert "Bengkel Rahasia" not in shown
    assert preview_of(product, {"workshop_id": other.workshops[0].id}).workshop == ""


def test_a_new_product_is_looked_at_and_its_photo_kept(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    typed = {"title": "Tas anyam", "price": "75.000", "quantity": "2", "photos": upload()}
    answer, shown = look(staff, NEW, typed)
    assert ["Tas anyam" in shown, "Rp75.000" in shown, "Sisa 2" in shown] == [True] * 3
    assert "/foto-usulan/" in shown  # nobody but staff may see it yet
    assert 'name="kept"' in answer.text
    assert db.session.scalar(select(func.count(Product.id))) == 0
    assert db.session.scalar(select(func.count(Picture.id))) == 1


def test_nobody_looks_at_somebody_elses_product(staff: Client) -> None:
    other = factories.product(factories.facility("LPLAIN"))
    token = staff.page(NEW).all("input", name="csrf_token")[0].attrs["value"]
    answer = staff.post(f"/petugas/produk/{other.id}", data={"csrf_token": token, "action": "look"})
    assert answer.status_code == 404
