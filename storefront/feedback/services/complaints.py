"""Complaints to the regional office: filed by anybody, answered by letter or by telephone, closed."""

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, language
from storefront.core.outbox import enqueue
from storefront.core.tokens import short_code
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.feedback.models import Complaint, ComplaintStatus, ComplaintTopic

MAX_TEXT = 2000


def file_complaint(
    *,
    name: str,
    topic: ComplaintTopic,
    text: str,
    phone: str = "",
    email: str = "",
    order_number: str = "",
    facility_id: int | None = None,
) -> Complaint:
    """Take a complaint; the office gets a letter, and so does the sender who left an e-mail address.

    `phone` is E.164. The order number is what somebody typed: nothing is shown of that order. Raises Invalid.
    """
    errors: dict[str, str] = {}
    if not phone and not email:
        errors["phone"] = _("Tulis nomor WhatsApp atau e-mail agar kami dapat menjawab.")
    if not text.strip() or len(text.strip()) > MAX_TEXT:
        errors["text"] = _("Ceritakan apa yang terjadi, paling panjang %(n)s huruf.", n=MAX_TEXT)
    if facility_id is not None and db.session.get(Facility, facility_id) is None:
        errors["facility_id"] = _("Pilihan ini tidak ada. Pilih dari daftar.")
    if errors:
        raise Invalid(errors)
    with transaction():
        complaint = Complaint(
            reference=_new_reference(),
            name=name.strip(),
            phone=phone,
            email=email,
            order_number=order_number.strip().upper(),
            facility_id=facility_id,
            topic=topic,
            text=text.strip(),
            language=language(),
            created_at=clock.now(),
        )
        db.session.add(complaint)
        db.session.flush()
        enqueue("complaint.filed", {"complaint_id": complaint.id}, key=f"complaint.filed:{complaint.id}")
    return complaint


def answer_complaint(complaint_id: int, actor_id: int | None, text: str) -> None:
    """Answer a complaint, or write the answer anew; the sender gets it by e-mail if there is one.

    Raises Invalid, NotFound, DomainError when it is closed.
    """
    text = text.strip()
    if not text or len(text) > MAX_TEXT:
        raise Invalid({"answer": _("Tulis jawabannya, paling panjang %(n)s huruf.", n=MAX_TEXT)})
    with transaction():
        complaint = locked(Complaint, complaint_id)
        if complaint.status is ComplaintStatus.CLOSED:
            raise DomainError(_("Pengaduan ini sudah ditutup."))
        moment = clock.now()
        complaint.answer, complaint.answered_at, complaint.answered_by_id = text, moment, actor_id
        complaint.status = ComplaintStatus.ANSWERED
        if complaint.mail_to:
            key = f"complaint.answered:{complaint.id}:{moment.timestamp():.0f}"
            enqueue("complaint.answered", {"complaint_id": complaint.id}, key=key)


def close_complaint(complaint_id: int, actor_id: int | None) -> None:
    """Close a complaint for good. Raises NotFound, DomainError when it is closed already or has no answer."""
    with transaction():
        complaint = locked(Complaint, complaint_id)
        if complaint.status is ComplaintStatus.CLOSED:
            raise DomainError(_("Pengaduan ini sudah ditutup."))
        if not complaint.answer:
            raise DomainError(_("Jawab dulu sebelum menutup pengaduan."))
        complaint.status, complaint.closed_at, complaint.closed_by_id = (
            ComplaintStatus.CLOSED, clock.now(), actor_id,
        )  # fmt: skip


def _new_reference() -> str:
    """Unguessable enough that nobody counts complaints, short enough to be read aloud."""
    while True:
        reference = f"ADU-{short_code(7)}"
        if db.session.scalar(select(Complaint.id).filter_by(reference=reference)) is None:
            return reference
