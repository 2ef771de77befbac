"""Refunds whose vendor was away longer than a job has patience: asked for again, at last sent by hand."""

from datetime import timedelta

from sqlalchemy import String, cast, literal, select

from storefront.core import clock
from storefront.core.db import db
from storefront.core.models import Job, JobState
from storefront.core.outbox import try_anew
from storefront.core.transactions import transaction
from storefront.payments.models import REFUND_FAILED, Refund, RefundStatus
from storefront.payments.services.sending import fail_refund

SURE = timedelta(hours=20)
"""So long a vendor knows for certain that it was asked before: Stripe keeps idempotency keys for 24 hours
(https://docs.stripe.com/api/idempotent_requests). Asked later, it might send the money twice."""


def resend_refunds(limit: int = 100) -> int:
    """See to refunds that no job will send any more; returns how many there were.

    The vendor is asked again while that is safe; then an officer sends the money, and a case says so.
    """
    job_of = literal("refund.send:") + cast(Refund.id, String)
    stuck = db.session.execute(
        select(Refund.id, Refund.requested_at, Job.key)
        .join(Job, Job.key == job_of)
        .where(Refund.status == RefundStatus.DUE, ~Refund.by_hand, Job.state == JobState.FAILED)
        .order_by(Refund.id)
        .limit(limit)
    ).all()
    db.session.rollback()
    for row in stuck:
        if clock.now() - row.requested_at > SURE:
            fail_refund(row.id, f"{REFUND_FAILED} refund-{row.id}")
        else:
            with transaction():
                try_anew(row.key)
    return len(stuck)
