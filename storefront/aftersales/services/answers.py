"""Who says what: the facility answers, the buyer agrees or not, the office decides, all of them write."""

from collections.abc import Sequence

from storefront.aftersales.models import (
    MAX_TEXT,
    CaseStatus,
    ComplaintCase,
    Party,
    Remedy,
    ReturnStatus,
)
from storefront.aftersales.services import photos as pictures
from storefront.aftersales.services.remedies import Proposal, accept, as_wished, propose, settle
from storefront.aftersales.services.steps import IllegalStep, add_entry, held, move
from storefront.core import auditlog
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, lazy
from storefront.core.transactions import transaction
from storefront.orders.services import Actor
from storefront.orders.services.address import correct_address


class GoodsAreHere(DomainError):
    """Who keeps the goods gives something for them."""

    default = lazy(
        "Barangnya sudah kembali di Lapas, jadi keluhan ini tidak dapat ditolak atau dicabut: uangnya "
        "dikembalikan, penggantinya dikirim, atau barangnya dikirim kembali ke pembeli."
    )


def accept_wish(
    facility_id: int, case_id: int, actor_id: int, *, wants_goods: bool, with_shipping: bool = False,
    text: str = "",
) -> None:  # fmt: skip
    """The facility does what the buyer asked for. Raises NotFound, IllegalStep, Invalid."""
    text = _words(text, needed=False)
    with transaction():
        case = held(case_id, facility_id=facility_id)
        _only(case, CaseStatus.OPEN)
        propose(case, as_wished(case, wants_goods=wants_goods, with_shipping=with_shipping), actor_id)
        _log("complaint.accepted", case, actor_id)
        accept(case, Party.FACILITY, actor_id, text=text)


def offer(facility_id: int, case_id: int, actor_id: int, proposal: Proposal, *, text: str) -> None:
    """The facility offers something else; with Remedy.NOTHING it explains why there is nothing to make good.

    Raises NotFound, IllegalStep, Invalid.
    """
    text = _words(text)
    with transaction():
        case = held(case_id, facility_id=facility_id)
        _only(case, CaseStatus.OPEN)
        propose(case, proposal, actor_id)
        _log("complaint.offered", case, actor_id)
        move(case, CaseStatus.OFFERED, Party.FACILITY, actor_id=actor_id, text=text)


def hand_over(facility_id: int, case_id: int, actor_id: int, *, text: str) -> None:
    """The facility leaves it to the office, or cannot go on as agreed.

    Raises NotFound, IllegalStep, Invalid.
    """
    text = _words(text)
    with transaction():
        case = held(case_id, facility_id=facility_id)
        _log("complaint.handed_over", case, actor_id)
        move(case, CaseStatus.OFFICE, Party.FACILITY, actor_id=actor_id, text=text)


def agree(token: str, case_id: int) -> None:
    """The buyer takes the offer; who was content with an explanation ends the case.

    Raises NotFound, IllegalStep.
    """
    with transaction():
        case = held(case_id, token=token)
        _only(case, CaseStatus.OFFERED)
        if case.remedy is Remedy.NOTHING:
            move(case, CaseStatus.SETTLED, Party.BUYER)
        else:
            accept(case, Party.BUYER, None)


def disagree(token: str, case_id: int, *, text: str) -> None:
    """The buyer does not take the offer: the office decides. Raises NotFound, IllegalStep, Invalid."""
    text = _words(text)
    with transaction():
        case = held(case_id, token=token)
        _only(case, CaseStatus.OFFERED)
        move(case, CaseStatus.OFFICE, Party.BUYER, text=text)


def withdraw(token: str, case_id: int) -> None:
    """The buyer takes the complaint back, for good. Raises NotFound, IllegalStep, GoodsAreHere."""
    with transaction():
        case = held(case_id, token=token)
        _not_if_it_came_back(case)
        move(case, CaseStatus.WITHDRAWN, Party.BUYER)


def decide(case_id: int, actor_id: int, proposal: Proposal, *, text: str) -> None:
    """The office decides for the buyer, wholly or in part. Raises NotFound, IllegalStep, Invalid, and
    whatever keeps it from being done (no stock for an exchange, more money than was paid): then nothing is.
    """
    text = _words(text)
    if proposal.remedy is Remedy.NOTHING:
        raise Invalid({"remedy": _("Pilih salah satu.")})
    with transaction():
        case = held(case_id)
        _only(case, CaseStatus.OFFICE)
        if case.return_status is ReturnStatus.ASKED:
            case.return_status = ReturnStatus.NONE  # what was agreed before and never sent
        propose(case, proposal, actor_id)
        if case.came_back and proposal.remedy is Remedy.EXCHANGE and proposal.street is not None:
            there = {"street": proposal.street, "landmark": proposal.landmark}
            correct_address(case.order, **there, actor=Actor(actor_id))
        _log("complaint.decided", case, actor_id)
        accept(case, Party.OFFICE, actor_id, text=text)


def reject(case_id: int, actor_id: int, *, text: str) -> None:
    """The office rejects a complaint, with the reason that the buyer reads.

    Raises NotFound, IllegalStep, GoodsAreHere, Invalid.
    """
    text = _words(text)
    with transaction():
        case = held(case_id)
        _only(case, CaseStatus.OFFICE)
        _not_if_it_came_back(case)
        case.remedy, case.wants_goods, case.with_shipping, case.decided_by_id = None, False, False, actor_id
        for item in case.items:
            item.granted = 0
        _log("complaint.rejected", case, actor_id)
        move(case, CaseStatus.REJECTED, Party.OFFICE, actor_id=actor_id, text=text)


def finish(case_id: int, actor_id: int, *, facility_id: int | None = None, text: str = "") -> None:
    """What was agreed by word (Remedy.OTHER) has been done: by the facility, or by the office without one.

    Raises NotFound, IllegalStep, Invalid.
    """
    text = _words(text, needed=False)
    with transaction():
        case = held(case_id, facility_id=facility_id)
        _only(case, CaseStatus.ACCEPTED)
        if case.remedy is not Remedy.OTHER or case.waits_for_goods:
            raise IllegalStep
        party = Party.OFFICE if facility_id is None else Party.FACILITY
        settle(case, actor_id, party=party, text=text)


def say(
    case_id: int,
    party: Party,
    text: str,
    *,
    actor_id: int | None = None,
    facility_id: int | None = None,
    token: str | None = None,
    photos: Sequence[bytes] = (),
) -> None:
    """Write a message into a live case, the buyer with photos if wanted. Call it outside a transaction.

    Raises NotFound, Invalid, DomainError once it is closed.
    """
    text = _words(text)
    with pictures.kept(photos) as keys, transaction():
        case = held(case_id, facility_id=facility_id, token=token)
        if not case.is_live:
            raise DomainError(_("Keluhan ini sudah selesai, jadi pesannya tidak dapat ditambah."))
        pictures.attach(case, keys)
        if case.entries and _same(case, party, actor_id, text) and not keys:
            return  # a button pressed twice
        add_entry(case, party, actor_id=actor_id, text=text)
        if actor_id is not None:
            auditlog.write(
                "complaint.message", "complaint", case.reference, actor_id=actor_id,
                facility_id=case.facility_id,
            )  # fmt: skip


def _same(case: ComplaintCase, party: Party, actor_id: int | None, text: str) -> bool:
    last = case.entries[-1]
    return (last.party, last.actor_id, last.text, last.to_status) == (party, actor_id, text, "")


def _only(case: ComplaintCase, status: CaseStatus) -> None:
    if case.status is not status:
        raise IllegalStep


def _not_if_it_came_back(case: ComplaintCase) -> None:
    """What was paid for and lies at the facility again is sent or paid back, whatever anybody says."""
    if case.came_back:
        raise IllegalStep
    if case.goods_here and case.is_live:
        raise GoodsAreHere


def _words(text: str, *, needed: bool = True) -> str:
    text = text.strip()
    if (needed and not text) or len(text) > MAX_TEXT:
        raise Invalid({"text": _("Tulis beberapa kata, paling banyak %(n)s huruf.", n=MAX_TEXT)})
    return text


def _log(action: str, case: ComplaintCase, actor_id: int) -> None:
    auditlog.write(
        action, "complaint", case.reference, actor_id=actor_id, facility_id=case.facility_id,
        remedy=case.remedy, goods=case.wants_goods, postage=case.with_shipping,
        pieces={str(item.order_line_id): item.granted for item in case.items},
    )  # fmt: skip
