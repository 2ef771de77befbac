"""The regional office decides what the public sees: publish, or send back with a reason."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.forms import ReasonForm
from storefront.catalog.models import GateState, ProductStatus
from storefront.catalog.queries import curation as queries
from storefront.catalog.queries.preview import preview_of
from storefront.catalog.queries.queues import AGES
from storefront.catalog.services import (
    STATUS_WORDS,
    Changed,
    Incomplete,
    feature_product,
    missing_for_publication,
    publish_product,
    return_product,
    state_of,
    told,
)
from storefront.catalog.services.at_once import publish_from_queue, unseen
from storefront.catalog.services.diffs import PART_WORDS
from storefront.catalog.services.photo_states import gates_of
from storefront.catalog.services.staging import alive_change
from storefront.catalog.services.wordcheck import Found, check_words, texts_of
from storefront.catalog.staff_views.past import decisions_of, steps_of
from storefront.catalog.staff_views.pricing import variant_advice
from storefront.catalog.staff_views.products import search_words
from storefront.catalog.staff_views.queues import Result, days_since, decide_many, wanted
from storefront.core.errors import DomainError, Invalid
from storefront.core.gallery import is_hidden
from storefront.core.language import _
from storefront.web.fields import blame
from storefront.web.pagination import page_number

bp = Blueprint("curation", __name__, url_prefix="/kanwil/kurasi")


@bp.get("")
def index() -> ResponseReturnValue:
    """What waits, the longest waiting first."""
    asked = wanted()
    page = queries.waiting(page_number(request.args.get("hal")), asked)
    waiting = unseen([photo.picture_id for product in page.items for photo in product.photos])
    return render_template(
        "catalog_staff/queue.html",
        page=page,
        wanted=asked,
        makers=queries.makers_waiting(),
        waits=AGES,
        ages={product.id: days_since(product.submitted_at) for product in page.items},
        missing={product.id: missing_for_publication(product) for product in page.items},
        unseen={p.id for p in page.items if waiting & {photo.picture_id for photo in p.photos}},
        marks={product.id: f"{product.id}-{state_of(product)}" for product in page.items},
    )


@bp.post("/terbitkan")
def publish_many() -> ResponseReturnValue:
    """Publish the marked products, each on its own, and say of each what became of it."""
    return decide_many(
        "curation.index", _publish, nothing=_("Tandai sedikitnya satu produk."), heading=_("Kurasi")
    )


def _publish(product_id: int, seen: str) -> Result:
    href, title = url_for("curation.show", product_id=product_id), ""
    try:
        title = queries.product_for_curation(product_id).title
        publish_from_queue(product_id, current_user.id, seen)
    except DomainError as error:
        return Result(product_id, href, title, is_done=False, words=str(error))
    return Result(product_id, href, title, is_done=True, words=_("Sekarang tayang di toko."))


@bp.get("/tayang")
def published() -> ResponseReturnValue:
    """What is in the shop."""
    words = search_words()
    page = queries.published(words=words, page=page_number(request.args.get("hal")))
    return render_template("catalog_staff/published.html", page=page, words=words)


@bp.get("/<int:product_id>")
def show(product_id: int) -> ResponseReturnValue:
    """A product as buyers will see it, with its history and what is missing."""
    return _page(product_id, ReasonForm())


@bp.post("/<int:product_id>/terbitkan")
def publish(product_id: int) -> ResponseReturnValue:
    """Let a product into the shop, as long as it is what was looked at."""
    product = queries.product_for_curation(product_id)
    title = product.title
    try:
        publish_product(product_id, current_user.id, seen=request.form.get("seen", ""))
    except (Changed, Incomplete) as error:
        flash(str(error), "error")
        return redirect(url_for("curation.show", product_id=product_id), 303)
    return _decided(_("“%(title)s” sekarang tayang di toko.", title=title))


@bp.post("/<int:product_id>/kembalikan")
def send_back(product_id: int) -> ResponseReturnValue:
    """Send a product back to its facility, saying why."""
    product = queries.product_for_curation(product_id)
    title, form = product.title, ReasonForm()
    if form.validate():
        try:
            return_product(product_id, current_user.id, form.reason.data)
            return _decided(_("“%(title)s” dikembalikan dengan alasannya.", title=title))
        except Invalid as error:
            blame(form, error)
    return _page(product_id, form)


@bp.post("/<int:product_id>/unggulan")
def feature(product_id: int) -> ResponseReturnValue:
    """Put a product at the top of the home page, or let it go."""
    product = queries.product_for_curation(product_id)
    featured = request.form.get("featured") == "yes" and product.status is ProductStatus.PUBLISHED
    feature_product(product_id, featured=featured, actor_id=current_user.id)
    flash(_("Ditandai sebagai unggulan.") if featured else _("Tidak lagi unggulan."), "success")
    return redirect(url_for("curation.show", product_id=product_id), 303)


def _decided(message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("curation.index"), 303)


def remarks_of(found: Found) -> list[tuple[str, str]]:
    """What the check of words says of a product's texts: (name of the field, words), the worst first."""
    both = (*found.refusals.items(), *found.warnings.items())
    return [(str(PART_WORDS[name]), words) for name, words in both]


def _page(product_id: int, form: ReasonForm) -> tuple[str, int]:
    product = queries.product_for_curation(product_id)
    here = url_for("curation.show", product_id=product_id)
    html = render_template(
        "catalog_staff/decide.html",
        product=product,
        form=form,
        missing=missing_for_publication(product),
        decisions=decisions_of(product_id, here),
        change=alive_change(product_id),
        change_steps=steps_of(product_id, here),
        part_words=PART_WORDS,
        look=preview_of(product),
        gates=(gates := gates_of([photo.picture_id for photo in product.photos])),
        photos_waiting=sum(gate.state is GateState.WAITING for gate in gates.values()),
        photos_shown=[
            (n, photo) for n, photo in enumerate(product.photos, 1) if not is_hidden(photo.picture)
        ],
        remarks=remarks_of(check_words(texts_of(product))),
        advice=variant_advice(product, {variant.id: variant for variant in product.variants}),
        seen=state_of(product),
        status_words=STATUS_WORDS,
        told=told,
        is_waiting=product.status is ProductStatus.SUBMITTED,
        can_return=product.status in {ProductStatus.SUBMITTED, ProductStatus.PUBLISHED},
    )
    return html, 422 if form.errors else 200
