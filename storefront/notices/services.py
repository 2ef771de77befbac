"""What the office tells its facilities: announcements, each read or taken back; what it said of their pages;
and which letters a person wants."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import User
from storefront.core import auditlog, clock, outbox
from storefront.core.db import db, found, insert_once, locked
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import LANGUAGES, _, speaking
from storefront.core.letters import address, post
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility, Membership, PageChange, PageChangeStatus
from storefront.facilities.services.pages import DECIDED
from storefront.notices.models import LetterChoice, Notice, NoticePlace, NoticeRead
from storefront.notices.queries import choice_of, heads_and, is_for, readers_of

LETTER = "notice.letter"
FARTHEST = 366
"""Days ahead that an announcement may stay."""


@dataclass(frozen=True, kw_only=True)
class NoticeDetails:
    """What is said until the end of `last_day` (WIB); `facility_ids` None for every facility."""

    title: str
    body: str
    last_day: date
    facility_ids: list[int] | None = None


def publish_notice(details: NoticeDetails, *, once: str, by_id: int | None = None) -> int:
    """Say it to the facilities, on the screen and by one letter to each of their people; returns its id.

    A second time under one `once` says nothing anew. Raises Invalid (see `_wrong`).
    """
    if errors := _wrong(details, once):
        raise Invalid(errors)
    try:
        with transaction():
            notice_id = _said(once) or _say(details, once, by_id)
    except IntegrityError:  # the same form, sent at this very moment
        known = _said(once)
        if known is None:
            raise
        return known
    return notice_id


def _said(once: str) -> int | None:
    return db.session.scalar(select(Notice.id).filter_by(once=once))


def _say(details: NoticeDetails, once: str, by_id: int | None) -> int:
    places = sorted(set(details.facility_ids or ()))
    notice = Notice(
        once=once, title=details.title.strip(), body=details.body.strip(), last_day=details.last_day,
        for_all=details.facility_ids is None, created_at=clock.now(), created_by_id=by_id,
    )  # fmt: skip
    db.session.add(notice)
    db.session.flush()
    db.session.add_all(NoticePlace(notice_id=notice.id, facility_id=place) for place in places)
    auditlog.write("notice.published", "notice", notice.id, actor_id=by_id, facilities=places)
    outbox.enqueue(LETTER, {"notice_id": notice.id}, key=_key(notice.id, "all"))
    return notice.id


def _wrong(details: NoticeDetails, once: str) -> dict[str, str]:
    errors = {}
    today, ids = clock.today(), set(details.facility_ids or ())
    if not details.title.strip() or not details.body.strip():
        errors["body"] = _("Tulis judul dan isinya.")
    if details.last_day < today:
        errors["last_day"] = _("Hari terakhirnya sudah lewat.")
    elif details.last_day > today + timedelta(days=FARTHEST):
        errors["last_day"] = _("Paling lama satu tahun.")
    if details.facility_ids is not None:
        there = set(db.session.scalars(select(Facility.id).where(Facility.id.in_(ids)))) if ids else set()
        if not ids or there != ids:
            errors["facilities"] = _("Pilih sedikitnya satu Lapas.")
    if not once or len(once) > 64:
        errors["once"] = _("Buka halaman ini sekali lagi.")
    return errors


def withdraw_notice(notice_id: int, *, by_id: int) -> None:
    """Take it back: it stands nowhere any more, and letters that have not left do not leave.

    A second call changes nothing. Raises NotFound.
    """
    with transaction():
        notice = locked(Notice, notice_id)
        if notice.withdrawn_at is not None:
            return
        notice.withdrawn_at, notice.withdrawn_by_id = clock.now(), by_id
        auditlog.write("notice.withdrawn", "notice", notice_id, actor_id=by_id)


def mark_read(notice_id: int, user_id: int, facility_id: int) -> None:
    """Somebody of this facility has read it. Again changes nothing. Raises NotFound if it is not theirs."""
    with transaction():
        addressed = select(Notice.id).where(Notice.id == notice_id, Notice.withdrawn_at.is_(None))
        if db.session.scalar(addressed.where(is_for(facility_id))) is None:
            raise NotFound(_("Pengumuman ini sudah ditarik."))
        insert_once(NoticeRead, notice_id=notice_id, user_id=user_id, at=clock.now())


def choose_letters(user_id: int, *, is_weekly: bool, language: str) -> None:
    """Which letters a member of staff wants, in which language. Raises Invalid on field `language`."""
    if language not in LANGUAGES:
        raise Invalid({"language": _("Pilih bahasanya.")})
    with transaction():
        locked(User, user_id)
        db.session.execute(delete(LetterChoice).filter_by(user_id=user_id))
        db.session.add(LetterChoice(user_id=user_id, is_weekly=is_weekly, language=language))


# --- letters ------------------------------------------------------------------------------------------


@outbox.handler(LETTER)
def send_letters(payload: dict[str, Any]) -> None:
    """Ask for one letter a person; or, with a person, send it. Nothing of what was taken back or is over."""
    notice = db.session.get(Notice, payload["notice_id"])
    if notice is None or notice.withdrawn_at is not None or notice.last_day < clock.today():
        return
    if "user_id" in payload:
        _send(notice, payload["user_id"])
        return
    notice_id = notice.id
    with transaction():
        for user_id in readers_of(notice_id):
            outbox.enqueue(
                LETTER, {"notice_id": notice_id, "user_id": user_id}, key=_key(notice_id, str(user_id))
            )


def _send(notice: Notice, user_id: int) -> None:
    """To whoever still works there."""
    user = found(User, user_id)
    place = db.session.scalar(select(Membership.facility_id).filter_by(user_id=user_id))
    if not user.is_enabled or place is None:
        return
    with speaking(choice_of(user_id).language):
        post(
            user.email, _("Pengumuman Kanwil: %(title)s", title=notice.title), "notice",
            link=address("/petugas"), name=user.name, title=notice.title, body=notice.body,
            last_day=notice.last_day,
        )  # fmt: skip


@outbox.handler(DECIDED)
def send_verdicts(payload: dict[str, Any]) -> None:
    """What the office said of a facility's page: one letter to each of its heads and to who wrote it.

    Whoever left the facility meanwhile hears nothing of it.
    """
    change = found(PageChange, payload["change_id"])
    if "user_id" in payload:
        _send_verdict(change, payload["user_id"])
        return
    change_id, heads = change.id, heads_and(change.created_by_id, change.facility_id)
    with transaction():
        for user_id in heads:
            outbox.enqueue(
                DECIDED, {"change_id": change_id, "user_id": user_id}, key=f"{DECIDED}:{change_id}:{user_id}"
            )


def _send_verdict(change: PageChange, user_id: int) -> None:
    user = found(User, user_id)
    if user_id not in heads_and(change.created_by_id, change.facility_id):
        return
    is_approved = change.status is PageChangeStatus.APPROVED
    with speaking(choice_of(user_id).language):
        subject = (
            _("Halaman %(place)s disetujui", place=change.facility.name)
            if is_approved
            else _("Halaman %(place)s perlu diperbaiki", place=change.facility.name)
        )
        post(
            user.email, subject, "page_decided", name=user.name, place=change.facility.name,
            link=address(f"/lapas/{change.facility.slug}" if is_approved else "/petugas/pengaturan/halaman"),
            is_approved=is_approved, comment=change.comment,
        )  # fmt: skip


def _key(notice_id: int, whose: str) -> str:
    return f"{LETTER}:{notice_id}:{whose}"
