"""The way of a product to the public, and off it again."""

import pytest

from storefront.catalog import services
from storefront.catalog.models import NEXT_STATUS, CurationEvent, Product, ProductStatus
from storefront.catalog.queries.filters import Filters
from storefront.catalog.queries.product import product_page
from storefront.catalog.queries.shelf import shelf
from storefront.core.errors import Invalid, NotFound
from storefront.core.transactions import version
from tests import factories

STEPS = {
    "submit": lambda product: services.submit_product(product.id, None),
    "take_back": lambda product: services.take_back(product.id, None),
    "publish": lambda product: services.publish_product(product.id, None),
    "return": lambda product: services.return_product(product.id, None, "Foto kurang terang"),
    "withdraw": lambda product: services.withdraw_product(product.id, None),
    "restart": lambda product: services.restart_product(product.id, None),
}
LEADS_TO = {
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "archived",
    ("submitted", "take_back"): "draft",
    ("submitted", "publish"): "published",
    ("submitted", "return"): "returned",
    ("returned", "submit"): "submitted",
    ("returned", "withdraw"): "archived",
    ("published", "return"): "returned",
    ("published", "withdraw"): "archived",
    ("archived", "restart"): "draft",
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", [status.value for status in ProductStatus])
def test_every_step_from_every_status(db, status, step):
    product, before = factories.product(status=status), version("catalog")
    after = LEADS_TO.get((status, step))
    if after is None:
        with pytest.raises(services.WrongStep):
            STEPS[step](product)
        assert db.session.query(CurationEvent).count() == 0
        return
    STEPS[step](product)
    assert product.status == after
    event = db.session.query(CurationEvent).one()
    assert (event.from_status, event.to_status) == (status, after)
    assert (version("catalog") > before) == ("published" in (status, after))


def test_the_table_of_steps_is_the_one_we_test():
    assert {(start.value, end.value) for start, ends in NEXT_STATUS.items() for end in ends} == {
        (start, end) for (start, _step), end in LEADS_TO.items()
    }


def test_a_draft_becomes_public_with_names_and_times(db, draft):
    staff, office = factories.user("facility_staff"), factories.user("regional")
    services.submit_product(draft.id, staff.id)
    services.publish_product(draft.id, office.id)
    assert draft.submitted_at <= draft.published_at
    events = db.session.query(CurationEvent).order_by(CurationEvent.id).all()
    assert [(e.to_status, e.actor_id) for e in events] == [
        ("draft", None),
        ("submitted", staff.id),
        ("published", office.id),
    ]


def test_a_return_says_why(db):
    product = factories.product(status="submitted")
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(Invalid):
            services.return_product(product.id, None, reason)
    services.return_product(product.id, None, " Foto kurang terang ")
    assert db.session.query(CurationEvent).one().comment == "Foto kurang terang"


def test_withdrawing_takes_it_off_the_shelf(db):
    product = factories.product(title="Tas Rajut", is_featured=True)
    assert shelf(Filters(q="rajut")).total == 1
    services.withdraw_product(product.id, None)
    assert shelf(Filters(q="rajut")).total == shelf(Filters()).total == 0
    assert not product.is_featured


def test_an_unknown_product(db):
    with pytest.raises(NotFound):
        services.submit_product(404, None)


# --- what is missing --------------------------------------------------------------------------------


def test_an_empty_draft_lacks_everything(db):
    product = services.create_product(factories.facility().id, None, "Peci Rajut")
    assert services.missing_for_publication(product) == [
        "ringkasan",
        "kategori",
        "foto",
        "harga",
        "berat",
        "cara penyediaan (stok siap atau dibuat setelah dipesan)",
    ]


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"summary": ""}, "ringkasan"),
        ({"price": None}, "harga"),
        ({"weight": None}, "berat"),
        ({"photo": False}, "foto"),
        ({"stock": None}, "stok setiap varian dihitung"),
        ({"supply": "made_to_order", "lead_days": None}, "lama pengerjaan"),
        ({"supply": "made_to_order", "weekly_capacity": None}, "kapasitas per minggu"),
    ],
)
def test_one_thing_missing_stops_submission_and_publication(db, fields, missing):
    product = factories.product(status="draft", **fields)
    assert services.missing_for_publication(product) == [missing]
    with pytest.raises(services.Incomplete) as refused:
        services.submit_product(product.id, None)
    assert refused.value.missing == [missing]
    product = factories.product(status="submitted", **fields)
    with pytest.raises(services.Incomplete):
        services.publish_product(product.id, None)
    assert db.session.get(Product, product.id).status is ProductStatus.SUBMITTED


def test_every_variant_has_to_be_counted(db):
    product = factories.product(status="draft")
    factories.variant(product, "merah")
    factories.variant(product, "biru", stock=None)
    assert services.missing_for_publication(product) == ["stok setiap varian dihitung"]


def test_counted_as_none_is_counted(db):
    assert services.missing_for_publication(factories.product(status="draft", stock=0)) == []


def test_a_new_variant_on_sale_is_sold_out_until_counted(db):
    product = factories.product()
    factories.variant(product, "merah")
    blue = services.add_variant(product.id, None, ["biru"], price=50_000, weight=500)
    page = product_page(product.slug)
    assert {row.label: row.can_buy for row in page.variants} == {"merah": True, "biru": False}
    assert blue.product.status is ProductStatus.PUBLISHED
