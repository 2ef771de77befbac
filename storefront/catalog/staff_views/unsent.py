"""The words of a product kept as somebody types them: a script sends them and gets words back."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.models import Product, ProductStatus
from storefront.catalog.queries import staff
from storefront.catalog.services.drafting import Newer
from storefront.catalog.services.editing import Withdrawn
from storefront.catalog.services.unsent import SentAlready, drop_unsent, keep_unsent
from storefront.catalog.services.wordcheck import check_words
from storefront.catalog.staff_views.editing import details_form, sent_draft
from storefront.catalog.staff_views.products import bp
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.facilities.staff_views import own_facility
from storefront.web.formats import clock_time
from storefront.web.retyping import as_shown

OURS = ("csrf_token",)


def typed_over(product: Product) -> dict[str, str]:
    """What was typed otherwise than the product says, as it was typed."""
    typed = {}
    for field in details_form(product, formdata=None):
        text = request.form.get(field.name, "").replace("\r\n", "\n")
        if field.name not in OURS and text.strip() != as_shown(field).strip():
            typed[field.name] = text
    return typed


@bp.post("/<int:product_id>/simpan-otomatis")
def keep_edit(product_id: int) -> ResponseReturnValue:
    """Keep what is typed so far and answer in JSON: 422 with what cannot be read (kept all the same),
    409 when another screen saved meanwhile (nothing is overwritten), 404 when it was sent from there."""
    product = staff.own_product(own_facility().id, product_id)
    if product.status is ProductStatus.ARCHIVED:
        raise Withdrawn
    typed, behind = typed_over(product), sent_draft()
    try:
        draft = keep_unsent(product_id, current_user.id, typed, draft_id=behind.id, revision=behind.revision)
    except Newer as error:
        return {"words": str(error), "draft": error.draft_id, "revision": error.revision}, 409
    except SentAlready as error:
        return {"words": str(error)}, 404
    except Invalid as error:
        return {"words": str(error)}, 422
    if draft is None:
        return {"draft": None}
    told = _told(staff.own_product(own_facility().id, product_id), typed)
    told |= {"draft": draft.id, "revision": draft.revision}
    told["words"] = _(
        "Tersimpan sementara pukul %(at)s. Simpan rincian bila sudah selesai.",
        at=clock_time(draft.updated_at),
    )
    return told, 422 if told["errors"] else 200


@bp.post("/<int:product_id>/ketikan/buang")
def drop_typed(product_id: int) -> ResponseReturnValue:
    """Throw away what was typed; the product stays as it is."""
    staff.own_product(own_facility().id, product_id)
    drop_unsent(product_id)
    flash(_("Ketikan yang belum disimpan dibuang."), "success")
    return redirect(url_for("catalog_staff.edit", product_id=product_id, _anchor="isian"), 303)


def _told(product: Product, typed: dict[str, str]) -> dict[str, Any]:
    """What the page may say about what is typed."""
    form = details_form(product)
    form.validate()
    wrong = {field.short_name: str(field.errors[0]) for field in form if field.errors and field.name in typed}
    found = check_words(typed)
    return {"errors": wrong | found.refusals, "remarks": found.warnings}
