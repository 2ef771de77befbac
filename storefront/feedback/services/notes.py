"""Thanks to a workshop: one way, read by the office first, handed over on paper."""

from collections.abc import Sequence

from sqlalchemy import update

from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.core.transactions import transaction
from storefront.feedback.models import NoteStatus, ThankYouNote
from storefront.feedback.services.purchase import Purchase, refuse_second, written_once
from storefront.feedback.services.words import reason_given

MAX_TEXT = 500


def submit_note(purchase: Purchase, text: str) -> ThankYouNote:
    """Take a buyer's thanks; it waits for the office. Raises Invalid, AlreadyWritten."""
    text = text.strip()
    if not text or len(text) > MAX_TEXT:
        words = _("Paling panjang %(n)s huruf.", n=MAX_TEXT) if text else _("Tulis beberapa kata.")
        raise Invalid({"text": words})
    refuse_second(ThankYouNote, purchase)
    with written_once():
        note = ThankYouNote(
            facility_id=purchase.facility_id,
            workshop_id=purchase.workshop_id,
            order_line_id=purchase.order_line_id,
            product_title=purchase.title,
            text=text,
            created_at=clock.now(),
        )
        db.session.add(note)
    return note


def approve_note(note_id: int, actor_id: int | None) -> None:
    """Let a note go to its facility. Raises NotFound, DomainError when it was decided before."""
    with transaction():
        _decide(note_id, NoteStatus.APPROVED, actor_id)


def reject_note(note_id: int, actor_id: int | None, reason: str) -> None:
    """Keep a note back, for a reason that is kept. Raises Invalid, NotFound, DomainError."""
    reason = reason_given(reason)
    with transaction():
        _decide(note_id, NoteStatus.REJECTED, actor_id).reason = reason


def hand_over(facility_id: int, note_ids: Sequence[int]) -> int:
    """The facility gave these printed notes to its workshops; returns how many that were.

    Notes of another facility, or not let through, are left as they are.
    """
    with transaction():
        given = db.session.execute(
            update(ThankYouNote)
            .where(
                ThankYouNote.id.in_(note_ids),
                ThankYouNote.facility_id == facility_id,
                ThankYouNote.status == NoteStatus.APPROVED,
            )
            .values(status=NoteStatus.DELIVERED, delivered_at=clock.now())
            .returning(ThankYouNote.id)
            .execution_options(synchronize_session=False)
        ).all()
    return len(given)


def _decide(note_id: int, status: NoteStatus, actor_id: int | None) -> ThankYouNote:
    note = locked(ThankYouNote, note_id)
    if note.status is not NoteStatus.PENDING:
        raise DomainError(_("Ucapan ini sudah diputuskan."))
    note.status, note.decided_at, note.decided_by_id = status, clock.now(), actor_id
    return note
