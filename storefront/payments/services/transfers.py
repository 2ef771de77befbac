"""Money that no machine tells of (transfer, QRIS of our own): the buyer may show a proof, one officer finds
the money on the statement, a second one confirms."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, lazy
from storefront.core.storage import storage
from storefront.core.transactions import on_commit, transaction
from storefront.facilities.models import MerchantAccount
from storefront.orders.models import Order, OrderStatus
from storefront.orders.services import Actor, record
from storefront.payments.models import SEEN_BY_OFFICERS, Payment, PaymentAttempt, ProofStatus, TransferClaim
from storefront.payments.services.attempts import NotPayable
from storefront.payments.services.closing import extend_deadline
from storefront.payments.services.record import Money, Outcome, record_payment

LOOKING = timedelta(hours=48)
"""An order with a proof waits at least so long for the office."""


class AlreadyDecided(DomainError):
    """Another officer was faster."""

    default = lazy("Pembayaran ini sudah diputuskan oleh petugas lain. Muat ulang halamannya.")


class SamePerson(DomainError):
    """Two people have to look at money that no machine confirms."""

    default = lazy("Pembayaran harus dikonfirmasi oleh petugas lain, bukan yang memeriksanya.")


def submit_proof(attempt_id: int, proof_key: str, *, sender: str) -> int:
    """The buyer says that the money is on its way; returns the claim's id.

    A newer proof replaces an older one that nobody has checked yet. Raises NotPayable.
    """
    with transaction():
        attempt, order = _attempt(attempt_id)
        if order.status is not OrderStatus.PENDING:
            raise NotPayable
        claim = _claim_of(attempt)
        if claim.status in {ProofStatus.CHECKED, ProofStatus.CONFIRMED}:
            raise AlreadyDecided(_("Bukti Anda sedang diperiksa petugas."))
        replaced, waits = claim.proof_key, claim.status is ProofStatus.SUBMITTED
        claim.proof_key, claim.sender = proof_key, sender
        claim.status, claim.note, claim.submitted_at = ProofStatus.SUBMITTED, "", clock.now()
        if not (replaced and waits):  # a newer one in place of one that waits gives no more time
            extend_deadline(order, clock.now() + LOOKING)
        if replaced:  # nobody would find its file again, neither to look at nor to erase
            on_commit(partial(storage().delete, replaced))
        attempt.expires_at = order.pay_by
        record(order, _told(attempt, "proof"))
        db.session.flush()
        return claim.id


def check_claim(attempt_id: int, actor: Actor, *, amount: int, bank_reference: str) -> None:
    """The first officer found the money on the statement, with or without a proof.

    `amount` in rupiah as the statement says. Raises Invalid, AlreadyDecided.
    """
    bank_reference = bank_reference.strip().upper()
    if not 3 <= len(bank_reference) <= 80:
        raise Invalid({"bank_reference": _("Tulis nomor referensi dari mutasi rekening (3–80 huruf).")})
    if amount <= 0:
        raise Invalid({"amount": _("Tulis jumlah yang masuk menurut mutasi rekening.")})
    with transaction():
        attempt, order = _attempt(attempt_id)
        if attempt.account_id is not None:  # two who read the same line of the statement look one by one
            locked(MerchantAccount, attempt.account_id)
        _refuse_used(attempt, bank_reference)
        claim = _claim_of(attempt)
        if claim.status in {ProofStatus.CHECKED, ProofStatus.CONFIRMED}:
            raise AlreadyDecided
        claim.status, claim.amount, claim.bank_reference = ProofStatus.CHECKED, amount, bank_reference
        claim.checked_by_id, claim.checked_at = actor.id, clock.now()
        record(order, _told(attempt, "transfer_checked"), actor=actor)
        auditlog.write(
            "transfer.checked", "order", order.number, actor_id=actor.id, amount=amount,
            expected=attempt.amount, reference=bank_reference,
        )  # fmt: skip


def confirm_claim(attempt_id: int, actor: Actor) -> Outcome:
    """The second officer confirms; the money is recorded like any other.

    Raises SamePerson, AlreadyDecided.
    """
    with transaction():
        attempt, order = _attempt(attempt_id)
        claim = _claim_of(attempt)
        if claim.status is not ProofStatus.CHECKED or claim.amount is None:
            raise AlreadyDecided
        if claim.checked_by_id == actor.id or actor.id is None:
            raise SamePerson
        claim.status = ProofStatus.CONFIRMED
        claim.confirmed_by_id, claim.confirmed_at = actor.id, clock.now()
        auditlog.write(
            "transfer.confirmed", "order", order.number, actor_id=actor.id, amount=claim.amount,
            reference=claim.bank_reference, checked_by=claim.checked_by_id,
        )  # fmt: skip
        money = Money(
            attempt.provider, reference_of(attempt, claim.bank_reference), claim.amount, clock.now()
        )
        outcome = record_payment(money, order_id=order.id, attempt_id=attempt.id, actor=actor)
        if outcome is Outcome.REPEAT:  # that line of the statement paid for something else
            raise AlreadyDecided(_("Referensi ini sudah dipakai untuk pesanan lain."))
        return outcome


def reject_claim(attempt_id: int, actor: Actor, *, reason: str) -> None:
    """The money is not there; the buyer reads why and can send another proof. Raises Invalid."""
    if not 5 <= len(reason.strip()) <= 300:
        raise Invalid({"reason": _("Tulis alasannya (5–300 huruf); pembeli akan membacanya.")})
    with transaction():
        attempt, order = _attempt(attempt_id)
        claim = _claim_of(attempt)
        if claim.status is ProofStatus.CONFIRMED:
            raise AlreadyDecided
        claim.status, claim.note = ProofStatus.REJECTED, reason.strip()
        claim.checked_by_id = claim.checked_at = claim.amount = None
        claim.bank_reference = ""
        record(order, _told(attempt, "proof_rejected"), note=reason.strip(), actor=actor)
        auditlog.write("transfer.rejected", "order", order.number, actor_id=actor.id, expected=attempt.amount)


def reference_of(attempt: PaymentAttempt, bank_reference: str) -> str:
    """What identifies a transfer: the account it went to and the bank's reference."""
    return f"{attempt.account_id}:{bank_reference}"


def _attempt(attempt_id: int) -> tuple[PaymentAttempt, Order]:
    """An attempt that officers decide about, and its order, whose row is locked first, as everywhere."""
    order_id = db.session.scalar(
        select(PaymentAttempt.order_id).where(
            PaymentAttempt.id == attempt_id, PaymentAttempt.provider.in_(SEEN_BY_OFFICERS)
        )
    )
    order = locked(Order, order_id or 0)
    return locked(PaymentAttempt, attempt_id), order


def _told(attempt: PaymentAttempt, kind: str) -> str:
    """The kind of an event in the words of how it is paid."""
    return f"qris_{kind.removeprefix('transfer_')}" if attempt.provider == "qris" else kind


def _claim_of(attempt: PaymentAttempt) -> TransferClaim:
    claim = db.session.scalar(select(TransferClaim).filter_by(attempt_id=attempt.id))
    if claim is None:
        claim = TransferClaim(attempt_id=attempt.id, status=ProofStatus.SUBMITTED, submitted_at=clock.now())
        db.session.add(claim)
    return claim


def _refuse_used(attempt: PaymentAttempt, bank_reference: str) -> None:
    """One line of the statement pays once."""
    reference = reference_of(attempt, bank_reference)
    taken = db.session.scalar(select(Payment.id).filter_by(provider=attempt.provider, reference=reference))
    pending = db.session.scalar(
        select(TransferClaim.id)
        .join(TransferClaim.attempt)
        .where(
            TransferClaim.bank_reference == bank_reference,
            TransferClaim.attempt_id != attempt.id,
            PaymentAttempt.account_id == attempt.account_id,
            PaymentAttempt.provider == attempt.provider,
        )
    )
    if taken or pending:
        raise Invalid({"bank_reference": _("Referensi ini sudah dipakai untuk pesanan lain.")})
