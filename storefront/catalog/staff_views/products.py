"""A facility's list of products."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from storefront.catalog.models import ProductStatus
from storefront.catalog.queries import staff
from storefront.catalog.queries.changes import alive_count
from storefront.catalog.queries.drafts import own_drafts, unsent_products
from storefront.catalog.queries.gates import waiting_count
from storefront.catalog.services import STATUS_WORDS
from storefront.facilities.staff_views import own_facility
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
        unfinished=own_drafts(facility.id) if page.number == 1 else [],
        typed_on=unsent_products(facility.id) if page.number == 1 else [],
        chosen=status,
        words=words,
        status_words=STATUS_WORDS,
    )
