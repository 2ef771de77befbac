"""The page of one product: what is written about it, and the forms of everything around it."""

from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.forms import (
    LICENCE_WORDS,
    DetailsForm,
    LicenceForm,
    NewVariantForm,
    OptionsForm,
    PhotosForm,
    ScanForm,
    VariantForm,
    shelf_choices,
)
from storefront.catalog.models import NEXT_STATUS, Product, ProductStatus
from storefront.catalog.queries import curation as shelf_queries
from storefront.catalog.queries import staff
from storefront.catalog.queries.changes import parts_of
from storefront.catalog.queries.preview import preview_of, preview_staged
from storefront.catalog.queries.rows import ProductPage
from storefront.catalog.services import (
    MAX_PHOTOS,
    STATUS_WORDS,
    missing_for_publication,
    told,
)
from storefront.catalog.services.changes import CHANGE_WORDS
from storefront.catalog.services.diffs import PART_WORDS
from storefront.catalog.services.drafting import Newer
from storefront.catalog.services.numbers import told_by
from storefront.catalog.services.photo_states import gates_of
from storefront.catalog.services.staging import (
    alive_change,
    as_written,
    is_live,
    save_details,
    staged_document,
)
from storefront.catalog.services.staging_photos import album, pictures_of
from storefront.catalog.services.unsent import SentAlready, sending, unsent
from storefront.catalog.services.wordcheck import check_words, texts_of
from storefront.catalog.staff_views.changes import saved
from storefront.catalog.staff_views.past import decisions_of, steps_of
from storefront.catalog.staff_views.pricing import variant_advice
from storefront.catalog.staff_views.products import bp
from storefront.core import clock
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.facilities.staff_views import own_facility
from storefront.inventory.queries import availability
from storefront.web.fields import blame, row_key
from storefront.web.retyping import retyped


@bp.route("/<int:product_id>", methods=["GET", "POST"])
def edit(product_id: int) -> ResponseReturnValue:
    """Show a product to its facility, and take what is written about it."""
    product = staff.own_product(own_facility().id, product_id)
    if request.method != "POST":
        return page(product_id)
    form = details_form(product)
    if is_look():
        look = preview_of(product, form.typed(), _typed_prices(product))
        return page(product_id, look=look, details=form, behind=sent_draft())
    if form.validate():
        changes, draft = form.changes(as_written(product)), sent_draft()
        try:
            with sending(product_id, current_user.id, *draft):
                staged = bool(changes) and save_details(product_id, current_user.id, **changes)
            return saved(product_id, _("Perubahan disimpan."), staged=staged)
        except Invalid as error:
            blame(form, error)
        except SentAlready as error:
            form.form_errors.append(str(error))
            return page(product_id, details=form, behind=Behind())
        except Newer as error:
            form.form_errors.append(_("%(what)s Periksa, lalu kirim sekali lagi.", what=error))
            return page(product_id, details=form, behind=Behind(error.draft_id, error.revision))
    return page(product_id, details=form, behind=sent_draft())


class Behind(NamedTuple):
    """The draft behind the words of a page: its id and the save that is shown; without one there is none."""

    id: int | None = None
    revision: int = 0


def sent_draft() -> Behind:
    """The draft that the sent words belong to."""
    return Behind(row_key(request.form.get("draft", "")), row_key(request.form.get("revision", "")) or 0)


def is_look() -> bool:
    """Does somebody only want to see it as buyers would, before anything is saved?"""
    return request.form.get("action") == "look"


def _typed_prices(product: Product) -> dict[int, int | None]:
    """Prices as far as the script sent them along; they stand in a form of their own."""
    sent = [v for v in product.variants if f"v{v.id}-price" in request.form]
    forms = {variant.id: VariantForm(prefix=f"v{variant.id}-", obj=variant) for variant in sent}
    return {key: form.price.data for key, form in forms.items() if form.validate() or not form.price.errors}


def details_form(product: Product, **sent: Any) -> DetailsForm:
    """The form of a product's words, filled with what is there; `formdata=None`: whatever was sent."""
    form = DetailsForm(obj=as_written(product), **sent)
    form.category_id.offer(shelf_choices(shelf_queries.shelves(), none=_("Belum dipilih")))
    rooms = staff.workshops(product.facility_id)
    form.workshop_id.offer([("", _("Tanpa bengkel")), *((room.id, room.name) for room in rooms)])
    return form


def back_to(product_id: int, message: str, *, anchor: str = "", kind: str = "success") -> Response:
    """Back to the product's page, saying what was done, or why not."""
    flash(message, kind)
    return redirect(url_for("catalog_staff.edit", product_id=product_id, _anchor=anchor or None), 303)


def page(
    product_id: int, look: ProductPage | None = None, behind: Behind | None = None, **forms: Any
) -> tuple[str, int]:
    """The product's page with these forms in place of fresh ones; 422 when one of them complains.

    `look`: how it would look as it is typed, which somebody asked to see. `behind`: the draft of the words
    that were sent; without, what somebody typed and did not send is shown again.
    """
    product = staff.own_product(own_facility().id, product_id)
    wrong = any(_complains(form) for form in forms.values())
    left = unsent(product_id)
    shown = _forms(product) | forms
    if left and "details" not in forms and product.status is not ProductStatus.ARCHIVED:
        retyped(shown["details"], left.typed)
    shown["scans"] = _scans(product) | forms.get("scans", {})
    _name_values(as_written(product).option_names, shown["addition"])
    html = render_template(
        "catalog_staff/edit.html",
        **_context(product),
        **shown,
        left=left if left and left.typed and "details" not in forms else None,
        behind=behind or (Behind(left.id, left.revision) if left else Behind()),
        advice=variant_advice(product, shown["rows"]),
        look=look or _look(product),
        is_asked=look is not None,
    )
    return html, 422 if wrong else 200


def with_refused_words(product_id: int, error: Invalid) -> tuple[str, int]:
    """The product's page with what was refused beside its fields."""
    form = details_form(staff.own_product(own_facility().id, product_id), formdata=None)
    if left := unsent(product_id):
        retyped(form, left.typed)
    blame(form, error)
    return page(product_id, details=form)


def _look(product: Product) -> ProductPage:
    """The product as buyers will see it: with its staged change, if it has one."""
    change = alive_change(product.id)
    if change is None or not is_live(product):
        return preview_of(product)
    whole = staged_document(product)
    return preview_staged(product, whole, pictures_of(whole["photos"]))


def _name_values(names: list[str], form: NewVariantForm) -> None:
    """Call the values of a new variant what the product calls its options."""
    for field, name in zip((form.first, form.second), names, strict=False):
        field.label.text = name[:1].upper() + name[1:]


def _complains(form: Any) -> bool:
    inner = form.values() if isinstance(form, dict) else [form]
    return any(one.errors for one in inner)


def _context(product: Product) -> dict[str, Any]:
    steps = NEXT_STATUS[product.status]
    here = url_for("catalog_staff.edit", product_id=product.id)
    return {
        "product": product,
        "remarks": (words := check_words(texts_of(as_written(product)))).warnings | words.refusals,
        "missing": missing_for_publication(product),
        "decisions": decisions_of(product.id, here),
        "last_word": shelf_queries.last_word(product.id) if product.status is ProductStatus.RETURNED else "",
        "stock": availability(v.id for v in product.variants),
        "status_words": STATUS_WORDS,
        "told": told,
        "can_submit": ProductStatus.SUBMITTED in steps,
        "can_withdraw": ProductStatus.ARCHIVED in steps,
        "is_locked": product.status is ProductStatus.ARCHIVED,
        "max_photos": MAX_PHOTOS,
        "is_live": is_live(product),
        "option_names": as_written(product).option_names,
        "album": (shown := album(product)),
        "gates": gates_of([picture.id for picture, _alt, _photo in shown]),
        "change": (change := alive_change(product.id)),
        "change_parts": parts_of(change) if change else [],
        "change_words": CHANGE_WORDS,
        "part_words": PART_WORDS,
        "change_steps": steps_of(product.id, here),
        "licence_words": LICENCE_WORDS,
        "told_by": told_by,
        "today": clock.today(),
    }


def _scans(product: Product) -> dict[int, ScanForm]:
    """A form for the paper of each permit."""
    return {one.id: ScanForm(formdata=None, prefix=f"scan{one.id}-") for one in product.licences}


def _forms(product: Product) -> dict[str, Any]:
    names = [*as_written(product).option_names, "", ""]
    return {
        "details": details_form(product, formdata=None),
        "photos": PhotosForm(formdata=None),
        "options": OptionsForm(formdata=None, prefix="option-", first=names[0], second=names[1]),
        "rows": {v.id: VariantForm(formdata=None, prefix=f"v{v.id}-", obj=v) for v in product.variants},
        "addition": NewVariantForm(formdata=None, prefix="new-"),
        "licence": LicenceForm(formdata=None, prefix="licence-"),
    }
