"""Words that mean the same to buyers, as the regional office keeps them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.catalog.forms import SynonymForm
from storefront.catalog.models import Synonym
from storefront.catalog.queries.search import synonym_groups
from storefront.catalog.services.synonyms import add_synonyms, change_synonyms, delete_synonyms, words_in
from storefront.core.db import found
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.web.fields import blame

bp = Blueprint("synonyms_office", __name__, url_prefix="/kanwil/sinonim")


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Every group, and a form for one more."""
    form = SynonymForm()
    if form.validate_on_submit():
        try:
            add_synonyms(words_in(form.words.data), actor_id=current_user.id)
            return _done(_("Kelompok kata ditambahkan. Pencarian langsung memakainya."))
        except Invalid as error:
            blame(form, error)
    status = 422 if form.errors else 200
    return render_template("catalog_staff/synonyms.html", groups=synonym_groups(), form=form), status


@bp.route("/<int:group_id>", methods=["GET", "POST"])
def edit(group_id: int) -> ResponseReturnValue:
    """Change the words of a group."""
    group = found(Synonym, group_id)
    words = ", ".join(group.words)
    form = SynonymForm(data={"words": words})
    if form.validate_on_submit():
        try:
            change_synonyms(group_id, words_in(form.words.data), actor_id=current_user.id)
            return _done(_("Kelompok kata disimpan."))
        except Invalid as error:
            blame(form, error)
    status = 422 if form.errors else 200
    html = render_template("catalog_staff/synonym.html", group_id=group_id, words=words, form=form)
    return html, status


@bp.post("/<int:group_id>/hapus")
def delete(group_id: int) -> ResponseReturnValue:
    """Forget a group."""
    delete_synonyms(group_id, actor_id=current_user.id)
    return _done(_("Kelompok kata dihapus."))


def _done(message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("synonyms_office.index"), 303)
