"""A new product in a minute: the form, kept as somebody types, and what becomes of it.

A script sends what is typed now and then and gets words back; without script it is a plain form.
"""

from contextlib import suppress
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from storefront.catalog.forms import NewProductForm, shelf_choices
from storefront.catalog.models import Product, ProductDraft
from storefront.catalog.queries import curation as shelf_queries
from storefront.catalog.queries import staff
from storefront.catalog.queries.drafts import held_pictures
from storefront.catalog.queries.likely import likely_category, usual_weight
from storefront.catalog.queries.preview import preview_of_new
from storefront.catalog.services import MAX_PHOTOS
from storefront.catalog.services.bundles import plain_summary, start_product
from storefront.catalog.services.drafting import Newer, drop_draft, keep_draft, own_draft
from storefront.catalog.services.pending import unclaimed_pictures
from storefront.catalog.services.wordcheck import check_words
from storefront.catalog.staff_views import uploads
from storefront.catalog.staff_views.pricing import advice_of
from storefront.catalog.staff_views.products import bp
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.models import Picture
from storefront.core.tokens import new_token
from storefront.facilities.models import Facility
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame, row_key
from storefront.web.formats import clock_time
from storefront.web.formats import weight as grams

TYPED = (
    "title", "category_id", "price", "weight", "supply", "quantity", "is_unique", "lead_days",
    "weekly_capacity", "summary", "material_cost", "work_minutes",
)  # fmt: skip
"""What of the form is kept; everything else that a request brings is left alone."""
LONGEST_KEY = 40


class Kept(NamedTuple):
    """The draft behind a page: its key, and (once something was kept) its id and the save that is shown."""

    key: str
    id: int | None = None
    revision: int = 0


def new_form(typed: dict[str, str] | None = None) -> NewProductForm:
    """The form of a new product, as it is sent, or as a draft keeps it."""
    filled: Any = {} if typed is None else {"formdata": MultiDict(typed)}
    form = NewProductForm(supply="ready", **filled)
    form.category_id.offer(shelf_choices(shelf_queries.shelves(), none=_("Pilih kategori")))
    return form


@bp.route("/baru", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A product in a minute: photos, five facts, and it is a draft or on its way to curation."""
    facility = own_facility()
    if request.method == "GET":
        return _opened(facility)
    form = new_form()
    kept = uploads.signed_pictures(request.form.getlist("kept"))
    fresh, complaints = uploads.keep_files(form.photos.data or [], MAX_PHOTOS - len(kept))
    kept += fresh
    if request.form.get("action") in {"look", "price"}:
        return _new_page(facility, form, kept, is_asked=True)
    submit = request.form.get("action") == "submit"
    good = form.check(for_curation=submit, has_photos=bool(kept))
    if complaints:
        form.photos.errors = complaints
    elif good:
        try:
            if product := _start(facility, form, kept, submit=submit):
                return _done(product, submit=submit)
        except NotFound:
            return _sent_before(facility, form, kept)
        except Newer as error:
            form.form_errors.append(_("%(what)s Periksa, lalu kirim sekali lagi.", what=error))
            told = Kept(_sent().key, error.draft_id, error.revision)
            return _new_page(facility, form, kept, behind=told, status=422)
    return _new_page(facility, form, kept, status=422)


def _sent_before(facility: Facility, form: NewProductForm, kept: list[Picture]) -> ResponseReturnValue:
    """A page that was sent once is sent again, after Back or by a second press: all that is typed stays.

    The page goes on under a key of its own: what is sent from it is another product.
    """
    form.form_errors.append(
        _(
            "Formulir ini sudah dikirim atau dibuang dari layar lain. Yang Anda ketik masih di sini:"
            " kirim lagi bila ini produk lain, dengan fotonya sendiri."
        )
    )
    behind = Kept(new_token()[:LONGEST_KEY])
    if (sent := _sent()).id is not None:
        with suppress(NotFound):  # typed on after Back, it was kept again
            behind = behind._replace(id=own_draft(facility.id, sent.id).id, revision=sent.revision)
    return _new_page(facility, form, kept, behind=behind, status=422)


def _done(product: Product, *, submit: bool) -> ResponseReturnValue:
    sent = _("“%(title)s” dikirim untuk kurasi.", title=product.title)
    saved = _("“%(title)s” disimpan sebagai draf.", title=product.title)
    flash(sent if submit else saved, "success")
    return redirect(url_for("catalog_staff.edit", product_id=product.id), 303)


def _opened(facility: Facility) -> ResponseReturnValue:
    """An empty form, or one that somebody began."""
    draft_id = row_key(request.args.get("formulir", ""))
    if draft_id is None:
        return _new_page(facility, new_form(), [], behind=Kept(new_token()[:LONGEST_KEY]))
    draft = own_draft(facility.id, draft_id)
    behind = Kept(draft.key, draft.id, draft.revision)
    return _new_page(
        facility, new_form(draft.typed), unclaimed_pictures(held_pictures(draft.id)), behind=behind
    )


def _sent() -> Kept:
    """The draft that the sent form belongs to."""
    key = request.form.get("key", "")
    if not (key.isprintable() and 0 < len(key) <= LONGEST_KEY) or ":" in key:  # not one that we gave out
        key = new_token()[:LONGEST_KEY]
    return Kept(key, row_key(request.form.get("draft", "")), row_key(request.form.get("revision", "")) or 0)


def _new_page(
    facility: Facility,
    form: NewProductForm,
    kept: list[Picture],
    *,
    behind: Kept | None = None,
    is_asked: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    """The form beside what buyers would see; `is_asked`: that is what was asked for."""
    behind = behind or _sent()
    pictures = unclaimed_pictures([picture.id for picture in kept])
    rooms = staff.workshops(facility.id)
    typed = form.typed() if is_asked else {}
    helped = form.material_cost.data or form.work_minutes.data or request.form.get("action") == "price"
    html = render_template(
        "catalog_staff/new.html",
        form=form,
        kept=[(picture, uploads.sign(picture)) for picture in pictures],
        max_photos=MAX_PHOTOS,
        look=preview_of_new(facility, typed, pictures, rooms[0] if rooms else None),
        is_asked=request.form.get("action") == "look",
        advice=advice_of(form, form.category_id.data) if helped else None,
        behind=behind,
        remarks=check_words(form.data).warnings if form.is_submitted() else {},
    )
    return html, status


def _start(facility: Facility, form: NewProductForm, kept: list[Picture], *, submit: bool) -> Product | None:
    """Make the product, or write into the form why not."""
    behind, room = _sent(), next(iter(staff.workshops(facility.id)), None)
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
            draft=behind,
            costs=form.costs(),
            summary=form.summary.data
            or (plain_summary(form.title.data, facility.name, room) if submit else ""),
            category_id=form.category_id.data,
            workshop_id=room.id if room else None,
            is_unique=form.is_unique.data,
            **form.rule(),
        )
    except Invalid as error:
        if "title" in error.errors and not form.summary.data:
            error.errors.pop("summary", None)  # nobody typed it: it only repeats the name
        blame(form, error)
    return None


@bp.post("/simpan-otomatis")
def keep_as_typed() -> ResponseReturnValue:
    """Keep what is typed so far and answer in JSON: 422 with what cannot be read (kept all the same),
    409 when another screen saved meanwhile (nothing is overwritten)."""
    facility_id, behind = own_facility().id, _sent()
    typed = {name: request.form[name] for name in TYPED if request.form.get(name, "").strip()}
    pictures = [picture.id for picture in uploads.signed_pictures(request.form.getlist("kept"))]
    if not pictures and not typed.keys() - {"supply"}:
        return {"draft": None}
    try:
        draft = keep_draft(
            facility_id, current_user.id, typed, pictures,
            key=behind.key, draft_id=behind.id, revision=behind.revision,
        )  # fmt: skip
    except Newer as error:
        return {"words": str(error), "revision": error.revision}, 409
    except NotFound:
        return {"words": _("Formulir ini sudah dikirim atau dibuang dari layar lain.")}, 404
    except Invalid as error:
        return {"words": str(error)}, 422
    told = _told(facility_id, draft)
    return told, 422 if told["errors"] else 200


@bp.post("/formulir/<int:form_id>/buang")
def drop_form(form_id: int) -> ResponseReturnValue:
    """Throw an unfinished form away."""
    drop_draft(own_facility().id, form_id)
    flash(_("Formulir yang belum selesai dibuang."), "success")
    return redirect(url_for("catalog_staff.index"), 303)


def _told(facility_id: int, draft: ProductDraft) -> dict[str, Any]:
    """What the page may say about what is typed."""
    form = new_form(draft.typed)
    form.validate()
    errors = {
        field.short_name: str(field.errors[0]) for field in form if field.errors and field.name in draft.typed
    }
    found = check_words(draft.typed)
    category_id = row_key(draft.typed.get("category_id", ""))
    suggested = None if category_id else likely_category(facility_id, draft.typed.get("title", ""))
    weight = usual_weight(facility_id, chosen) if (chosen := category_id or suggested) else None
    return {
        "draft": draft.id,
        "revision": draft.revision,
        "words": _("Tersimpan pukul %(at)s", at=clock_time(draft.updated_at)),
        "errors": errors | found.refusals,
        "remarks": found.warnings,
        "category_id": suggested,
        "weight": grams(weight) if weight and "weight" not in draft.typed else None,
    }
