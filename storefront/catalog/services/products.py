"""Making a product and changing what is written about it."""

from typing import Any, TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.catalog.models import Category, Product, ShippingClass, Supply
from storefront.catalog.services.editing import copy_down, editing, record
from storefront.catalog.services.variants import VariantDetails, new_variant
from storefront.catalog.services.wordcheck import check_words
from storefront.core import auditlog, clock
from storefront.core.db import db, found, locked
from storefront.core.errors import Invalid
from storefront.core.language import _, lazy
from storefront.core.slugs import slug_of
from storefront.core.tokens import short_code
from storefront.core.transactions import touch, transaction
from storefront.facilities.models import Facility, Workshop
from storefront.inventory.services import pieces_made

LABELS = {
    "title": lazy("judul"),
    "summary": lazy("ringkasan"),
    "description": lazy("cerita"),
    "materials": lazy("bahan"),
    "care": lazy("perawatan"),
    "size_note": lazy("ukuran"),
    "technique": lazy("teknik"),
    "work_hours": lazy("jam kerja"),
    "personalisation": lazy("tulisan khusus"),
    "category_id": lazy("kategori"),
    "workshop_id": lazy("bengkel"),
    "supply": lazy("cara penyediaan"),
    "lead_days": lazy("lama pengerjaan"),
    "weekly_capacity": lazy("kapasitas per minggu"),
    "max_per_order": lazy("batas per pesanan"),
    "shipping_class": lazy("cara kirim"),
    "shelf_days": lazy("masa simpan"),
    "is_unique": lazy("satu-satunya"),
}
"""What each field is called on the screen, and in the trace of an edit."""

MAX_DESCRIPTION = 5000
_RANGES = {
    "lead_days": (0, 365),
    "weekly_capacity": (1, 100_000),
    "max_per_order": (1, 10_000),
    "work_hours": (1, 2_000),
    "shelf_days": (1, 3_650),
}


class Details(TypedDict, total=False):
    """What a facility writes about a product besides its title; every key may be left out.

    `lead_days` are working days, `weekly_capacity` and `max_per_order` pieces, `work_hours` those by
    hand in one piece. `personalisation` is the question asked at the product ('Nama yang
    dibordir'), empty for none. `is_unique`: there is one piece of each variant and never another.
    """

    summary: str
    description: str
    materials: str
    care: str
    size_note: str
    technique: str
    work_hours: int | None
    personalisation: str
    category_id: int | None
    workshop_id: int | None
    supply: Supply | None
    lead_days: int | None
    weekly_capacity: int | None
    max_per_order: int | None
    shipping_class: ShippingClass
    shelf_days: int | None
    is_unique: bool


def create_product(
    facility_id: int,
    actor_id: int | None,
    title: str,
    *,
    price: int | None = None,
    weight: int | None = None,
    form: VariantDetails | None = None,
    **details: Unpack[Details],
) -> Product:
    """Start a draft with one variant (rupiah, grams packed; `form`: the rest of it).

    Raises Invalid, NotFound.
    """
    with transaction():
        product = begin_product(facility_id, checked_details(facility_id, {"title": title, **details}))
        given: VariantDetails = {"price": price, "weight": weight}
        new_variant(product, [], given | (form or {}))
        copy_down(product)
        record(product, None, actor_id)
    return product


def begin_product(facility_id: int, cleaned: dict[str, Any]) -> Product:
    """A draft with its address and these checked details, and nothing to sell yet. Needs a transaction.

    Raises NotFound, Invalid.
    """
    facility = found(Facility, facility_id)
    moment = clock.now()
    product = Product(
        facility_id=facility.id, slug=short_code(12).lower(), created_at=moment, updated_at=moment,
        variants=[], photos=[],
    )  # fmt: skip
    write_details(product, cleaned)
    db.session.add(product)
    db.session.flush()
    _name_address(product)
    return product


def update_product(
    product_id: int, actor_id: int | None, title: str | None = None, **changes: Unpack[Details]
) -> Product:
    """Change what is given and leave the rest. Raises Invalid, NotFound, Withdrawn, Incomplete.

    On a published product the change shows at once: what a facility writes there goes through
    `staging` first. The address follows the title until the product was published for the first
    time; then links to it have to last.
    """
    facility_id = db.session.scalar(select(Product.facility_id).filter_by(id=product_id)) or 0
    given: dict[str, Any] = {**changes} if title is None else {"title": title, **changes}
    cleaned = checked_details(facility_id, given)
    with editing(product_id, actor_id, *(LABELS[name] for name in cleaned)) as product:
        retitled = "title" in cleaned and cleaned["title"] != product.title
        write_details(product, cleaned)
        if retitled and product.published_at is None:
            _name_address(product)
    return product


def feature_product(product_id: int, *, featured: bool, actor_id: int | None = None) -> None:
    """Put a product at the top of the home page, or let it go. For the regional office."""
    with transaction():
        product = locked(Product, product_id)
        product.is_featured = featured
        auditlog.write(
            "product.featured", "product", product_id, actor_id=actor_id, facility_id=product.facility_id,
            featured=featured,
        )  # fmt: skip
        touch("catalog")


def write_details(product: Product, cleaned: dict[str, Any]) -> None:
    """Put checked details onto a product that is being edited."""
    for name, value in cleaned.items():
        setattr(product, name, value)
    if cleaned.get("is_unique") or (product.is_unique and "supply" in cleaned):
        _check_unique(product)
    if "category_id" in cleaned or "workshop_id" in cleaned:  # what is already loaded must follow
        product.category = db.session.get(Category, product.category_id) if product.category_id else None
        product.workshop = db.session.get(Workshop, product.workshop_id) if product.workshop_id else None


def _check_unique(product: Product) -> None:
    """Can it be the only one: ready made, and not more than one of each variant was ever there?"""
    if product.supply is Supply.MADE_TO_ORDER:
        raise Invalid({"is_unique": _("Yang dibuat setelah dipesan tidak dapat satu-satunya.")})
    if any(pieces_made(variant.id) > 1 for variant in product.variants):
        raise Invalid({"is_unique": _("Barang ini pernah lebih dari satu: hitung stoknya dahulu.")})


def _name_address(product: Product) -> None:
    """Give the product a readable address; where somebody has it already, with its number."""
    slug = slug_of(product.title, 100, "produk")
    try:
        with db.session.begin_nested():
            product.slug = slug
            db.session.flush()
    except IntegrityError:
        product.slug = f"{slug}-{product.id}"
        db.session.flush()


def checked_details(facility_id: int, details: dict[str, Any]) -> dict[str, Any]:
    """The details trimmed and believable. Raises Invalid naming every field that is not."""
    values = dict(details)
    errors: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, str) and not isinstance(value, Supply | ShippingClass):
            values[name] = value.strip()
            longest = getattr(Product.__table__.c[name].type, "length", None) or MAX_DESCRIPTION
            if len(values[name]) > longest:
                errors[name] = _("Paling panjang %(most)s huruf.", most=longest)
    if "title" in values and len(values["title"]) < 3:
        errors["title"] = _("Tulis judul, paling sedikit 3 huruf.")
    for name, (least, most) in _RANGES.items():
        number = values.get(name)
        if number is not None and not least <= number <= most:
            errors[name] = _(
                "Isi angka %(least)s sampai %(most)s.", least=least, most=f"{most:,}".replace(",", ".")
            )
    errors = check_words(values).refusals | errors | _belonging(facility_id, values)
    if errors:
        raise Invalid(errors)
    return values


def _belonging(facility_id: int, values: dict[str, Any]) -> dict[str, str]:
    """Categories have to exist; workshops have to be the facility's own."""
    errors = {}
    category_id, workshop_id = values.get("category_id"), values.get("workshop_id")
    if category_id is not None and db.session.get(Category, category_id) is None:
        errors["category_id"] = _("Pilih kategori dari daftar.")
    if workshop_id is not None:
        workshop = db.session.get(Workshop, workshop_id)
        if workshop is None or workshop.facility_id != facility_id:
            errors["workshop_id"] = _("Pilih bengkel dari Lapas Anda.")
    return errors
