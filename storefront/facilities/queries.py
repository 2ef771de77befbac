"""What pages show of facilities, their people, and the account that money goes to."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from storefront.accounts.models import Role, User, UserSession
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.language import lazy
from storefront.facilities.models import Facility, FacilityKind, Membership, MerchantAccount, Workshop

KIND_NAMES = {
    FacilityKind.LAPAS: lazy("Lapas"),
    FacilityKind.LAPAS_TERBUKA: lazy("Lapas Terbuka"),
    FacilityKind.RUTAN: lazy("Rutan"),
    FacilityKind.LPKA: lazy("LPKA"),
}
ROLE_NAMES = {
    Role.FACILITY_STAFF: lazy("Petugas Lapas"),
    Role.FACILITY_HEAD: lazy("Kepala Lapas"),
    Role.REGIONAL: lazy("Kanwil"),
    Role.PROMOTER: lazy("Pemprov"),
    Role.BUYER: lazy("Pembeli"),
}


# --- facilities -----------------------------------------------------------------------------------


def open_facilities() -> list[Facility]:
    """The facilities that the public sees, with workshops and cover, by town and name. Two queries."""
    statement = (
        select(Facility)
        .filter_by(is_open=True)
        .options(selectinload(Facility.workshops), selectinload(Facility.cover))
        .order_by(Facility.town, Facility.name)
    )
    return list(db.session.scalars(statement))


def open_facility(slug: str) -> Facility:
    """The public facility at this address. Raises NotFound."""
    facility = db.session.scalar(select(Facility).filter_by(slug=slug, is_open=True))
    if facility is None:
        raise NotFound
    return facility


def facility_of(user_id: int) -> Facility | None:
    """The facility that a member of staff belongs to."""
    return db.session.scalar(
        select(Facility)
        .join(Membership)
        .where(Membership.user_id == user_id)
        .order_by(Membership.id)
        .limit(1)
    )


def facility_options() -> list[tuple[int, str]]:
    """(id, name) of every facility, for choices."""
    rows = db.session.execute(select(Facility.id, Facility.name).order_by(Facility.name))
    return [(row.id, row.name) for row in rows]


@dataclass(frozen=True)
class FacilityRow:
    """A line of the office's list."""

    id: int
    code: str
    name: str
    kind: str
    town: str
    is_open: bool
    workshops: int
    people: int


def facility_rows() -> list[FacilityRow]:
    """All facilities with how many workshops and enabled people each has. One query."""
    workshops = (
        select(func.count()).where(Workshop.facility_id == Facility.id).correlate(Facility).scalar_subquery()
    )
    people = (
        select(func.count())
        .select_from(Membership)
        .join(User)
        .where(Membership.facility_id == Facility.id, User.is_enabled)
        .correlate(Facility)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Facility, workshops.label("workshops"), people.label("people")).order_by(Facility.name)
    )
    return [
        FacilityRow(
            facility.id,
            facility.code,
            facility.name,
            str(KIND_NAMES[facility.kind]),
            facility.town,
            facility.is_open,
            workshop_count,
            people_count,
        )
        for facility, workshop_count, people_count in rows
    ]


# --- people ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonRow:
    """Somebody with an account. `has_password` is False until an invitation is taken up."""

    id: int
    name: str
    email: str
    role: str
    facility: str
    facility_id: int | None
    is_enabled: bool
    has_password: bool
    last_seen_at: datetime | None


def people(
    *, search: str = "", role: str = "", offset: int = 0, limit: int = 50
) -> tuple[list[PersonRow], int]:
    """Accounts by name, and how many there are. `search` is in name or e-mail. Two queries."""
    conditions: list[ColumnElement[bool]] = []
    if search:
        like = "%" + search.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        conditions.append(
            or_(func.lower(User.name).like(like, escape="\\"), User.email.like(like, escape="\\"))
        )
    if role in set(Role):
        conditions.append(User.role == Role(role))
    total = db.session.scalar(select(func.count(User.id)).where(*conditions)) or 0
    return _person_rows(*conditions, offset=offset, limit=limit), total


def person(user_id: int) -> PersonRow:
    """One account. Raises NotFound."""
    rows = _person_rows(User.id == user_id)
    if not rows:
        raise NotFound
    return rows[0]


def _person_rows(*conditions: ColumnElement[bool], offset: int = 0, limit: int = 1) -> list[PersonRow]:
    seen = (
        select(func.max(UserSession.last_seen_at))
        .where(UserSession.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
    )
    statement = (
        select(User, Facility.id, Facility.name, seen)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Facility, Facility.id == Membership.facility_id)
        .where(*conditions)
        .order_by(User.is_enabled.desc(), func.lower(User.name), User.id)
        .offset(offset)
        .limit(limit)
    )
    return [
        PersonRow(
            id=user.id,
            name=user.name,
            email=user.email,
            role=user.role,
            facility=facility or "",
            facility_id=facility_id,
            is_enabled=user.is_enabled,
            has_password=user.password_hash is not None,
            last_seen_at=last_seen_at,
        )
        for user, facility_id, facility, last_seen_at in db.session.execute(statement)
    ]


# --- the account that money goes to ---------------------------------------------------------------


def office_account(day: date) -> MerchantAccount | None:
    """The office's bank account that receives transfers on this WIB day."""
    return db.session.scalar(
        select(MerchantAccount)
        .where(
            MerchantAccount.facility_id.is_(None),
            MerchantAccount.valid_from <= day,
            or_(MerchantAccount.valid_until.is_(None), MerchantAccount.valid_until >= day),
        )
        .order_by(MerchantAccount.valid_from.desc(), MerchantAccount.id.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class AccountRow:
    """One bank account in the office's history; `by` is who entered it."""

    id: int
    bank: str
    number: str
    holder: str
    valid_from: date
    valid_until: date | None
    by: str
    created_at: datetime


def office_accounts() -> list[AccountRow]:
    """The office's bank accounts, the newest first. One query."""
    rows = db.session.execute(
        select(MerchantAccount, User.name)
        .outerjoin(User, User.id == MerchantAccount.created_by_id)
        .where(MerchantAccount.facility_id.is_(None))
        .order_by(MerchantAccount.valid_from.desc(), MerchantAccount.id.desc())
    )
    return [
        AccountRow(
            account.id,
            account.bank,
            account.number,
            account.holder,
            account.valid_from,
            account.valid_until,
            by or "",
            account.created_at,
        )
        for account, by in rows
    ]
