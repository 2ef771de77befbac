"""The address book: a buyer's own addresses."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.accounts import queries, services
from storefront.accounts.forms import AddressForm
from storefront.accounts.views import bp
from storefront.core.errors import DomainError
from storefront.core.language import _


@bp.get("/akun/alamat")
def addresses() -> ResponseReturnValue:
    """All addresses that this buyer asked us to keep."""
    return render_template("accounts/addresses.html", addresses=queries.addresses_of(current_user.id))


@bp.route("/akun/alamat/baru", methods=["GET", "POST"])
def new_address() -> ResponseReturnValue:
    """Keep another address."""
    form = AddressForm(nama=current_user.name, telepon=current_user.phone)
    return _edit(form, None)


@bp.route("/akun/alamat/<int:address_id>", methods=["GET", "POST"])
def edit_address(address_id: int) -> ResponseReturnValue:
    """Change an address."""
    row = queries.address_of(current_user.id, address_id)
    form = AddressForm(
        label=row.label, nama=row.recipient, telepon=row.phone, tujuan=row.district_label,
        kecamatan=row.district_code, alamat=row.street, kelurahan=row.village, kode_pos=row.postal_code,
        patokan=row.landmark, utama=row.is_default,
    )  # fmt: skip
    return _edit(form, address_id)


def _edit(form: AddressForm, address_id: int | None) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    if form.is_submitted() and form.accepts():
        try:
            services.save_address(
                current_user.id, form.place(form.label.data or ""), address_id=address_id,
                default=form.utama.data,
            )  # fmt: skip
        except DomainError as error:
            status = error.status
            form.form_errors.append(error.message)
        else:
            flash(_("Alamat tersimpan."), "success")
            return redirect(url_for(".addresses"), 303)
    return render_template("accounts/address.html", form=form, address_id=address_id), status


@bp.post("/akun/alamat/<int:address_id>/utama")
def default_address(address_id: int) -> ResponseReturnValue:
    """Offer this address first."""
    services.set_default(current_user.id, address_id)
    flash(_("Alamat utama diganti."), "success")
    return redirect(url_for(".addresses"), 303)


@bp.post("/akun/alamat/<int:address_id>/hapus")
def delete_address(address_id: int) -> ResponseReturnValue:
    """Forget an address."""
    services.delete_address(current_user.id, address_id)
    flash(_("Alamat dihapus."), "success")
    return redirect(url_for(".addresses"), 303)
