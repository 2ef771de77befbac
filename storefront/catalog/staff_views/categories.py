"""The shelves of the shop: added, renamed, moved, put in order, deleted while empty."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.forms import CategoryForm, shelf_choices
from storefront.catalog.queries.curation import Shelf, shelves
from storefront.catalog.services import create_category, delete_category
from storefront.catalog.services.bundles import change_category, shift_category
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.web.fields import blame

bp = Blueprint("categories_office", __name__, url_prefix="/kanwil/kategori")

TOP = lazy("Paling atas")


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """The tree, and a form for one more."""
    tree = shelves()
    form = CategoryForm()
    form.parent_id.offer(shelf_choices(tree, none=TOP))
    if form.is_submitted() and form.validate():
        try:
            create_category(
                form.name.data,
                form.parent_id.data,
                position=len(tree),
                name_en=form.name_en.data or "",
                actor_id=current_user.id,
            )
            return _done(_("Kategori “%(name)s” ditambahkan.", name=form.name.data))
        except Invalid as error:
            blame(form, error)
    status = 422 if form.errors else 200
    return render_template("catalog_staff/categories.html", tree=shelves(), form=form), status


@bp.route("/<int:category_id>", methods=["GET", "POST"])
def edit(category_id: int) -> ResponseReturnValue:
    """Rename a category or hang it elsewhere."""
    tree = shelves()
    shelf = _one(tree, category_id)
    form = CategoryForm(obj=shelf)
    form.parent_id.offer(shelf_choices([s for s in tree if not shelf.holds(s)], none=TOP))
    if form.is_submitted() and form.validate():
        try:
            change_category(
                category_id,
                form.name.data,
                form.parent_id.data,
                form.name_en.data or "",
                actor_id=current_user.id,
            )
            return _done(_("Kategori disimpan."))
        except Invalid as error:
            blame(form, error)
    status = 422 if form.errors else 200
    return render_template("catalog_staff/category.html", shelf=shelf, form=form), status


@bp.post("/<int:category_id>/geser")
def shift(category_id: int) -> ResponseReturnValue:
    """One place up or down among its siblings."""
    shift_category(category_id, up=request.form.get("direction") == "up", actor_id=current_user.id)
    return _done(_("Urutan kategori diubah."))


@bp.post("/<int:category_id>/hapus")
def delete(category_id: int) -> ResponseReturnValue:
    """Delete an empty category."""
    name = _one(shelves(), category_id).name
    delete_category(category_id, actor_id=current_user.id)
    return _done(_("Kategori “%(name)s” dihapus.", name=name))


def _one(tree: list[Shelf], category_id: int) -> Shelf:
    shelf = next((shelf for shelf in tree if shelf.id == category_id), None)
    if shelf is None:
        raise NotFound
    return shelf


def _done(message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("categories_office.index"), 303)
