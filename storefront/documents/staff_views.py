"""Papers for packing, in each facility for its own parcels; receipts, for the office."""

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from storefront.core import clock, documents
from storefront.core.errors import NotFound
from storefront.core.language import _
from storefront.documents.queries import parcels
from storefront.documents.services import send_receipt
from storefront.documents.views import nota_file, pdf_file
from storefront.facilities.staff_views import own_facility
from storefront.orders.models import Parcel, ParcelStatus
from storefront.orders.queries import by_number
from storefront.web.fields import sent_ids

facility = Blueprint("documents_staff", __name__, url_prefix="/petugas/cetak")
office = Blueprint("documents_office", __name__, url_prefix="/kanwil/pesanan")

PAPERS: dict[str, tuple[str, Callable[[Sequence[Parcel]], parcels.Data]]] = {
    "label": ("label", parcels.label),
    "isi": ("slip", parcels.slip),
    "kerja": ("work", parcels.work),
    "berkas": ("bundle", parcels.bundle),
}
"""What can be printed of parcels: its source, and what stands on it."""
STAGES = {
    "diterima": (ParcelStatus.WAITING,),
    "dikerjakan": (ParcelStatus.PROCESSING,),
    "dikemas": (ParcelStatus.PACKED,),
}
"""Whole stages that can be printed at once."""


@facility.get("/<any(label, isi, kerja, berkas):paper>.pdf")
def papers(paper: str) -> ResponseReturnValue:
    """One page a parcel: of those that are named (`kiriman`), or of a whole stage (`tahap`)."""
    source, words = PAPERS[paper]
    ids = sent_ids(request.args.getlist("kiriman")[: parcels.MOST])
    statuses = STAGES.get(request.args.get("tahap", ""), ())
    if not ids and not statuses:
        raise NotFound
    chosen = parcels.parcels_to_print(own_facility().id, ids=ids, statuses=statuses)
    name = chosen[0].code if len(chosen) == 1 else clock.today().isoformat()
    return pdf_file(documents.pdf(source, words(chosen), at=clock.now()), f"{paper}-{name}")


@office.get("/<number>/nota.pdf")
def receipt(number: str) -> ResponseReturnValue:
    """The receipt of any paid order."""
    return nota_file(by_number(number))


@office.post("/<number>/kirim-nota")
def send(number: str) -> ResponseReturnValue:
    """Write to the buyer once more where the receipt lies."""
    send_receipt(by_number(number).id, actor_id=current_user.id)
    flash(_("Nota dikirim ke e-mail pembeli."), "success")
    return redirect(url_for("money.order", number=number), 303)
