"""Drafts: what is written about a product, its variants, their SKUs."""

import pytest
from sqlalchemy.exc import IntegrityError

from storefront.catalog import services
from storefront.catalog.models import CurationEvent, Product, ProductStatus, Supply, Variant
from storefront.core.errors import Invalid, NotFound
from storefront.core.transactions import transaction, version
from tests import factories


def test_a_draft_has_an_address_a_variant_and_an_event(db):
    maker = factories.facility("LPPTNG")
    person = factories.user("facility_staff", facility=maker)
    product = services.create_product(maker.id, person.id, "  Tas Sulam Pita  ", price=185_000, weight=450)
    assert (product.title, product.slug, product.status) == (
        "Tas Sulam Pita",
        "tas-sulam-pita",
        ProductStatus.DRAFT,
    )
    (variant,) = product.variants
    assert (variant.sku, variant.label, variant.price, variant.weight) == (
        f"LPPTNG-{product.id}-1",
        "",
        185_000,
        450,
    )
    assert (product.price_from, product.price_to, product.photo_id) == (185_000, 185_000, None)
    event = db.session.query(CurationEvent).one()
    assert (event.from_status, event.to_status, event.actor_id) == (None, "draft", person.id)


def test_two_products_of_one_name_have_two_addresses(db):
    maker = factories.facility()
    first, second = (services.create_product(maker.id, None, "Peci Rajut") for _ in range(2))
    assert (first.slug, second.slug) == ("peci-rajut", f"peci-rajut-{second.id}")


def test_a_title_without_latin_letters_has_an_address_too(db):
    product = services.create_product(factories.facility().id, None, "竹かご")
    assert product.slug == "produk"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "ab"),
        ("title", "x" * 91),
        ("summary", "x" * 201),
        ("description", "x" * 5001),
        ("lead_days", -1),
        ("lead_days", 366),
        ("weekly_capacity", 0),
        ("max_per_order", 0),
        ("category_id", 10**9),
        ("workshop_id", 10**9),
    ],
)
def test_what_a_product_may_not_say(db, field, value):
    product = services.create_product(factories.facility().id, None, "Peci Rajut")
    with pytest.raises(Invalid) as refused:
        services.update_product(product.id, None, **{field: value})
    assert list(refused.value.errors) == [field]


def test_a_workshop_of_another_facility_is_refused(db):
    mine, theirs = factories.facility(), factories.facility()
    with pytest.raises(Invalid):
        services.create_product(mine.id, None, "Peci Rajut", workshop_id=theirs.workshops[0].id)


def test_an_unknown_facility_or_product(db):
    with pytest.raises(NotFound):
        services.create_product(404, None, "Peci Rajut")
    with pytest.raises(NotFound):
        services.update_product(404, None, summary="x")


def test_an_update_leaves_the_rest(db):
    product = services.create_product(
        factories.facility().id, None, "Peci Rajut", materials="katun", supply=Supply.READY
    )
    services.update_product(product.id, None, summary="Hangat")
    assert (product.title, product.materials, product.summary, product.supply) == (
        "Peci Rajut",
        "katun",
        "Hangat",
        Supply.READY,
    )


def test_the_address_follows_the_title_until_it_is_public(db, draft):
    services.update_product(draft.id, None, title="Piring Lidi Besar")
    assert draft.slug == "piring-lidi-besar"
    services.submit_product(draft.id, None)
    services.publish_product(draft.id, None)
    services.update_product(draft.id, None, title="Piring Lidi Kecil")
    assert (draft.title, draft.slug) == ("Piring Lidi Kecil", "piring-lidi-besar")


def test_an_edit_on_sale_shows_at_once_and_leaves_a_trace(db):
    product, editor = factories.product(), factories.user("facility_staff")
    before = version("catalog")
    services.update_variant(product.id, product.variants[0].id, editor.id, price=65_000)
    assert (product.status, product.price_from) == (ProductStatus.PUBLISHED, 65_000)
    assert version("catalog") == before + 1
    event = db.session.query(CurationEvent).filter_by(product_id=product.id).one()
    assert (event.from_status, event.to_status, event.actor_id) == ("published", "published", editor.id)
    assert event.comment == "Diubah: harga Rp65.000"


def test_an_edit_of_a_draft_is_nobody_elses_business(db, draft):
    before = version("catalog"), db.session.query(CurationEvent).count()
    services.update_product(draft.id, None, care="Lap kering")
    assert (version("catalog"), db.session.query(CurationEvent).count()) == before


@pytest.mark.parametrize("change", [{"summary": ""}, {"category_id": None}, {"supply": None}])
def test_a_product_on_sale_cannot_lose_what_it_needs(db, change):
    product = factories.product()
    with pytest.raises(services.Incomplete):
        services.update_product(product.id, None, **change)
    assert db.session.get(Product, product.id).summary


def test_the_last_variant_on_sale_cannot_go(db):
    product = factories.product()
    with pytest.raises(services.Incomplete):
        services.archive_variant(product.id, product.variants[0].id, None)


def test_a_withdrawn_product_is_not_edited(db):
    product = factories.product()
    services.withdraw_product(product.id, None)
    with pytest.raises(services.Withdrawn):
        services.update_product(product.id, None, summary="x")


# --- variants -------------------------------------------------------------------------------------


def test_variants_by_colour_and_size(db, draft):
    services.set_options(draft.id, None, ["warna", " ukuran ", ""])
    assert draft.option_names == ["warna", "ukuran"]
    assert [v.is_active for v in draft.variants] == [False]
    made = services.add_variant(draft.id, None, ["hitam", "39"], price=130_000, weight=750)
    services.add_variant(draft.id, None, ["hitam", "40"], price=135_000, weight=760)
    assert (made.label, made.option_values, made.sku) == (
        "hitam / 39",
        ["hitam", "39"],
        f"LPSRG-{draft.id}-2",
    )
    assert (draft.price_from, draft.price_to) == (130_000, 135_000)


def test_a_variant_needs_every_value_once(db, draft):
    services.set_options(draft.id, None, ["warna"])
    for values in ([], [""], ["merah", "39"], ["x" * 41]):
        with pytest.raises(Invalid):
            services.add_variant(draft.id, None, values)
    services.add_variant(draft.id, None, ["merah"])
    with pytest.raises(Invalid):
        services.add_variant(draft.id, None, ["Merah"])


def test_an_archived_variant_comes_back_instead_of_a_twin(db, draft):
    services.set_options(draft.id, None, ["warna"])
    red = services.add_variant(draft.id, None, ["merah"], price=1000)
    services.archive_variant(draft.id, red.id, None)
    again = services.add_variant(draft.id, None, ["merah"], price=2000)
    assert (again.id, again.is_active, again.price) == (red.id, True, 2000)


def test_back_to_a_single_form(db, draft):
    single = draft.variants[0].id
    services.set_options(draft.id, None, ["warna"])
    red = services.add_variant(draft.id, None, ["merah"], price=99_000)
    services.set_options(draft.id, None, [])
    assert {v.id: v.is_active for v in draft.variants} == {single: True, red.id: False}
    assert draft.price_from == 72_000
    with pytest.raises(Invalid):
        services.restore_variant(draft.id, red.id, None)


def test_options_are_few_and_different(db, draft):
    for names in (["a", "b", "c"], ["warna", "Warna"], ["x" * 41]):
        with pytest.raises(Invalid):
            services.set_options(draft.id, None, names)


@pytest.mark.parametrize("sku", ["LPCLG-1", "lpsrg", "LPSRG-", "LPSRG-É", "LPSRG-" + "9" * 40, "LPSRG--1"])
def test_an_own_sku_begins_with_the_facility(db, draft, sku):
    with pytest.raises(Invalid) as refused:
        services.update_variant(draft.id, draft.variants[0].id, None, sku=sku)
    assert "sku" in refused.value.errors


def test_an_own_sku_is_unique_everywhere(db, draft):
    services.update_variant(draft.id, draft.variants[0].id, None, sku="lpsrg-piring")
    assert draft.variants[0].sku == "LPSRG-PIRING"
    other = services.create_product(draft.facility_id, None, "Keranjang Lidi")
    with pytest.raises(Invalid):
        services.update_variant(other.id, other.variants[0].id, None, sku="LPSRG-PIRING")


def test_a_number_taken_by_an_own_sku_is_passed_over(db, draft):
    services.set_options(draft.id, None, ["warna"])
    services.add_variant(draft.id, None, ["merah"], sku=f"LPSRG-{draft.id}-3")
    assert services.add_variant(draft.id, None, ["biru"]).sku == f"LPSRG-{draft.id}-4"


@pytest.mark.parametrize("change", [{"price": 0}, {"price": 10**9 + 1}, {"weight": 0}, {"width_cm": 0}])
def test_prices_and_weights_are_sane(db, draft, change):
    with pytest.raises(Invalid):
        services.update_variant(draft.id, draft.variants[0].id, None, **change)


def test_a_variant_of_another_product_is_not_there(db, draft):
    other = factories.product()
    for touch in (services.archive_variant, services.restore_variant, services.update_variant):
        with pytest.raises(NotFound):
            touch(draft.id, other.variants[0].id, None)


# --- the tables refuse what the services would never write ------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"price_from": 0},
        {"photo_id": None},
        {"supply": None},
        {"lead_days": 400},
        {"weekly_capacity": 0},
        {"max_per_order": 0},
        {"status": "sold"},
        {"shipping_class": "drone"},
    ],
)
def test_the_table_of_products_refuses(db, fields):
    product = factories.product()
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(db.update(Product).where(Product.id == product.id).values(_raw(db, fields)))


@pytest.mark.parametrize(
    "fields",
    [{"price": 0}, {"price": 10**9 + 1}, {"weight": 0}, {"weight": 5_000_001}, {"height_cm": 0}],
)
def test_the_table_of_variants_refuses(db, fields):
    variant = factories.product().variants[0]
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(db.update(Variant).where(Variant.id == variant.id).values(fields))


def test_labels_and_skus_are_unique_in_the_table(db):
    product = factories.product()
    for twin in ({"sku": product.variants[0].sku, "label": "x"}, {"sku": "LAIN", "label": ""}):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(Variant(product_id=product.id, **twin))


def test_events_are_written_once(db, draft):
    event = db.session.query(CurationEvent).first()
    with pytest.raises(RuntimeError), transaction():
        event.comment = "lain"


def _raw(db, fields):
    """Words past the Enum's own check, so that the CHECK has to speak."""
    return {
        name: db.text(f"'{value}'") if isinstance(value, str) else value for name, value in fields.items()
    }
