"""A facility's list of products, and the form that makes one in a minute."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.forms import NewProductForm, shelf_choices
from storefront.catalog.models import Product, ProductStatus
from storefront.catalog.queries import curation as shelf_queries
from storefront.catalog.queries import staff
from storefront.catalog.queries.changes import alive_count
from storefront.catalog.queries.gates import waiting_count
from storefront.catalog.queries.preview import preview_of_new
from storefront.catalog.services import MAX_PHOTOS, STATUS_WORDS
from storefront.catalog.services.bundles import start_product
from storefront.catalog.services.pending import unclaimed_pictures
from storefront.catalog.staff_views import uploads
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.models import Picture
from storefront.facilities.models import Facility
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame
from storefront.web.pagination import page_number

bp = Blueprint("catalog_staff", __name__, url_prefix="/petugas/produk")

LONGEST_SEARCH = 80


def search_words() -> str:
    """What somebody looks for, short enough to look for it."""
    return request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]


@bp.get("")
def index() -> ResponseReturnValue:
    """Own products, by status and words."""
    facility = own_facility()
    asked = request.args.get("status", "")
    status = ProductStatus(asked) if asked in set(ProductStatus) else None
    words = search_words()
    page = staff.own_products(
        facility.id, status=status, words=words, page=page_number(request.args.get("hal"))
    )
    return render_template(
        "catalog_staff/products.html",
        page=page,
        counts=staff.status_counts(facility.id),
        changes=alive_count(facility.id),
        photos_waiting=waiting_count(facility.id),
        chosen=status,
        words=words,
        status_words=STATUS_WORDS,
    )


@bp.route("/baru", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A product in a minute: photos, six facts, and it is a draft or on its way to curation."""
    facility = own_facility()
    form = NewProductForm(supply="ready")
    form.category_id.offer(shelf_choices(shelf_queries.shelves(), none=_("Pilih kategori")))
    if not form.is_submitted():
        return _new_page(facility, form, [])
    kept = uploads.signed_pictures(request.form.getlist("kept"))
    fresh, complaints = uploads.keep_files(form.photos.data or [], MAX_PHOTOS - len(kept))
    kept += fresh
    if request.form.get("action") == "look":
        return _new_page(facility, form, kept, is_asked=True)
    submit = request.form.get("action") == "submit"
    good = form.check(for_curation=submit, has_photos=bool(kept))
    if complaints:
        form.photos.errors = complaints
    elif good and (product := _start(facility, form, kept, submit=submit)):
        sent = _("“%(title)s” dikirim untuk kurasi.", title=product.title)
        saved = _("“%(title)s” disimpan sebagai draf.", title=product.title)
        flash(sent if submit else saved, "success")
        return redirect(url_for("catalog_staff.edit", product_id=product.id), 303)
    return _new_page(facility, form, kept, status=422)


def _new_page(
    facility: Facility,
    form: NewProductForm,
    kept: list[Picture],
    *,
    is_asked: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    """The form beside what buyers would see; `is_asked`: that is what was asked for."""
    pictures = unclaimed_pictures([picture.id for picture in kept])
    rooms = staff.workshops(facility.id)
    typed = form.typed() if is_asked else {}
    html = render_template(
        "catalog_staff/new.html",
        form=form,
        kept=[(picture, uploads.sign(picture)) for picture in pictures],
        max_photos=MAX_PHOTOS,
        look=preview_of_new(facility, typed, pictures, rooms[0] if rooms else None),
        is_asked=is_asked,
    )
    return html, status


def _start(facility: Facility, form: NewProductForm, kept: list[Picture], *, submit: bool) -> Product | None:
    """Make the product, or write into the form why not."""
    rooms = staff.workshops(facility.id)
    try:
        return start_product(
            facility.id,
            current_user.id,
            form.title.data,
            price=form.price.data,
            weight=form.weight.data,
            quantity=form.quantity.data,
            picture_ids=[picture.id for picture in kept],
            submit=submit,
            summary=form.summary.data,
            category_id=form.category_id.data,
            workshop_id=rooms[0].id if rooms else None,
            **form.rule(),
        )
    except Invalid as error:
        blame(form, error)
        return None
