"""Words that do not belong into the texts of products, as the regional office keeps them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from storefront.catalog.forms import WordRuleForm
from storefront.catalog.models import WordRule, WordVerdict
from storefront.catalog.services.word_rules import VERDICT_WORDS, decide_word, forget_word
from storefront.catalog.services.wordcheck import REFUSED, WARNED
from storefront.core.db import db
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.web.fields import blame

bp = Blueprint("words_office", __name__, url_prefix="/kanwil/kata-produk")


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Every rule of the office, the shop's own list, and a form for one more."""
    form = WordRuleForm(verdict=WordVerdict.REFUSED)
    if form.validate_on_submit():
        try:
            decide_word(form.word.data, WordVerdict(form.verdict.data), actor_id=current_user.id)
            flash(_("Kata disimpan. Teks yang ditulis sejak sekarang diperiksa dengannya."), "success")
            return redirect(url_for("words_office.index"), 303)
        except Invalid as error:
            blame(form, error)
    rules = db.session.scalars(select(WordRule).order_by(WordRule.word)).all()
    html = render_template(
        "catalog_staff/words.html",
        form=form, rules=rules, verdict_words=VERDICT_WORDS, refused=sorted(REFUSED), warned=sorted(WARNED),
    )  # fmt: skip
    return html, 422 if form.errors else 200


@bp.post("/<int:rule_id>/hapus")
def forget(rule_id: int) -> ResponseReturnValue:
    """Let the shop's own list decide again."""
    forget_word(rule_id, actor_id=current_user.id)
    flash(_("Kata dihapus dari daftar Kanwil."), "success")
    return redirect(url_for("words_office.index"), 303)
