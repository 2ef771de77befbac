"""The photos of a product: more of them, in order, in words, and gone again.

A photo that waits with a staged change is no photo of the product yet: it is named by its picture.
"""

from collections.abc import Callable

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.accounts.models import Role
from storefront.catalog.forms import AltForm, PhotosForm
from storefront.catalog.models import Product
from storefront.catalog.queries import staff
from storefront.catalog.services import MAX_PHOTOS
from storefront.catalog.services.photo_states import gates_of
from storefront.catalog.services.staging import is_live
from storefront.catalog.services.staging_photos import (
    Rearranged,
    add_photo,
    album,
    describe_photo,
    place_photo,
    reframe_photo,
)
from storefront.catalog.services.staging_photos import (
    drop_photo as remove_photo,
)
from storefront.catalog.services.staging_photos import (
    move_photo as shift_photo,
)
from storefront.catalog.staff_views import uploads
from storefront.catalog.staff_views.changes import saved
from storefront.catalog.staff_views.editing import page
from storefront.catalog.staff_views.products import bp
from storefront.core.errors import DomainError, Invalid, NotFound, Unavailable
from storefront.core.gallery import address, is_hidden, jpeg_of
from storefront.core.language import _, _n
from storefront.core.models import Picture
from storefront.core.originals import has_original
from storefront.core.pictures import Frame
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import row_key, sent_ids
from storefront.web.languages import to

LONGEST_ROW = 400
"""Characters of the ids of all photos of a product, with commas."""


@bp.post("/<int:product_id>/foto")
def add_photos(product_id: int) -> ResponseReturnValue:
    """Add photos: the good ones stay, each bad one is named."""
    product = staff.own_product(own_facility().id, product_id)
    form = PhotosForm()
    files = uploads.chosen(form.photos.data or [])
    complaints = uploads.unchecked() if files else [_("Pilih sedikitnya satu foto.")]
    if complaints:
        return _answer(product_id, form, complaints)
    room, staged = MAX_PHOTOS - len(album(product)), False
    for file in files[:room]:
        try:
            staged = add_photo(product_id, file.stream.read(), "", current_user.id, checked=True)
        except (Invalid, Unavailable) as error:
            complaints.append(f"{uploads.shown_name(file)}: {error}")
    complaints += [uploads.too_many(file) for file in files[room:]]
    if complaints or uploads.wants_json():
        return _answer(product_id, form, complaints)
    return saved(product_id, _n("%(n)s foto ditambahkan.", len(files)), staged=staged, anchor="foto")


def _answer(product_id: int, form: PhotosForm, complaints: list[str]) -> ResponseReturnValue:
    """What a script is told, or the page with what is wrong."""
    if uploads.wants_json():
        return ({"error": " ".join(complaints)}, 422) if complaints else ({"saved": True}, 200)
    form.photos.errors = complaints
    return page(product_id, photos=form)


@bp.post("/foto")
def keep_photo() -> ResponseReturnValue:
    """A script sends one photo for a product that is not there yet: a note to send along with the form."""
    place = own_facility()
    files = uploads.chosen(request.files.getlist("photos"))
    if not files:
        return {"error": _("Pilih sedikitnya satu foto.")}, 422
    try:
        picture = uploads.keep(files[0].stream.read(), place.id)
    except Invalid as error:
        return {"error": str(error)}, 422
    shown = address(jpeg_of(picture.key, picture.widths))
    return {"note": uploads.sign(picture), "src": shown, "width": picture.width, "height": picture.height}


@bp.post("/<int:product_id>/foto/<int:photo_id>/geser")
@bp.post("/<int:product_id>/foto-usulan/<int:waiting_id>/geser")
def move_photo(product_id: int, **which: int) -> ResponseReturnValue:
    """Show a photo one place earlier or later; or, as a script asks after a drag, at a `place`."""
    if "place" in request.form:
        return _placed(product_id, **which)
    _product, picture, _alt = _own_photo(product_id, **which)
    up = request.form.get("direction") == "up"
    staged = shift_photo(product_id, picture.id, current_user.id, up=up)
    return saved(product_id, _("Urutan foto diubah."), staged=staged, anchor="foto")


def _placed(product_id: int, **which: int) -> ResponseReturnValue:
    """The words for a script that put a photo in its place; a refusal is one of `Rearranged`."""
    staff.own_product(own_facility().id, product_id)
    try:
        _product, picture, _alt = _own_photo(product_id, **which)
    except NotFound as error:  # dragged here, thrown away on another screen
        raise Rearranged from error
    seen = sent_ids(request.form.get("seen", "")[:LONGEST_ROW].split(","))
    place = min(row_key(request.form.get("place", "")) or 1, len(seen))
    staged = place_photo(product_id, picture.id, current_user.id, place, seen=seen)
    words = _("Foto sekarang di urutan %(place)s dari %(all)s.", place=place, all=len(seen))
    if staged:
        words += " " + _("Pembeli melihat urutan ini setelah Anda mengirimnya dan Kanwil menyetujuinya.")
    return {"words": words}


@bp.route("/<int:product_id>/foto/<int:photo_id>", methods=["GET", "POST"])
@bp.route("/<int:product_id>/foto-usulan/<int:waiting_id>", methods=["GET", "POST"])
def describe(product_id: int, **which: int) -> ResponseReturnValue:
    """One photo: what it shows, in words for people who cannot see it."""
    product, picture, alt = _own_photo(product_id, **which)
    form = AltForm(data={"alt": alt})
    if form.is_submitted() and form.validate():
        staged = describe_photo(product_id, picture.id, form.alt.data or "", current_user.id)
        return saved(product_id, _("Keterangan foto disimpan."), staged=staged, anchor="foto")
    facts = {"product": product, "picture": picture, "which": which, "is_live": is_live(product)}
    facts["can_reframe"] = has_original(picture.id)
    facts["is_shown"] = not is_hidden(picture)
    facts["can_take_down"] = facts["is_shown"] and current_user.role is Role.FACILITY_HEAD
    facts["gate"] = gates_of([picture.id]).get(picture.id)
    html = render_template("catalog_staff/photo.html", form=form, **facts)
    return html, 422 if form.errors else 200


@bp.post("/<int:product_id>/foto/<int:photo_id>/bingkai")
@bp.post("/<int:product_id>/foto-usulan/<int:waiting_id>/bingkai")
def reframe(product_id: int, **which: int) -> ResponseReturnValue:
    """Turn or crop a photo; the new one waits for a second person."""
    _product, picture, _alt = _own_photo(product_id, **which)
    change = FRAMES.get(request.form.get("action", ""), _cut)
    try:
        staged = reframe_photo(product_id, picture.id, current_user.id, change)
    except DomainError as error:
        flash(str(error), "error")
        return redirect(to(request.path.removesuffix("/bingkai")), 303)
    return saved(product_id, _("Foto diubah; orang kedua memeriksanya lagi."), staged=staged, anchor="foto")


FRAMES: dict[str, Callable[[Frame], Frame]] = {
    "right": lambda frame: frame.turned(1),
    "left": lambda frame: frame.turned(3),
    "whole": lambda frame: Frame(frame.turn),
    "trim-left": lambda frame: frame.cut(100, 0, 900, 1000),
    "trim-right": lambda frame: frame.cut(0, 0, 900, 1000),
    "trim-top": lambda frame: frame.cut(0, 100, 1000, 900),
    "trim-bottom": lambda frame: frame.cut(0, 0, 1000, 900),
}


def _cut(frame: Frame) -> Frame:
    """The box that was drawn, as a cut of what is seen. Raises ValueError for what is no box."""
    x, y, w, h = (int(part) for part in request.form.get("mark", "")[:30].split(","))
    return frame.cut(x, y, w, h)


@bp.post("/<int:product_id>/foto/<int:photo_id>/hapus")
@bp.post("/<int:product_id>/foto-usulan/<int:waiting_id>/hapus")
def drop_photo(product_id: int, **which: int) -> ResponseReturnValue:
    """Remove a photo; `erase` at once and also from old orders, when it shows what nobody may see."""
    _product, picture, _alt = _own_photo(product_id, **which)
    erase = request.form.get("erase") == "yes"
    staged = remove_photo(product_id, picture.id, current_user.id, erase=erase)
    return saved(product_id, _("Foto dihapus."), staged=staged, anchor="foto")


def _own_photo(
    product_id: int, *, photo_id: int | None = None, waiting_id: int | None = None
) -> tuple[Product, Picture, str]:
    """A photo of an own product, staged or not, and its words. Raises NotFound for every other."""
    product = staff.own_product(own_facility().id, product_id)
    for picture, alt, photo in album(product):
        if picture.id == waiting_id or (photo is not None and photo.id == photo_id):
            return product, picture, alt
    raise NotFound
