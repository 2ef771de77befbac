"""Letters about complaints: to the office when one comes in, to its sender when it is answered."""

from typing import Any

from sqlalchemy import select

from storefront.accounts.models import Role, User
from storefront.core.db import db
from storefront.core.language import SOURCE, _, speaking
from storefront.core.letters import address, post
from storefront.core.outbox import handler
from storefront.feedback.models import Complaint


@handler("complaint.filed")
def send_filed(payload: dict[str, Any]) -> None:
    """Tell the office of a complaint, not what it says; thank the sender. Raises when mail is away."""
    complaint = db.session.get(Complaint, payload["complaint_id"])
    if complaint is None:
        return
    people = select(User.email).filter_by(role=Role.REGIONAL, is_enabled=True)
    offices, sender = list(db.session.scalars(people)), complaint.mail_to
    reference, page, spoken = complaint.reference, f"/kanwil/pengaduan/{complaint.id}", complaint.language
    with speaking(SOURCE):
        subject = _("Pengaduan %(reference)s masuk", reference=reference)
        for office in offices:
            post(office, subject, "complaint_office", link=address(page), reference=reference)
    if sender:
        with speaking(spoken):
            subject = _("Pengaduan %(reference)s kami terima", reference=reference)
            post(sender, subject, "complaint_filed", reference=reference)


@handler("complaint.answered")
def send_answer(payload: dict[str, Any]) -> None:
    """Send the office's answer to whoever complained. Raises when mail is away."""
    complaint = db.session.get(Complaint, payload["complaint_id"])
    if complaint is None or not complaint.mail_to:
        return
    with speaking(complaint.language):
        subject = _("Jawaban atas pengaduan %(reference)s", reference=complaint.reference)
        post(complaint.mail_to, subject, "complaint_answered", complaint=complaint)
