"""Letters about complaints: to the office when one comes in, to its sender when it is answered."""

from typing import Any

from flask import current_app, render_template
from sqlalchemy import select

from storefront.accounts.models import Role, User
from storefront.core.db import db
from storefront.core.language import _, speaking
from storefront.core.mail import send
from storefront.core.outbox import handler
from storefront.feedback.models import Complaint
from storefront.feedback.services.forgetting import GONE


@handler("complaint.filed")
def send_filed(payload: dict[str, Any]) -> None:
    """Tell the office of a complaint, not what it says; thank the sender. Raises when mail is away."""
    complaint = db.session.get(Complaint, payload["complaint_id"])
    if complaint is None:
        return
    people = select(User.email).filter_by(role=Role.REGIONAL, is_enabled=True)
    offices, sender = list(db.session.scalars(people)), complaint.email
    words = {"reference": complaint.reference, "shop": current_app.config["SHOP_NAME"]}
    link = f"{current_app.config['PUBLIC_BASE_URL']}/kanwil/pengaduan/{complaint.id}"
    spoken = complaint.language
    db.session.rollback()  # nothing stays open while the mail server is asked
    with speaking("id"):
        text = render_template("mail/complaint_office.txt", link=link, **words)
        subject = _("Pengaduan %(reference)s masuk", reference=words["reference"])
    for office in offices:
        send(office, subject, text)
    if sender and not sender.endswith(GONE):
        with speaking(spoken):
            text = render_template("mail/complaint_filed.txt", **words)
            send(sender, _("Pengaduan %(reference)s kami terima", reference=words["reference"]), text)


@handler("complaint.answered")
def send_answer(payload: dict[str, Any]) -> None:
    """Send the office's answer to whoever complained. Raises when mail is away."""
    complaint = db.session.get(Complaint, payload["complaint_id"])
    if complaint is None or not complaint.email or complaint.email.endswith(GONE):
        return
    with speaking(complaint.language):
        text = render_template(
            "mail/complaint_answered.txt", complaint=complaint, shop=current_app.config["SHOP_NAME"]
        )
        subject = _("Jawaban atas pengaduan %(reference)s", reference=complaint.reference)
    to = complaint.email
    db.session.rollback()
    send(to, subject, text)
