"""What pages show of facilities, their people, and the account that money goes to."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from storefront.accounts.models import Role, SecondFactor, User, UserSession
from storefront.core.boxes import Box
from storefront.core.db import count_of, db
from storefront.core.errors import NotFound
from storefront.core.language import lazy
from storefront.core.taxes import TaxProfile
from storefront.facilities.models import (
    AccountOwner,
    AccountStatus,
    Facility,
    FacilityKind,
    Membership,
    MerchantAccount,
    Packaging,
    PageChange,
    PageChangeStatus,
    Workshop,
)
from storefront.web.pagination import Page, paged

PACKAGINGS = 20
"""Of them on a page."""
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
OWNER_NAMES = {AccountOwner.KOPERASI: lazy("Koperasi"), AccountOwner.SATKER: lazy("Satuan kerja")}
TAX_NAMES = {
    TaxProfile.NONE: lazy("Tidak memungut PPN"),
    TaxProfile.PPN_EFFECTIVE_11: lazy("Termasuk PPN (efektif 11%)"),
}
ACCOUNT_WORDS = {
    AccountStatus.STANDING: lazy("Berlaku"),
    AccountStatus.PROPOSED: lazy("Menunggu persetujuan"),
    AccountStatus.APPROVED: lazy("Disetujui"),
    AccountStatus.DECLINED: lazy("Ditolak"),
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
    """Somebody with an account. `has_password` is False until an invitation is taken up.

    `has_factor`: signs in with a code of an authenticator as well.
    """

    id: int
    name: str
    email: str
    role: str
    facility: str
    facility_id: int | None
    is_enabled: bool
    has_password: bool
    has_factor: bool
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


def people_of(facility_id: int) -> list[PersonRow]:
    """Everybody of one facility, those who may come in first. One query."""
    return _person_rows(Membership.facility_id == facility_id, limit=500)


def person_of(facility_id: int, user_id: int) -> PersonRow:
    """One person of a facility. Raises NotFound for anybody else's."""
    rows = _person_rows(Membership.facility_id == facility_id, User.id == user_id)
    if not rows:
        raise NotFound
    return rows[0]


def _person_rows(*conditions: ColumnElement[bool], offset: int = 0, limit: int = 1) -> list[PersonRow]:
    seen = (
        select(func.max(UserSession.last_seen_at))
        .where(UserSession.user_id == User.id, UserSession.is_complete)
        .correlate(User)
        .scalar_subquery()
    )
    factor = exists().where(SecondFactor.user_id == User.id).correlate(User).label("factor")
    statement = (
        select(User, Facility.id, Facility.name, seen, factor)
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
            has_factor=has_factor,
            last_seen_at=last_seen_at,
        )
        for user, facility_id, facility, last_seen_at, has_factor in db.session.execute(statement)
    ]


# --- the account that money goes to ---------------------------------------------------------------


IN_FORCE = (AccountStatus.STANDING, AccountStatus.APPROVED)
"""Accounts that money may go to, on their days."""


def office_account(day: date) -> MerchantAccount | None:
    """The office's bank account that receives money on this WIB day."""
    return _account(MerchantAccount.facility_id.is_(None), day)


def account_for(facility_ids: AbstractSet[int], day: date, *, qris: bool = False) -> MerchantAccount | None:
    """The account that takes the money of goods of these facilities on this WIB day.

    The facility's own when all of it is one facility's, and the office's otherwise: a buyer pays once. With
    `qris` only accounts that have a QRIS code count.
    """
    coded = (MerchantAccount.qris_payload != "",) if qris else ()
    if len(facility_ids) == 1:
        own = _account(MerchantAccount.facility_id == next(iter(facility_ids)), day, *coded)
        if own is not None:
            return own
    return _account(MerchantAccount.facility_id.is_(None), day, *coded)


def _account(whose: ColumnElement[bool], day: date, *more: ColumnElement[bool]) -> MerchantAccount | None:
    return db.session.scalar(
        select(MerchantAccount)
        .where(
            whose,
            *more,
            MerchantAccount.status.in_(IN_FORCE),
            MerchantAccount.valid_from <= day,
            or_(MerchantAccount.valid_until.is_(None), MerchantAccount.valid_until >= day),
        )
        .order_by(MerchantAccount.valid_from.desc(), MerchantAccount.id.desc())
        .limit(1)
    )


def sellers_of(facility_ids: AbstractSet[int], day: date) -> dict[int | None, MerchantAccount]:
    """The accounts in force on this WIB day of these facilities, and of the office under None. One query.

    Goods of a facility without an account of its own are the office's to sell.
    """
    rows = db.session.scalars(
        select(MerchantAccount)
        .where(
            or_(MerchantAccount.facility_id.is_(None), MerchantAccount.facility_id.in_(facility_ids)),
            MerchantAccount.status.in_(IN_FORCE),
            MerchantAccount.valid_from <= day,
            or_(MerchantAccount.valid_until.is_(None), MerchantAccount.valid_until >= day),
        )
        .order_by(MerchantAccount.valid_from, MerchantAccount.id)
    )
    return {account.facility_id: account for account in rows}  # of two that overlap the newer one


def tax_of(facility_id: int | None, day: date) -> TaxProfile:
    """What the account of a facility (None: of the office) says of its owner's prices on this WIB day."""
    account = sellers_of({facility_id} if facility_id else set(), day).get(facility_id)
    return account.tax if account else TaxProfile.NONE


def account_history(facility_id: int | None) -> Sequence[MerchantAccount]:
    """All accounts of a facility (None: of the office), agreed or not, the newest first. One query."""
    return db.session.scalars(
        select(MerchantAccount)
        .options(joinedload(MerchantAccount.created_by), joinedload(MerchantAccount.decided_by))
        .filter_by(facility_id=facility_id)
        .order_by(MerchantAccount.valid_from.desc(), MerchantAccount.id.desc())
    ).all()


def is_in_force(account: MerchantAccount, day: date) -> bool:
    """Does money go to this account on this WIB day?"""
    ends = account.valid_until
    return account.status in IN_FORCE and account.valid_from <= day and (ends is None or ends >= day)


def proposed_accounts() -> Sequence[MerchantAccount]:
    """The accounts that wait for a second person, the oldest first."""
    return db.session.scalars(
        select(MerchantAccount)
        .options(joinedload(MerchantAccount.created_by), joinedload(MerchantAccount.facility))
        .filter_by(status=AccountStatus.PROPOSED)
        .order_by(MerchantAccount.id)
    ).all()


def facilities_with_accounts(day: date) -> list[tuple[Facility, MerchantAccount | None]]:
    """Every facility with its own account in force on this WIB day, if it has one. Two queries."""
    mine = {
        account.facility_id: account
        for account in db.session.scalars(
            select(MerchantAccount)
            .where(
                MerchantAccount.facility_id.is_not(None),
                MerchantAccount.status.in_(IN_FORCE),
                MerchantAccount.valid_from <= day,
                or_(MerchantAccount.valid_until.is_(None), MerchantAccount.valid_until >= day),
            )
            .order_by(MerchantAccount.valid_from, MerchantAccount.id)
        )
    }
    facilities = db.session.scalars(select(Facility).order_by(Facility.name))
    return [(facility, mine.get(facility.id)) for facility in facilities]


# --- what a facility says and packs in ------------------------------------------------------------


def boxes_of(facility_ids: AbstractSet[int]) -> dict[int, list[Box]]:
    """The boxes that facilities pack in now, by facility. One query."""
    rows = db.session.execute(
        select(
            Packaging.facility_id, Packaging.name, Packaging.length_cm, Packaging.width_cm,
            Packaging.height_cm, Packaging.weight,
        ).where(Packaging.facility_id.in_(facility_ids), Packaging.is_active)
    )  # fmt: skip
    boxes: dict[int, list[Box]] = {}
    for row in rows:
        boxes.setdefault(row.facility_id, []).append(
            Box(row.name, row.length_cm, row.width_cm, row.height_cm, row.weight)
        )
    return boxes


def packagings(facility_id: int, page: int = 1) -> Page:
    """The sizes of a facility, the smallest first; those that are put aside last."""
    volume = Packaging.length_cm * Packaging.width_cm * Packaging.height_cm
    wanted = select(Packaging).filter_by(facility_id=facility_id)
    return paged(wanted.order_by(Packaging.is_active.desc(), volume, Packaging.id), page, PACKAGINGS)


def packaging_of(facility_id: int, packaging_id: int) -> Packaging:
    """One size of a facility. Raises NotFound for anybody else's."""
    row = db.session.scalar(select(Packaging).filter_by(id=packaging_id, facility_id=facility_id))
    if row is None:
        raise NotFound
    return row


def packagings_in_use(facility_id: int) -> int:
    """How many sizes a facility packs in."""
    return count_of(select(Packaging.id).filter_by(facility_id=facility_id, is_active=True))


def waiting_pages() -> Sequence[PageChange]:
    """What facilities want to say in public and the office has not looked at yet, the oldest first."""
    return db.session.scalars(
        select(PageChange)
        .filter_by(status=PageChangeStatus.WAITING)
        .options(joinedload(PageChange.facility), joinedload(PageChange.created_by))
        .order_by(PageChange.created_at, PageChange.id)
    ).all()


def last_page_change(facility_id: int) -> PageChange | None:
    """The newest change of a facility's page, whatever became of it."""
    wanted = select(PageChange).filter_by(facility_id=facility_id).order_by(PageChange.id.desc()).limit(1)
    return db.session.scalar(wanted)


def waiting_page_count() -> int:
    """How many of those wait."""
    waiting = select(func.count(PageChange.id)).filter_by(status=PageChangeStatus.WAITING)
    return db.session.scalar(waiting) or 0
