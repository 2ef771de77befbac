"""The photos of a product: more of them, in order, in words, and gone again."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.forms import AltForm, PhotosForm
from storefront.catalog.models import Product, ProductPhoto
from storefront.catalog.queries import staff
from storefront.catalog.services import MAX_PHOTOS, add_photo, describe_photo, order_photos, remove_photo
from storefront.catalog.staff_views import uploads
from storefront.catalog.staff_views.editing import back_to, page
from storefront.catalog.staff_views.products import bp
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, _n
from storefront.core.sequence import shifted
from storefront.facilities.staff_views import own_facility


@bp.post("/<int:product_id>/foto")
def add_photos(product_id: int) -> ResponseReturnValue:
    """Add photos: the good ones stay, each bad one is named."""
    product = staff.own_product(own_facility().id, product_id)
    form = PhotosForm()
    files = uploads.chosen(form.photos.data or [])
    complaints = [] if files else [_("Pilih sedikitnya satu foto.")]
    room = MAX_PHOTOS - len(product.photos)
    for file in files[:room]:
        try:
            add_photo(product_id, file.stream.read(), "", current_user.id)
        except Invalid as error:
            complaints.append(f"{uploads.shown_name(file)}: {error}")
    complaints += [uploads.too_many(file) for file in files[room:]]
    if not complaints:
        return back_to(product_id, _n("%(n)s foto ditambahkan.", len(files)), anchor="foto")
    form.photos.errors = complaints
    return page(product_id, photos=form)


@bp.post("/<int:product_id>/foto/<int:photo_id>/geser")
def move_photo(product_id: int, photo_id: int) -> ResponseReturnValue:
    """Show a photo one place earlier or later."""
    product, photo = _own_photo(product_id, photo_id)
    order = [one.id for one in product.photos]
    after = shifted(order, photo.id, up=request.form.get("direction") == "up")
    if after != order:
        order_photos(product_id, current_user.id, after)
    return back_to(product_id, _("Urutan foto diubah."), anchor="foto")


@bp.route("/<int:product_id>/foto/<int:photo_id>", methods=["GET", "POST"])
def describe(product_id: int, photo_id: int) -> ResponseReturnValue:
    """One photo: what it shows, in words for people who cannot see it."""
    product, photo = _own_photo(product_id, photo_id)
    form = AltForm(obj=photo.picture)
    if form.is_submitted() and form.validate():
        describe_photo(product_id, photo_id, form.alt.data or "", current_user.id)
        return back_to(product_id, _("Keterangan foto disimpan."), anchor="foto")
    status = 422 if form.errors else 200
    return render_template("catalog_staff/photo.html", product=product, photo=photo, form=form), status


@bp.post("/<int:product_id>/foto/<int:photo_id>/hapus")
def drop_photo(product_id: int, photo_id: int) -> ResponseReturnValue:
    """Remove a photo; `erase` also from old orders, when it shows what nobody may see."""
    _own_photo(product_id, photo_id)
    erase = request.form.get("erase") == "yes"
    remove_photo(product_id, photo_id, current_user.id, erase=erase)
    return back_to(product_id, _("Foto dihapus."), anchor="foto")


def _own_photo(product_id: int, photo_id: int) -> tuple[Product, ProductPhoto]:
    """A photo of an own product. Raises NotFound for every other."""
    product = staff.own_product(own_facility().id, product_id)
    photo = next((photo for photo in product.photos if photo.id == photo_id), None)
    if photo is None:
        raise NotFound
    return product, photo
