"""The office writes the shop's own pages: sees them, looks before it publishes, keeps what was."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core.errors import Invalid
from storefront.core.language import LANGUAGES, _
from storefront.texts import queries, services
from storefront.texts.forms import TextForm
from storefront.texts.models import PageSlug
from storefront.texts.queries import DATED, TITLES, language_name
from storefront.texts.views import filled_in
from storefront.web.fields import blame

bp = Blueprint("texts_office", __name__, url_prefix="/kanwil/halaman")


@bp.get("")
def index() -> ResponseReturnValue:
    """Every page of words, and how it stands in each language."""
    return render_template(
        "texts/office/index.html", states=queries.states(), titles=TITLES, language_name=language_name
    )


@bp.get("/<slug>/<code>")
def history(slug: str, code: str) -> ResponseReturnValue:
    """Everything that was published on one page in one language."""
    page = _page(slug, code)
    return render_template(
        "texts/office/history.html", rows=queries.history(page, code), now=queries.shown(page, code),
        **_about(page, code),
    )  # fmt: skip


@bp.get("/<slug>/<code>/<int:version_number>")
def version(slug: str, code: str, version_number: int) -> ResponseReturnValue:
    """One text as it was, and what it changed."""
    page, number = _page(slug, code), version_number
    row = queries.version_of(page, code, number)
    title, body = queries.text_of(page, code, number)
    before = queries.text_of(page, code, number - 1) if row else None
    return render_template(
        "texts/office/version.html", row=row, number=number, title=title, words=queries.words_of(body),
        differs=queries.differences(before, (title, body)) if before else None, **_about(page, code),
    )  # fmt: skip


@bp.route("/<slug>/<code>/tulis", methods=["GET", "POST"])
def write(slug: str, code: str) -> ResponseReturnValue:
    """Write a text, look at it, publish it; `dari` begins with an older one."""
    page = _page(slug, code)
    form = TextForm()
    form.needs_words(code)
    if not form.is_submitted():
        _begin(form, page, code)
        return _form(form, page, code)
    if not form.validate():
        return _form(form, page, code), 422
    draft = form.draft(page, code)
    if problems := services.problems_of(draft):
        blame(form, Invalid({name: " ".join(words) for name, words in problems.items()}))
        return _form(form, page, code), 422
    if request.form.get("langkah") != "terbit" or not form.was_looked_at:
        if request.form.get("langkah") == "terbit":
            flash(_("Naskahnya berubah sejak dilihat. Periksa sekali lagi, lalu terbitkan."), "warning")
        form.looked_at.data = form.mark
        return _form(form, page, code, looks=True)
    return _publish(form, draft)


def _publish(form: TextForm, draft: services.Draft) -> ResponseReturnValue:
    try:
        number = services.publish_text(draft, by_id=current_user.id)
    except services.Overtaken as error:
        form.form_errors.append(error.message)
        return _form(form, draft.slug, draft.language), error.status
    except Invalid as error:
        blame(form, error)
        return _form(form, draft.slug, draft.language), 422
    flash(_("Naskah %(number)s terbit.", number=number), "success")
    return redirect(url_for(".history", slug=draft.slug.value, code=draft.language), 303)


def _begin(form: TextForm, page: PageSlug, code: str) -> None:
    """A form with the newest text, or the older one that was asked for."""
    newest = queries.last_number(page, code)
    older = request.args.get("dari", type=int)
    number = newest if older is None or older > newest else older
    form.title.data, form.body.data = queries.text_of(page, code, number)
    form.base.data = str(newest)
    if number != newest:
        form.reason.data = (
            _("Kembali ke naskah %(number)s.", number=number) if number else _("Kembali ke naskah bawaan.")
        )


def _form(form: TextForm, page: PageSlug, code: str, *, looks: bool = False) -> str:
    now = queries.text_of(page, code, queries.last_number(page, code))
    new = (form.title.data or "", form.body.data or "")
    return render_template(
        "texts/office/write.html", form=form, looks=looks, is_dated=page in DATED,
        words=queries.words_of(new[1]) if looks else None,
        differs=queries.differences(now, new) if looks else None,
        source=queries.shown(page, "id") if code != "id" else None, **_about(page, code),
    )  # fmt: skip


def _page(slug: str, code: str) -> PageSlug:
    """The page that an address means; 404 for any other."""
    if slug not in list(PageSlug) or code not in LANGUAGES:
        abort(404)
    return PageSlug(slug)


def _about(page: PageSlug, code: str) -> dict[str, object]:
    return {
        "slug": page.value, "code": code, "page_title": TITLES[page], "language_name": language_name(code),
    } | filled_in()  # fmt: skip
