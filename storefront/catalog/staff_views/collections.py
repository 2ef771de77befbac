"""Collections, made by the province and the regional office: words, rule or products, tags."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.catalog.forms import CollectionForm
from storefront.catalog.models import Collection, CollectionKind
from storefront.catalog.queries import collections as queries
from storefront.catalog.queries.signs import signs_of
from storefront.catalog.services import collections as services
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.transactions import version
from storefront.web.fields import arranged_ids, blame, sent_ids

bp = Blueprint("collections_office", __name__, url_prefix="/pemprov/koleksi")


@bp.get("")
def index() -> ResponseReturnValue:
    """Every collection, drafts too."""
    rows = queries.collections(only_published=False)
    return render_template("catalog_staff/collections.html", collections=rows)


@bp.route("/baru", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Write down a collection; then choose its products, or look at what its rule finds."""
    form = _form()
    if form.validate_on_submit():
        try:
            made = services.create_collection(form.details(), **form.photo(), by=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Koleksi tersimpan. Belum tampil sampai diterbitkan."), "success")
            by_hand = form.kind.data == CollectionKind.HAND
            return redirect(url_for(".products" if by_hand else ".edit", collection_id=made), 303)
    status = 422 if form.errors else 200
    return render_template("catalog_staff/collection.html", form=form, row=None, items=[]), status


@bp.route("/<int:collection_id>", methods=["GET", "POST"])
def edit(collection_id: int) -> ResponseReturnValue:
    """Change a collection; see what it holds now; publish it or take it back."""
    collection, row, items = queries.collection_to_edit(collection_id)
    form = _form(collection)
    if form.validate_on_submit():
        try:
            services.update_collection(collection_id, form.details(), **form.photo(), by=current_user.id)
        except Invalid as error:
            blame(form, error)
        else:
            flash(_("Perubahan tersimpan."), "success")
            return redirect(url_for(".edit", collection_id=collection_id), 303)
    status = 422 if form.errors else 200
    return render_template("catalog_staff/collection.html", form=form, row=row, items=items), status


@bp.get("/<int:collection_id>/produk")
def products(collection_id: int) -> ResponseReturnValue:
    """What was chosen by hand, and what could be."""
    return _products_page(collection_id)


@bp.post("/<int:collection_id>/produk/susun")
def arrange(collection_id: int) -> ResponseReturnValue:
    """Keep the ticked products, in the order of the numbers beside them."""
    wanted = arranged_ids(request.form.getlist("produk"), request.form)
    return _change_products(
        collection_id, lambda: services.choose_items(collection_id, wanted, by=current_user.id)
    )


@bp.post("/<int:collection_id>/produk/tambah")
def add(collection_id: int) -> ResponseReturnValue:
    """Add the ticked products after the ones that are there."""
    wanted = sent_ids(request.form.getlist("produk"))
    return _change_products(
        collection_id, lambda: services.add_items(collection_id, wanted, by=current_user.id)
    )


@bp.post("/<int:collection_id>/tampil")
def show(collection_id: int) -> ResponseReturnValue:
    """Open the public page, or close it."""
    is_published = request.form.get("aksi") == "terbit"
    services.show_collection(collection_id, is_published=is_published, by=current_user.id)
    flash(_("Koleksi sudah terbit.") if is_published else _("Koleksi ditutup untuk umum."), "success")
    return redirect(url_for(".edit", collection_id=collection_id), 303)


@bp.post("/<int:collection_id>/geser")
def shift(collection_id: int) -> ResponseReturnValue:
    """One place up or down."""
    services.shift_collection(collection_id, up=request.form.get("direction") == "up", by=current_user.id)
    return redirect(url_for(".index"), 303)


@bp.post("/<int:collection_id>/hapus")
def delete(collection_id: int) -> ResponseReturnValue:
    """Remove a collection; its products stay in the shop."""
    services.delete_collection(collection_id, by=current_user.id)
    flash(_("Koleksi dihapus. Produknya tetap dijual."), "success")
    return redirect(url_for(".index"), 303)


# --- tags ---------------------------------------------------------------------------------------------


@bp.get("/label")
def tags() -> ResponseReturnValue:
    """Every tag; a new one begins with its first product."""
    return render_template("catalog_staff/tags.html", tags=queries.tags())


@bp.get("/label/produk")
def tag() -> ResponseReturnValue:
    """The products that have a tag, and those that could."""
    if not request.args.get("label", "").strip():
        flash(_("Tulis labelnya."), "error")
        return redirect(url_for(".tags"), 303)
    return _tag_page(request.args.get("label", ""))


@bp.post("/label/produk")
def change_tag() -> ResponseReturnValue:
    """Tie a tag to the ticked products, or take it off them."""
    word, ids = request.form.get("label", ""), sent_ids(request.form.getlist("produk"))
    try:
        services.tag_products(word, ids, add=request.form.get("aksi") != "lepas", by=current_user.id)
    except Invalid as error:
        return _tag_page(word, error.message)
    flash(_("Label tersimpan."), "success")
    return redirect(url_for(".tag", label=word, q=request.form.get("q") or None), 303)


# --- pieces -------------------------------------------------------------------------------------------


def _form(collection: Collection | None = None) -> CollectionForm:
    """The form, with the shelves, facilities and tags that a rule may name."""
    stored: dict[str, Any] = {}
    if collection:
        stored = {name: getattr(collection, name) for name in ("title", "intro")} | collection.rule
        stored["kind"] = collection.kind.value
        stored["picture_alt"] = collection.picture.alt if collection.picture else ""
    form = CollectionForm(data=stored or {"kind": "hand"})
    signs, every = signs_of(version("catalog")), ("", _("Semua"))
    shelves = [
        (sign.slug, "\u2003" * (sign.path.count("/") - 2) + sign.name) for sign in signs.categories.values()
    ]
    form.category.offer([every, *shelves])
    form.facility.offer([every, *((sign.slug, sign.name) for sign in signs.facilities.values())])
    known = {word for word, _count in queries.tags()} | {stored.get("tag", "")}
    form.tag.offer([every, *((word, word) for word in sorted(known - {""}))])
    return form


def _words() -> str:
    return request.values.get("q", "").replace("\0", "").strip()[:80]


def _products_page(collection_id: int, error: str = "") -> ResponseReturnValue:
    collection, row, _items = queries.collection_to_edit(collection_id)
    picked = queries.picked_products(collection_id)
    html = render_template(
        "catalog_staff/collection_products.html",
        row=row,
        by_rule=collection.kind is CollectionKind.RULE,
        picked=picked,
        choices=queries.product_choices([product.id for product in picked], _words()),
        words=_words(),
        error=error,
    )
    return html, 422 if error else 200


def _change_products(collection_id: int, change: Callable[[], object]) -> ResponseReturnValue:
    try:
        change()
    except Invalid as error:
        return _products_page(collection_id, error.message)
    flash(_("Pilihan produk tersimpan."), "success")
    return redirect(url_for(".products", collection_id=collection_id, q=_words() or None), 303)


def _tag_page(word: str, error: str = "") -> ResponseReturnValue:
    word = services.tag_word(word)
    error = error or ("" if word else _("Tulis labelnya."))
    tagged = queries.tagged_products(word) if word else []
    html = render_template(
        "catalog_staff/tag.html",
        tag=word,
        tagged=tagged,
        choices=queries.product_choices([product.id for product in tagged], _words()),
        words=_words(),
        error=error,
    )
    return html, 422 if error else 200
