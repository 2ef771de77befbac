"""People of the back office: invited, placed, and gone at once. An open facility keeps a head.

A head may do the first and the last for staff of the own facility, never for another head, and never sees a
link with which somebody else's password is chosen: whoever had it could act in that person's name.

Everybody locks in one order: facilities by id, then the person. So two who are about the same person, or
about two who change places, never wait for each other.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import Role, User
from storefront.accounts.services import (
    create_link,
    create_user,
    disable_user,
    enable_user,
    end_session,
    end_sessions,
    send_link,
)
from storefront.core import auditlog, clock
from storefront.core.db import db, found, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, _n
from storefront.core.models import AuditEntry
from storefront.core.transactions import hold, transaction
from storefront.facilities.models import Facility, Membership

FACILITY_ROLES = frozenset({Role.FACILITY_STAFF, Role.FACILITY_HEAD})
MOST_INVITED = 20
"""Open invitations of one facility: more is a slip, or somebody who sends letters in our name."""


def invite(
    email: str, *, name: str, role: Role, facility_id: int | None = None, by_id: int | None = None
) -> tuple[int, str]:
    """Make an account and a link to choose its password; returns (user id, the link's token).

    A letter with another link goes out as well. Raises Invalid: see `add_person`.
    """
    with transaction():
        user_id, token = add_person(email, name=name, role=role, facility_id=facility_id, by_id=by_id)
        send_link(user_id)
    return user_id, token


def add_person(
    email: str,
    *,
    name: str,
    role: Role,
    facility_id: int | None = None,
    password: str | None = None,
    by_id: int | None = None,
) -> tuple[int, str]:
    """Make an account; returns its id and, without a password, the token of a link to choose one.

    Raises Invalid: see `create_user`; a role inside a facility needs one, and the others have none.
    """
    with transaction():  # only commands give a password: they may hold the lock while it is hashed
        _hold([] if facility_id is None else [facility_id])
        user = create_user(email, name=name, role=role, password=password)
        auditlog.write("user.added", "user", user.id, actor_id=by_id, facility_id=facility_id, role=role)
        place(user.id, facility_id, by_id=by_id)
        return user.id, create_link(user.id) if password is None else ""


def renew_link(user_id: int, *, by_id: int | None = None) -> str:
    """A new link for somebody who forgot the password: its token; a letter goes out as well."""
    with transaction():
        token = create_link(user_id)
        send_link(user_id)
        auditlog.write("user.link_renewed", "user", user_id, actor_id=by_id)
        return token


def place(user_id: int, facility_id: int | None, *, by_id: int | None = None) -> None:
    """Put a member of staff into this facility and out of any other.

    Raises Invalid, NotFound, or DomainError (the facility left behind would have no head).
    """
    with transaction():
        if (found(User, user_id).role in FACILITY_ROLES) != (facility_id is not None):
            words = (
                _("Pilih Lapas tempat orang ini bertugas.")
                if facility_id is None
                else _("Peran ini tanpa Lapas.")
            )
            raise Invalid({"facility_id": words})
        _keep_a_head(user_id, unless_in=facility_id)
        locked(User, user_id)
        db.session.execute(
            delete(Membership).where(Membership.user_id == user_id, Membership.facility_id != facility_id)
        )
        if facility_id is None:
            return
        if not db.session.scalar(select(exists().where(Membership.user_id == user_id))):
            db.session.add(Membership(user_id=user_id, facility_id=facility_id, created_at=clock.now()))
            auditlog.write("user.placed", "user", user_id, actor_id=by_id, facility_id=facility_id)


def change_role(user_id: int, role: Role, *, by_id: int | None = None) -> None:
    """Make a member of staff the head, or a head a member of staff; they sign in anew.

    Raises Invalid (not a role inside a facility, or not the person's kind), DomainError (the last head).
    """
    with transaction():
        before = found(User, user_id).role
        if role not in FACILITY_ROLES or before not in FACILITY_ROLES:
            raise Invalid({"role": _("Peran ini hanya untuk orang di dalam Lapas.")})
        if before is role:
            return
        if role is Role.FACILITY_STAFF:
            _keep_a_head(user_id)
        locked(User, user_id).role = role
        end_sessions(user_id)
        auditlog.write("user.role_changed", "user", user_id, actor_id=by_id, role=[before, role])


def close_account(user_id: int, *, by_id: int) -> None:
    """Close an account: sessions and links end at once. Raises DomainError, also for the last head."""
    with transaction():
        _keep_a_head(user_id)
        disable_user(user_id, by_id=by_id)


def withdraw(user_id: int, *, by_id: int) -> None:
    """Forget anybody's invitation that was not taken up, a head's too: that frees the address.

    Raises NotFound, or DomainError (the person has chosen a password, or is the last head).
    """
    used = _("Undangan ini sudah dipakai. Nonaktifkan akunnya bila perlu.")
    try:
        with transaction():
            _keep_a_head(user_id)
            user = locked(User, user_id)
            if user.password_hash is not None:
                raise DomainError(used)
            place = db.session.scalar(select(Membership.facility_id).filter_by(user_id=user_id))
            db.session.delete(user)
            db.session.flush()
            auditlog.write("user.withdrawn", "user", user_id, actor_id=by_id, facility_id=place)
    except IntegrityError as error:  # something names this account: it worked before
        raise DomainError(used) from error


def _keep_a_head(user_id: int, *, unless_in: int | None = None) -> None:
    """Inside a transaction: refuse what leaves an open facility without a head. Raises DomainError.

    Of two who take away the last two heads at once, the second waits for the facility's lock. An invited head
    counts: so an account in wrong hands is closed in a minute, right after its successor was invited.
    """
    places = set(db.session.scalars(select(Membership.facility_id).where(Membership.user_id == user_id)))
    for facility in _hold(places if unless_in is None else places | {unless_in}):
        heads = set(
            db.session.scalars(
                select(User.id)
                .join(Membership, Membership.user_id == User.id)
                .where(Membership.facility_id == facility.id)
                .where(User.role == Role.FACILITY_HEAD, User.is_enabled)
            )
        )
        if facility.is_open and heads == {user_id} and facility.id != unless_in:
            raise DomainError(
                _("Ini kepala terakhir %(facility)s. Undang atau angkat kepala yang baru lebih dulu.",
                  facility=facility.name)
            )  # fmt: skip


def _hold(facility_ids: Iterable[int]) -> Sequence[Facility]:
    """Lock facilities, in the order of everybody. Raises NotFound when one is none."""
    wanted = sorted(facility_ids)
    mine = select(Facility).where(Facility.id.in_(wanted)).order_by(Facility.id)
    rows = hold(Facility, mine) if wanted else []
    if len(rows) < len(wanted):
        raise NotFound
    return rows


# --- what a head does for the own staff -----------------------------------------------------------


def invite_staff(facility_id: int, email: str, *, name: str, by_id: int) -> int:
    """Invite somebody as staff of the head's own facility; only the letter holds the link. Returns the id.

    Raises Invalid (see `create_user`) and DomainError (too many invitations are open).
    """
    with transaction():
        _hold([facility_id])
        waiting = db.session.scalar(
            select(func.count(User.id))
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.facility_id == facility_id, User.role == Role.FACILITY_STAFF)
            .where(User.is_enabled, User.password_hash.is_(None))
        )
        if (waiting or 0) >= MOST_INVITED:
            raise DomainError(
                _n("Masih ada %(n)s undangan yang belum dijawab. Batalkan yang tidak perlu.", waiting or 0)
            )
        role = Role.FACILITY_STAFF
        user_id, _token = invite(email, name=name, role=role, facility_id=facility_id, by_id=by_id)
        return user_id


def renew_staff_link(facility_id: int, user_id: int, *, by_id: int) -> None:
    """Have a letter with a new link sent. Raises NotFound for anybody but the own staff, DomainError."""
    with transaction():
        _own_staff(facility_id, user_id)
        renew_link(user_id, by_id=by_id)


def withdraw_invitation(facility_id: int, user_id: int, *, by_id: int) -> None:
    """Forget an invitation that was not taken up: its letter opens nothing, its address is free again.

    Raises NotFound, or DomainError when the person has chosen a password meanwhile.
    """
    with transaction():
        _hold([facility_id])
        _own_staff(facility_id, user_id)
        withdraw(user_id, by_id=by_id)


def close_staff(facility_id: int, user_id: int, *, by_id: int) -> None:
    """Somebody of the own staff leaves: sessions and links end at once. Raises NotFound."""
    with transaction():
        _own_staff(facility_id, user_id)
        disable_user(user_id, by_id=by_id)


def reopen_staff(facility_id: int, user_id: int, *, by_id: int) -> None:
    """Let somebody of the own staff in again. Raises NotFound, DomainError (the office closed it)."""
    with transaction():
        _own_staff(facility_id, user_id)
        if _closed_by_office(user_id):
            raise DomainError(_("Akun ini dinonaktifkan Kanwil. Hanya Kanwil yang dapat mengaktifkannya."))
        enable_user(user_id, by_id=by_id)


def sign_out_staff(facility_id: int, user_id: int, *, by_id: int) -> None:
    """Sign somebody of the own staff out everywhere. Raises NotFound."""
    with transaction():
        _own_staff(facility_id, user_id)
        end_sessions(user_id, by_id=by_id)


def end_staff_session(facility_id: int, user_id: int, session_id: int, *, by_id: int) -> None:
    """Sign somebody of the own staff out in one browser. Raises NotFound."""
    with transaction():
        _own_staff(facility_id, user_id)
        end_session(user_id, session_id, by_id=by_id)


def _closed_by_office(user_id: int) -> bool:
    """Was it somebody of the office who closed this account last?"""
    closed = select(AuditEntry.actor_id).filter_by(
        action="user.disabled", subject="user", subject_id=str(user_id)
    )
    actor_id = db.session.scalar(closed.order_by(AuditEntry.number.desc()).limit(1))
    actor = db.session.get(User, actor_id) if actor_id is not None else None
    return actor is not None and actor.role is Role.REGIONAL


def _own_staff(facility_id: int, user_id: int) -> User:
    """A member of staff of this facility, locked; a head is none. Raises NotFound."""
    user = locked(User, user_id)
    place = select(exists().where(Membership.user_id == user_id, Membership.facility_id == facility_id))
    if user.role is not Role.FACILITY_STAFF or not db.session.scalar(place):
        raise NotFound
    return user
