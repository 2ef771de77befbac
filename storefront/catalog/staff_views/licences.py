"""Permits of a food product, on its page, and the list of all of a facility's."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.forms import LicenceForm, ScanForm
from storefront.catalog.models import LicenceKind
from storefront.catalog.queries import permits, staff
from storefront.catalog.services.licences import add_licence as write_down
from storefront.catalog.services.licences import remove_licence, set_scan
from storefront.catalog.staff_views.editing import back_to, page
from storefront.catalog.staff_views.permits import context, sent_scan, wanted_list
from storefront.catalog.staff_views.products import bp
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame
from storefront.web.pagination import page_number


@bp.get("/izin")
def licences() -> ResponseReturnValue:
    """The facility's own permits: what ends, what ended, what left the shelf."""
    wanted = wanted_list(own_facility().id)
    number = page_number(request.args.get("hal"))
    return render_template("catalog_staff/permits.html", **context(wanted, number, is_office=False))


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
    """Take a permit off; one that a product on sale needs stays."""
    staff.own_product(own_facility().id, product_id)
    try:
        remove_licence(product_id, licence_id, current_user.id)
    except Invalid as error:
        return back_to(product_id, str(error), anchor="izin", kind="error")
    return back_to(product_id, _("Izin dihapus."), anchor="izin")


@bp.post("/<int:product_id>/izin/<int:licence_id>/pindaian")
def scan_licence(product_id: int, licence_id: int) -> ResponseReturnValue:
    """Keep the paper of a permit."""
    product = staff.own_product(own_facility().id, product_id)
    if licence_id not in [licence.id for licence in product.licences]:
        raise NotFound
    form = ScanForm(prefix=f"scan{licence_id}-")
    if form.validate():
        try:
            set_scan(product_id, licence_id, form.scan.data.read(), current_user.id)
            return back_to(product_id, _("Pindaian disimpan."), anchor="izin")
        except Invalid as error:
            blame(form, error)
    return page(product_id, scans={licence_id: form})


@bp.get("/<int:product_id>/izin/<int:licence_id>/pindaian")
def licence_scan(product_id: int, licence_id: int) -> ResponseReturnValue:
    """The paper of an own permit, to be downloaded."""
    return sent_scan(permits.scan_of(licence_id, facility_id=own_facility().id, product_id=product_id))
