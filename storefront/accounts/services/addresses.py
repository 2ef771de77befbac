"""The address book: only what a buyer asked us to keep, and only for that buyer."""

from dataclasses import asdict, dataclass

from sqlalchemy import Select, func, select, update

from storefront.accounts.models import Address, User
from storefront.core import clock
from storefront.core.db import db, for_update, locked
from storefront.core.errors import DomainError, NotFound
from storefront.core.language import _
from storefront.core.transactions import transaction

MOST = 20


@dataclass(frozen=True)
class Place:
    """Where parcels go and who takes them."""

    recipient: str
    phone: str
    district_code: str
    district_label: str
    street: str
    village: str = ""
    postal_code: str = ""
    landmark: str = ""
    label: str = ""


def save_address(user_id: int, place: Place, *, address_id: int | None = None, default: bool = False) -> int:
    """Keep an address, or change one of the person's own; returns its id. The first is the default.

    Raises NotFound (somebody else's) and DomainError (the book is full).
    """
    with transaction():
        locked(User, user_id)
        count = db.session.scalar(select(func.count(Address.id)).filter_by(user_id=user_id)) or 0
        if address_id is not None:
            row = _own(user_id, address_id)
        elif count >= MOST:
            raise DomainError(_("Buku alamat memuat paling banyak %(n)s alamat.", n=MOST))
        else:
            row = Address(user_id=user_id, created_at=clock.now(), is_default=count == 0)
            db.session.add(row)
        for name, value in asdict(place).items():
            setattr(row, name, value)
        db.session.flush()
        if default:
            _make_default(user_id, row.id)
        return row.id


def remember_address(user_id: int, place: Place) -> None:
    """Keep an address from the checkout, unless the book has it or is full."""
    with transaction():
        same = select(Address.id).filter_by(
            user_id=user_id, district_code=place.district_code, street=place.street, recipient=place.recipient
        )
        count = db.session.scalar(select(func.count(Address.id)).filter_by(user_id=user_id)) or 0
        if db.session.scalar(same.limit(1)) is None and count < MOST:
            save_address(user_id, place)


def set_default(user_id: int, address_id: int) -> None:
    """Offer this address first. Raises NotFound."""
    with transaction():
        _own(user_id, address_id)
        _make_default(user_id, address_id)


def delete_address(user_id: int, address_id: int) -> None:
    """Forget an address; the oldest one left becomes the default. Raises NotFound."""
    with transaction():
        row = _own(user_id, address_id)
        was_default = row.is_default
        db.session.delete(row)
        db.session.flush()
        left = db.session.scalar(_of(user_id).order_by(Address.id).limit(1))
        if was_default and left is not None:
            left.is_default = True


def _make_default(user_id: int, address_id: int) -> None:
    db.session.execute(
        update(Address).where(Address.user_id == user_id).values(is_default=Address.id == address_id)
    )


def _of(user_id: int) -> Select[Address]:
    return select(Address).filter_by(user_id=user_id)


def _own(user_id: int, address_id: int) -> Address:
    row = db.session.scalar(for_update(_of(user_id).filter_by(id=address_id)))
    if row is None:
        raise NotFound
    return row
