"""/kanwil/catatan: the audit log, to look through and to take away."""

import json

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.core.spreadsheets import csv_bytes
from storefront.desk.forms import ActsForm
from storefront.desk.queries import acts
from storefront.web.fields import row_key
from storefront.web.pagination import Stretch

bp = Blueprint("acts_office", __name__, url_prefix="/kanwil/catatan")
NOTHING = Stretch([], None, None)
FIELDS = ("number", "at", "actor", "action", "subject", "id", "facility", "facts", "hash")
"""The columns of the file; names for programs and inspectors, the same in both languages."""


@bp.get("")
def index() -> ResponseReturnValue:
    """The newest acts that are asked for, and the way to older ones."""
    form, asked = _asked()
    if asked is None:
        return render_template("desk/office/acts.html", form=form, page=NOTHING, file=None), 422
    before = row_key(request.args.get("sebelum", ""))
    rows, older = acts.acts_page(asked, before=before)
    chosen = {field.name: field.raw_data[0] for field in form if field.raw_data and field.raw_data[0]}
    return render_template(
        "desk/office/acts.html",
        form=form,
        page=Stretch(rows, older, before),
        is_filtered=bool(chosen),
        file=url_for(".download", **chosen),
        fact_lines=acts.fact_lines,
    )


@bp.get("/catatan.csv")
def download() -> ResponseReturnValue:
    """All that is asked for as a file, the oldest first; texts cannot run as formulas."""
    form, asked = _asked()
    if asked is None:
        return render_template("desk/office/acts.html", form=form, page=NOTHING, file=None), 422
    rows = (
        (
            row.number, row.at, row.actor, row.action, row.subject, row.subject_id, row.facility,
            json.dumps(row.facts, ensure_ascii=False, sort_keys=True), row.hash,
        )
        for row in acts.all_acts(asked)
    )  # fmt: skip
    return Response(
        csv_bytes(rows, FIELDS),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="catatan-tindakan.csv"'},
    )


def _asked() -> tuple[ActsForm, acts.Asked | None]:
    """The filters as typed, and what they ask for; None when one of them cannot be read."""
    form = ActsForm(request.args)
    form.offer()
    if not form.validate():
        return form, None
    return form, acts.Asked(
        form.siapa.data, form.apa.data or None, form.lapas.data, form.dari.data, form.sampai.data
    )
