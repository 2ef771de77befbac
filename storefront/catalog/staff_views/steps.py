"""The steps of a product that its facility takes: to curation, back, out of the shop, in again, copied."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.forms import WithdrawForm
from storefront.catalog.queries import staff
from storefront.catalog.services import (
    Incomplete,
    restart_product,
    submit_product,
    take_back,
    withdraw_product,
)
from storefront.catalog.services.copying import copy_product
from storefront.catalog.staff_views.editing import back_to, with_refused_words
from storefront.catalog.staff_views.products import bp
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.facilities.staff_views import own_facility


@bp.post("/<int:product_id>/kirim")
def submit(product_id: int) -> ResponseReturnValue:
    """Hand a product to the regional office."""
    staff.own_product(own_facility().id, product_id)
    try:
        submit_product(product_id, current_user.id)
    except Incomplete as error:
        flash(str(error), "error")
        return redirect(url_for("catalog_staff.edit", product_id=product_id), 303)
    except Invalid as error:
        return with_refused_words(product_id, error)
    return back_to(product_id, _("Produk dikirim untuk kurasi. Kanwil akan memeriksanya."))


@bp.post("/<int:product_id>/batal-kirim")
def unsubmit(product_id: int) -> ResponseReturnValue:
    """Take a product back before it was looked at."""
    staff.own_product(own_facility().id, product_id)
    take_back(product_id, current_user.id)
    return back_to(product_id, _("Pengiriman dibatalkan; produk kembali menjadi draf."))


@bp.route("/<int:product_id>/tarik", methods=["GET", "POST"])
def withdraw(product_id: int) -> ResponseReturnValue:
    """Stop offering a product, after saying what that means."""
    product = staff.own_product(own_facility().id, product_id)
    form = WithdrawForm()
    if form.is_submitted() and form.validate():
        withdraw_product(product_id, current_user.id, form.reason.data or "")
        return back_to(product_id, _("Produk ditarik dan tidak tampil lagi di toko."))
    status = 422 if form.errors else 200
    return render_template("catalog_staff/withdraw.html", product=product, form=form), status


@bp.post("/<int:product_id>/mulai-lagi")
def restart(product_id: int) -> ResponseReturnValue:
    """Make a withdrawn product a draft again."""
    staff.own_product(own_facility().id, product_id)
    restart_product(product_id, current_user.id)
    return back_to(product_id, _("Produk menjadi draf lagi."))


@bp.post("/<int:product_id>/salin")
def copy(product_id: int) -> ResponseReturnValue:
    """A new draft from an own product: words, forms and prices of it, no photos and no stock."""
    staff.own_product(own_facility().id, product_id)
    try:
        made = copy_product(product_id, current_user.id)
    except Invalid as error:
        return back_to(product_id, _("Belum dapat disalin. %(why)s", why=error), kind="error")
    return back_to(made.id, _("Ini salinannya. Ganti namanya, tambahkan fotonya, dan hitung stoknya."))
