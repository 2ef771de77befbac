"""A table of products: sent, its columns named, looked at line by line, confirmed, done."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from storefront.bulk import services
from storefront.bulk.forms import UploadForm
from storefront.bulk.models import Import, ImportStatus, Verdict
from storefront.bulk.queries import imports as queries
from storefront.bulk.staff_views.exports import file_answer
from storefront.core.errors import Invalid
from storefront.core.language import _, lazy
from storefront.core.spreadsheets import Cell, Column
from storefront.facilities.staff_views import own_facility
from storefront.web.fields import blame
from storefront.web.pagination import page_number

bp = Blueprint("imports", __name__, url_prefix="/petugas/impor")

STATUS_WORDS = {
    ImportStatus.MAPPING: lazy("Kolom belum dipilih"),
    ImportStatus.PREVIEW: lazy("Menunggu persetujuan Anda"),
    ImportStatus.RUNNING: lazy("Sedang berjalan"),
    ImportStatus.DONE: lazy("Selesai"),
    ImportStatus.CANCELLED: lazy("Dibatalkan"),
}


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Send a table; what was sent before, and the templates."""
    form = UploadForm()
    facility = own_facility()
    if form.validate_on_submit():
        try:
            made = services.start_import(
                facility.id, current_user.id, _file(form.table.data, services.MAX_BYTES), _photos(form)
            )
            return redirect(url_for(".show", import_id=made), 303)
        except Invalid as error:
            blame(form, error)
    page = queries.imports_of(facility.id, page_number(request.args.get("hal")))
    html = render_template("bulk/imports.html", form=form, page=page, status_words=STATUS_WORDS)
    return html, 422 if form.errors else 200


@bp.get("/<int:import_id>")
def show(import_id: int) -> ResponseReturnValue:
    """Where an import stands: its columns, its verdicts, or how far it is."""
    kept = services.own_import(own_facility().id, import_id)
    if kept.status is ImportStatus.MAPPING:
        return _columns(kept, kept.mapping)
    asked = request.args.get("hasil", "")
    verdict = Verdict(asked) if asked in set(Verdict) else None
    return render_template(
        "bulk/import.html",
        kept=kept,
        progress=queries.progress_of(kept.id),
        page=queries.rows_of(kept.id, verdict, page_number(request.args.get("hal"))),
        chosen=verdict,
        words=queries.VERDICT_WORDS,
        status_words=STATUS_WORDS,
        fields=services.FIELDS,
        shown=queries.shown_value,
        is_stalled=services.is_stalled(kept),
    )


@bp.route("/<int:import_id>/kolom", methods=["GET", "POST"])
def columns(import_id: int) -> ResponseReturnValue:
    """Say what each column is; then every line is judged."""
    facility = own_facility()
    kept = services.own_import(facility.id, import_id)
    if request.method == "GET":
        return _columns(kept, kept.mapping)
    chosen = [request.form.get(f"kolom-{place}", "") for place in range(len(kept.headings))]
    try:
        services.judge_import(facility.id, import_id, chosen)
    except Invalid as error:
        return _columns(services.own_import(facility.id, import_id), chosen, error.errors), 422
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/<int:import_id>/jalankan")
def run(import_id: int) -> ResponseReturnValue:
    """Do what the preview shows."""
    try:
        services.confirm_import(own_facility().id, import_id, current_user.id)
        flash(_("Impor berjalan. Anda boleh menutup halaman ini."), "success")
    except Invalid as error:
        flash(error.message, "error")
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/<int:import_id>/lanjutkan")
def resume(import_id: int) -> ResponseReturnValue:
    """Set an import going again that stands still."""
    services.resume_import(own_facility().id, import_id)
    flash(_("Impor dilanjutkan dari baris yang belum selesai."), "success")
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/<int:import_id>/batal")
def cancel(import_id: int) -> ResponseReturnValue:
    """Let an import go that was not confirmed."""
    services.cancel_import(own_facility().id, import_id)
    flash(_("Impor dibatalkan. Tidak ada yang berubah di toko."), "success")
    return redirect(url_for(".index"), 303)


@bp.get("/<int:import_id>/status")
def status(import_id: int) -> ResponseReturnValue:
    """How far it is, for the page that waits."""
    kept = services.own_import(own_facility().id, import_id)
    found = queries.progress_of(kept.id)
    return jsonify(status=progress_mark(kept, found), done=found.done, total=found.to_do)


@bp.get("/<int:import_id>/salah.xlsx")
def wrong(import_id: int) -> Response:
    """The lines that were not taken, as they were sent, with the reason."""
    kept = services.own_import(own_facility().id, import_id)
    headings = [*kept.headings, _("Baris"), _("Yang salah")]
    rows: list[list[Cell]] = [[*cells, number, why] for number, cells, why in queries.wrong_rows(kept.id)]
    return file_answer("xlsx", f"salah-{kept.id}", _("Yang salah"), [Column(name) for name in headings], rows)


def progress_mark(kept: Import, found: queries.Progress) -> str:
    """A word that is another one as soon as the page has something new to show."""
    return f"{kept.status.value}-{found.done}-{found.photos_left}"


@bp.app_template_global("import_mark")
def _mark(kept: Import, found: queries.Progress) -> str:
    return progress_mark(kept, found)


def _columns(kept: Import, chosen: list[str], errors: dict[str, str] | None = None) -> str:
    if kept.status not in {ImportStatus.MAPPING, ImportStatus.PREVIEW}:
        raise services.WrongMoment
    return render_template(
        "bulk/columns.html",
        kept=kept,
        chosen=chosen,
        examples=queries.examples(kept.id, len(kept.headings)),
        fields=services.FIELDS,
        errors=errors or {},
    )


def _file(sent: FileStorage, most: int) -> services.File:
    """One byte more than is allowed is enough to say so."""
    return services.File(sent.filename or "", sent.stream.read(most + 1))


def _photos(form: UploadForm) -> services.File | None:
    sent = form.photos.data
    return _file(sent, services.MAX_ZIP) if isinstance(sent, FileStorage) and sent.filename else None
