"""What was agreed or decided is carried out: once, as soon as nothing has to come back first."""

from collections.abc import Mapping
from dataclasses import dataclass

from storefront.aftersales.models import STUCK, CaseStatus, ComplaintCase, Party, Remedy, ReturnStatus
from storefront.aftersales.services.steps import move
from storefront.core import auditlog
from storefront.core.db import db
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _
from storefront.orders.services import Actor, put_to_rest
from storefront.orders.services.parts import create_exchange_parcel
from storefront.payments.services import refund_lines
from storefront.payments.services.refunds import captured_payments, rest_of


@dataclass(frozen=True)
class Proposal:
    """What is to be done. `pieces` by order line; `with_shipping` gives the parcel's postage back too.

    `street` and `landmark`, when said, are where a parcel that came back goes this time.
    """

    remedy: Remedy
    pieces: Mapping[int, int]
    wants_goods: bool = False
    with_shipping: bool = False
    street: str | None = None
    landmark: str = ""


def as_wished(case: ComplaintCase, *, wants_goods: bool, with_shipping: bool = False) -> Proposal:
    """All that the buyer asked for, for all the pieces."""
    pieces = {item.order_line_id: item.quantity for item in case.items}
    return Proposal(Remedy(case.wish), pieces, wants_goods, with_shipping)


def propose(case: ComplaintCase, proposal: Proposal, actor_id: int | None) -> None:
    """Write down what is to be done, in a case that the caller holds. Raises Invalid.

    Postage goes back with money only, and only when nothing was charged for it twice: the refund sees to it.
    A parcel that came back is made good whole: what is not sent again is paid back.
    """
    nothing = proposal.remedy is Remedy.NOTHING
    granted = {} if nothing else {line: pieces for line, pieces in proposal.pieces.items() if pieces}
    known = {item.order_line_id: item for item in case.items}
    if case.came_back and proposal.remedy is not Remedy.EXCHANGE:
        granted = {line_id: item.quantity for line_id, item in known.items()}
    if not nothing and not granted:
        raise Invalid({"pieces": _("Tulis untuk berapa buah.")})
    errors = {
        f"pieces_{line_id}": _(
            "Paling banyak %(bound)s.", bound=known[line_id].quantity if line_id in known else 0
        )
        for line_id, quantity in granted.items()
        if line_id not in known or not 0 < quantity <= known[line_id].quantity
    }
    if errors:
        raise Invalid(errors)
    for line_id, item in known.items():
        item.granted = granted.get(line_id, 0)
    case.remedy = proposal.remedy
    case.wants_goods = proposal.wants_goods and not nothing
    case.with_shipping = proposal.with_shipping and proposal.remedy is Remedy.REFUND
    case.decided_by_id = actor_id


def accept(case: ComplaintCase, party: Party, actor_id: int | None, *, text: str = "") -> None:
    """The proposal holds: begin to carry it out. The caller holds the case.

    Raises IllegalStep; the office is told why something cannot be done (DomainError), for others the case
    goes to the office instead.
    """
    move(case, CaseStatus.ACCEPTED, party, actor_id=actor_id, text=text)
    if case.waits_for_goods:
        if case.return_status is ReturnStatus.NONE:
            case.return_status = ReturnStatus.ASKED
        return
    carry_out(case, actor_id, strict=party is Party.OFFICE)


def carry_out(case: ComplaintCase, actor_id: int | None, *, strict: bool = False) -> None:
    """Give the money back or send the goods anew, and end the case; something else is done by hand.

    The caller holds the case, in its transaction. What cannot be done goes to the office; with `strict`
    it raises DomainError.
    """
    try:
        with db.session.begin_nested():
            _do(case, Actor(actor_id))
    except DomainError:
        if strict:
            raise
        db.session.refresh(case)
        move(case, CaseStatus.OFFICE, Party.SHOP, text=STUCK)


def _do(case: ComplaintCase, actor: Actor) -> None:
    pieces = {item.order_line_id: item.granted for item in case.items if item.granted}
    key, reason = f"complaint:{case.id}", _reason(case)
    match case.remedy:
        case Remedy.REFUND:
            shipping = (_paid_way(case),) if case.with_shipping else ()
            due = _still_paid(case, pieces) if case.came_back else pieces
            case.refund_id = refund_lines(
                case.order_id, due, shipping=shipping, reason=reason, actor=actor, key=key
            )
        case Remedy.EXCHANGE:
            if case.came_back:
                _refund_rest(case, actor, key)
            case.exchange_id = create_exchange_parcel(case.parcel_id, pieces, actor=actor, key=key)
        case _:
            return
    db.session.flush()
    settle(case, actor.id)


def _still_paid(case: ComplaintCase, pieces: Mapping[int, int]) -> dict[int, int]:
    """Of these pieces by line, those whose money did not go back in some other way."""
    left = rest_of(case.order, captured_payments(case.order_id)).pieces
    return {line_id: min(n, left[line_id]) for line_id, n in pieces.items() if left[line_id]}


def _refund_rest(case: ComplaintCase, actor: Actor, key: str) -> None:
    """Pieces that came back and are not sent again are paid back."""
    rest = {item.order_line_id: item.quantity - item.granted for item in case.items}
    due = _still_paid(case, {line_id: n for line_id, n in rest.items() if n})
    if due:
        refund_lines(case.order_id, due, reason=_reason(case), actor=actor, key=f"{key}:rest")


def _paid_way(case: ComplaintCase) -> int:
    """The parcel whose postage was paid: what was sent instead of one went for nothing."""
    parcel = case.parcel
    while parcel.exchange_of is not None:
        parcel = parcel.exchange_of
    return parcel.id


def settle(case: ComplaintCase, actor_id: int | None, *, party: Party = Party.SHOP, text: str = "") -> None:
    """All was done; the case ends. The caller holds it. Raises IllegalStep."""
    move(case, CaseStatus.SETTLED, party, actor_id=actor_id, text=text)
    if case.came_back:
        put_to_rest(case.parcel)
    if actor_id is None:
        return  # the buyer said yes: the act was the offer
    auditlog.write(
        "complaint.settled", "complaint", case.reference, actor_id=actor_id, facility_id=case.facility_id,
        remedy=case.remedy, refund=case.refund_id, exchange=case.exchange_id,
        pieces={str(item.order_line_id): item.granted for item in case.items},
    )  # fmt: skip


def _reason(case: ComplaintCase) -> str:
    """What the refund says; the buyer reads it, so it names the case and nothing else."""
    return f"Keluhan {case.reference}"
