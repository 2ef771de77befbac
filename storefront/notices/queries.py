"""What pages show of announcements: what somebody has not read, what the office said and who read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import selectinload

from storefront.accounts.models import Role, User
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.facilities.models import Facility, Membership
from storefront.notices.models import LetterChoice, Notice, NoticePlace, NoticeRead

SIZE = 30


@dataclass(frozen=True)
class Said:
    """An announcement in the office's list: for how many people it is, and how many have read it."""

    notice: Notice
    people: int
    readers: int
    is_over: bool


@dataclass(frozen=True)
class Reader:
    """Somebody an announcement is for; `read_at` None: not yet."""

    name: str
    role: Role
    facility: str
    read_at: datetime | None


@dataclass(frozen=True)
class Heard:
    """An announcement as one person of a facility sees it."""

    notice: Notice
    read_at: datetime | None
    is_over: bool


def is_for(facility_id: int) -> ColumnElement[bool]:
    """Is an announcement for this facility?"""
    place = exists().where(NoticePlace.notice_id == Notice.id, NoticePlace.facility_id == facility_id)
    return or_(Notice.for_all, place)


def unread(user_id: int, facility_id: int) -> list[Notice]:
    """What somebody of a facility has not read and is not over, the newest first. One query."""
    read = exists().where(NoticeRead.notice_id == Notice.id, NoticeRead.user_id == user_id)
    return list(
        db.session.scalars(
            select(Notice)
            .where(
                is_for(facility_id), Notice.withdrawn_at.is_(None), Notice.last_day >= clock.today(), ~read
            )
            .order_by(Notice.id.desc())
        )
    )


def heard(user_id: int, facility_id: int) -> list[Heard]:
    """The latest announcements to a facility, over or not, and when this person read them. One query."""
    own = (NoticeRead.notice_id == Notice.id) & (NoticeRead.user_id == user_id)
    rows = db.session.execute(
        select(Notice, NoticeRead.at)
        .outerjoin(NoticeRead, own)
        .where(is_for(facility_id), Notice.withdrawn_at.is_(None))
        .order_by(Notice.id.desc())
        .limit(SIZE)
    )
    today = clock.today()
    return [Heard(notice, at, notice.last_day < today) for notice, at in rows]


def said(offset: int = 0) -> tuple[list[Said], int]:
    """A page of what the office said, the newest first, and how much there is. Four queries."""
    notices = db.session.scalars(
        select(Notice)
        .options(selectinload(Notice.places))
        .order_by(Notice.id.desc())
        .offset(offset)
        .limit(SIZE)
    ).all()
    total = db.session.scalar(select(func.count(Notice.id))) or 0
    ids, today = [notice.id for notice in notices], clock.today()
    people = dict(db.session.execute(_people(func.count(User.id), ids).group_by(Notice.id)).all())
    readers = dict(db.session.execute(_people(func.count(NoticeRead.at), ids).group_by(Notice.id)).all())
    return [
        Said(one, people.get(one.id, 0), readers.get(one.id, 0), one.last_day < today) for one in notices
    ], total


def notice(notice_id: int) -> Notice:
    """One announcement with its facilities and who wrote it. Raises NotFound."""
    found = db.session.scalar(
        select(Notice)
        .options(selectinload(Notice.places), selectinload(Notice.created_by))
        .where(Notice.id == notice_id)
    )
    if found is None:
        raise NotFound
    return found


def is_over(notice: Notice) -> bool:
    """Has its last day passed?"""
    return notice.last_day < clock.today()


def readers(notice_id: int) -> list[Reader]:
    """Everybody an announcement is for, by facility and name; who has not read it first."""
    rows = db.session.execute(
        _people(User.name, [notice_id])
        .add_columns(User.role, Facility.name, NoticeRead.at)
        .join(Facility, Facility.id == Membership.facility_id)
        .order_by(NoticeRead.at.is_not(None), Facility.name, User.name, User.id)
    )
    return [Reader(row[1], row[2], row[3], row[4]) for row in rows]


def readers_of(notice_id: int) -> list[int]:
    """The ids of everybody an announcement is for."""
    rows = db.session.execute(_people(User.id, [notice_id]).order_by(User.id))
    return [row[1] for row in rows]


def heads_and(user_id: int, facility_id: int) -> list[int]:
    """The ids of the heads of a facility, and of one more of its people, who can sign in."""
    wanted = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.facility_id == facility_id,
            or_(User.role == Role.FACILITY_HEAD, User.id == user_id),
            User.is_enabled,
            User.password_hash.is_not(None),
        )
    )
    return list(db.session.scalars(wanted.order_by(User.id)))


def _people(what: Any, notice_ids: list[int]) -> Any:
    """Of these announcements, with their ids first: something of the people they are for."""
    own = (NoticeRead.notice_id == Notice.id) & (NoticeRead.user_id == User.id)
    place = exists().where(
        NoticePlace.notice_id == Notice.id, NoticePlace.facility_id == Membership.facility_id
    )
    return (
        select(Notice.id, what)
        .select_from(Notice)
        .join(Membership, or_(Notice.for_all, place))
        .join(User, User.id == Membership.user_id)
        .outerjoin(NoticeRead, own)
        .where(Notice.id.in_(notice_ids), User.is_enabled, User.password_hash.is_not(None))
    )


def choice_of(user_id: int) -> LetterChoice:
    """Which letters a member of staff wants; what nobody chose is all of them, in Indonesian."""
    kept = db.session.get(LetterChoice, user_id)
    return kept or LetterChoice(user_id=user_id, is_weekly=True, language="id")
