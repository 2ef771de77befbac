"""Permits of a food product, on its page."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.forms import LicenceForm
from storefront.catalog.models import LicenceKind
from storefront.catalog.queries import staff
from storefront.catalog.services.licences import add_licence as write_down
from storefront.catalog.services.licences import remove_licence
from storefront.catalog.staff_views.editing import back_to, page
from storefront.catalog.staff_views.products import bp
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame


@bp.post("/<int:product_id>/izin")
def add_licence(product_id: int) -> ResponseReturnValue:
    """Write down a permit."""
    staff.own_product(own_facility().id, product_id)
    form = LicenceForm(prefix="licence-")
    if form.validate():
        try:
            write_down(
                product_id,
                current_user.id,
                LicenceKind(form.kind.data),
                form.number.data,
                holder=form.holder.data,
                valid_until=form.valid_until.data,
            )
            return back_to(product_id, _("Izin disimpan."), anchor="izin")
        except Invalid as error:
            blame(form, error)
    return page(product_id, licence=form)


@bp.post("/<int:product_id>/izin/<int:licence_id>/hapus")
def drop_licence(product_id: int, licence_id: int) -> ResponseReturnValue:
    """Take a permit off."""
    staff.own_product(own_facility().id, product_id)
    remove_licence(product_id, licence_id, current_user.id)
    return back_to(product_id, _("Izin dihapus."), anchor="izin")
