"""Permits that end: people are warned half a year, three months and a month before, and when it is over.

Each warning is written once; a permit written down late gets only the one that is due. The letters go to the
facility's people and to the office; *Hari ini* of both counts the same permits (`catalog.queries.permits`).
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from storefront.accounts.models import Role, User
from storefront.catalog.models import FoodLicence, LicenceKind, Product, ProductStatus
from storefront.core import clock
from storefront.core.db import db, for_update
from storefront.core.language import SOURCE, lazy, speaking
from storefront.core.letters import address, post
from storefront.core.outbox import enqueue, handler
from storefront.core.transactions import transaction
from storefront.facilities.models import Membership

STEPS = (180, 90, 30)
"""Days before the end at which somebody is told; 0 stands for the day after it."""
OVER = 0
READERS = ("facility", "office")
KINDS = {
    LicenceKind.PIRT: lazy("Izin P-IRT"),
    LicenceKind.MD: lazy("Izin BPOM MD"),
    LicenceKind.HALAL: lazy("Sertifikat halal"),
}
SUBJECTS = {
    False: lazy("%(permit)s untuk %(title)s berakhir %(days)s hari lagi"),
    True: lazy("%(permit)s untuk %(title)s sudah berakhir"),
}


def step_of(end: date, today: date) -> int | None:
    """Which warning is due: the smallest step not yet passed, OVER after the end, None while it is far."""
    left = (end - today).days
    if left < 0:
        return OVER
    return min((step for step in STEPS if left <= step), default=None)


def tell_ending(limit: int = 200) -> int:
    """Ask for the letters that are due, each once; returns for how many permits. Several may run at once."""
    today = clock.today()
    due = (
        select(FoodLicence.id)
        .join(FoodLicence.product)
        .where(
            Product.status != ProductStatus.ARCHIVED,
            FoodLicence.valid_until <= today + timedelta(days=max(STEPS)),
            or_(FoodLicence.told_days.is_(None), FoodLicence.told_days > OVER),
        )
        .order_by(FoodLicence.valid_until, FoodLicence.id)
    )
    ids = db.session.scalars(due).all()
    db.session.rollback()
    told = 0
    for licence_id in ids:
        told += _tell(licence_id, today)
        if told >= limit:
            break
    return told


def _tell(licence_id: int, today: date) -> bool:
    with transaction():
        licence = db.session.scalar(for_update(select(FoodLicence).where(FoodLicence.id == licence_id)))
        if licence is None or licence.valid_until is None:
            return False
        step = step_of(licence.valid_until, today)
        if step is None or (licence.told_days is not None and licence.told_days <= step):
            return False
        licence.told_days = step
        if _has_later(licence):
            return False  # it was renewed: nothing ends
        for reader in READERS:
            payload = {"licence_id": licence.id, "step": step, "reader": reader}
            enqueue("licence.ending", payload, key=f"licence.ending:{licence.id}:{step}:{reader}")
    return True


def _has_later(licence: FoodLicence) -> bool:
    """Does the product have another permit of the same kind that holds for longer?"""
    end = licence.last_day
    return any(
        other.kind is licence.kind and (other.last_day is None or (end is not None and other.last_day > end))
        for other in licence.product.licences
        if other.id != licence.id
    )


@handler("licence.ending")
def send_letter(payload: dict[str, Any]) -> None:
    """Tell one kind of reader of a permit that ends. Raises when mail is away."""
    licence = db.session.get(FoodLicence, payload["licence_id"])
    if licence is None:
        return
    product, is_over = licence.product, payload["step"] == OVER
    people = select(User.email).where(User.is_enabled)
    if payload["reader"] == "office":
        people, link = people.filter_by(role=Role.REGIONAL), f"/kanwil/kurasi/{product.id}"
    else:
        people = people.join(Membership, Membership.user_id == User.id)
        people = people.where(Membership.facility_id == product.facility_id)
        link = f"/petugas/produk/{product.id}"
    readers = list(db.session.scalars(people.order_by(User.id)))
    with speaking(SOURCE):
        days = (licence.last_day - clock.today()).days if licence.last_day else 0
        said = {"permit": str(KINDS[licence.kind]), "title": product.title, "days": days}
        words = {
            "number": licence.number, "end": licence.last_day, "facility": product.facility.name,
            "is_over": is_over,
            "is_off": product.status is ProductStatus.PUBLISHED and not product.is_on_sale,
        } | said  # fmt: skip
        subject = str(SUBJECTS[is_over]) % said
        for email in readers:
            post(email, subject, "licence_ending", link=address(link), **words)
