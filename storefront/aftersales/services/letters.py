"""Letters about a case: one for each entry and reader, after the commit, saying little but the way there.

What was said is read behind the door. Only the buyer, whose own letter it is, reads the staff's words in it.
"""

from typing import Any

from sqlalchemy import select

from storefront.accounts.models import Role, User
from storefront.aftersales.models import CaseEntry, CaseStatus, ComplaintCase, Party
from storefront.aftersales.services.goods import BACK
from storefront.core.db import db
from storefront.core.language import SOURCE, lazy, speaking
from storefront.core.letters import address, post
from storefront.core.outbox import handler
from storefront.facilities.models import Membership

BUYER_SUBJECTS = {
    CaseStatus.OFFERED: lazy("Ada tawaran untuk keluhan %(reference)s"),
    CaseStatus.OFFICE: lazy("Keluhan %(reference)s diputuskan Kantor Wilayah"),
    CaseStatus.ACCEPTED: lazy("Keluhan %(reference)s disetujui"),
    CaseStatus.SETTLED: lazy("Keluhan %(reference)s selesai"),
    CaseStatus.REJECTED: lazy("Keluhan %(reference)s ditolak"),
}
STAFF_SUBJECTS = {
    CaseStatus.OPEN: lazy("Keluhan %(reference)s menunggu jawaban"),
    CaseStatus.OFFICE: lazy("Keluhan %(reference)s menunggu keputusan Kantor Wilayah"),
    CaseStatus.ACCEPTED: lazy("Keluhan %(reference)s disetujui"),
    CaseStatus.SETTLED: lazy("Keluhan %(reference)s selesai"),
    CaseStatus.REJECTED: lazy("Keluhan %(reference)s ditolak"),
    CaseStatus.WITHDRAWN: lazy("Keluhan %(reference)s dicabut pembeli"),
}
BACK_SUBJECTS = {
    CaseStatus.OFFICE: lazy("Paket pesanan %(number)s kembali ke Lapas"),
    CaseStatus.SETTLED: lazy("Paket pesanan %(number)s yang kembali: keputusannya"),
}
BACK_NEWS = lazy("Ada kabar tentang paket pesanan %(number)s yang kembali")
NEWS = lazy("Ada pesan baru untuk keluhan %(reference)s")


@handler("aftersales.letter")
def send_letter(payload: dict[str, Any]) -> None:
    """Tell one reader of an entry. Raises when mail is away."""
    entry = db.session.get(CaseEntry, payload["entry_id"])
    if entry is None:
        return
    case = entry.case
    if entry.to_status == CaseStatus.ACCEPTED and case.status is CaseStatus.SETTLED:
        return  # both at once: the letter of the end says it
    reader = Party(payload["reader"])
    if reader is Party.BUYER:
        _to_buyer(case, entry)
    else:
        _to_staff(case, entry, reader)


def _to_buyer(case: ComplaintCase, entry: CaseEntry) -> None:
    order = case.order
    if not order.email:
        return
    with speaking(order.language):
        subjects, news = (BACK_SUBJECTS, BACK_NEWS) if case.came_back else (BUYER_SUBJECTS, NEWS)
        words = {"reference": case.reference, "number": order.number}
        subject = str(_subject(subjects, entry, news)) % words
        said = "" if entry.party is Party.SHOP or entry.text == BACK else entry.text
        post(
            order.email, subject, "came_back" if case.came_back else "complaint_case",
            link=address(f"/pesanan/{order.token}/keluhan/{case.id}"), case=case, entry=entry,
            name=order.customer_name, said=said,
        )  # fmt: skip


def _to_staff(case: ComplaintCase, entry: CaseEntry, reader: Party) -> None:
    """To those who can act. The parcel's code and the reference are all that it says."""
    people = select(User.email).where(User.is_enabled)
    if reader is Party.OFFICE:
        people, room = people.filter_by(role=Role.REGIONAL), "/kanwil/keluhan"
    else:
        people = people.join(Membership, Membership.user_id == User.id)
        people, room = people.where(Membership.facility_id == case.facility_id), "/petugas/keluhan"
    readers = list(db.session.scalars(people.order_by(User.id)))
    with speaking(SOURCE):
        subject = str(_subject(STAFF_SUBJECTS, entry)) % {"reference": case.reference}
        words: dict[str, Any] = {
            "headline": subject,
            "link": address(f"{room}/{case.id}"),
            "reference": case.reference,
            "code": case.parcel.code,
        }
        for email in readers:
            post(email, subject, "complaint_case_staff", **words)


def _subject(subjects: dict[CaseStatus, str], entry: CaseEntry, news: str = NEWS) -> str:
    return subjects[CaseStatus(entry.to_status)] if entry.to_status in subjects else news
