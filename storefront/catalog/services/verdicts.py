"""What the regional office decided about a facility's products, told to its people by letter.

An office decides many things in one sitting: what falls into the same ten minutes is one letter, asked for
by the decision itself and therefore never sent for one that was rolled back. What nobody decided (a seed, a
command) is told to nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from storefront.accounts.models import Role, User
from storefront.catalog.models import (
    ChangeEvent,
    ChangeStep,
    CurationEvent,
    GateState,
    PhotoGate,
    Product,
    ProductChange,
    ProductPhoto,
    ProductStatus,
)
from storefront.core import clock
from storefront.core.db import db
from storefront.core.language import SOURCE, _, _n, lazy, speaking
from storefront.core.letters import address, post
from storefront.core.outbox import enqueue, handler
from storefront.facilities.models import Facility, Membership

LETTER = "curation.verdicts"
TOGETHER = timedelta(minutes=10)
LEAVE = timedelta(minutes=1)
"""How long after the ten minutes the letter goes: a decision's transaction is over by then."""

WORDS: dict[str, str] = {
    ProductStatus.PUBLISHED.value: lazy("Tayang di toko"),
    ProductStatus.RETURNED.value: lazy("Dikembalikan untuk diperbaiki"),
    f"change.{ChangeStep.APPROVED}": lazy("Perubahan disetujui, toko sudah menampilkannya"),
    f"change.{ChangeStep.RETURNED}": lazy("Perubahan dikembalikan untuk diperbaiki"),
    f"photo.{GateState.WITHDRAWN}": lazy("Foto diturunkan dari toko"),
    f"change.{ChangeStep.REQUESTED}": lazy("Kanwil meminta perubahan, produk tetap tayang"),
}
"""What is told, and how it is called."""


@dataclass(frozen=True)
class Verdict:
    """One decision about one product."""

    at: datetime
    product_id: int
    title: str
    words: str
    comment: str
    by_office: bool = True


def tell(facility_id: int, actor_id: int | None) -> None:
    """Have the people of a facility told of a decision of this moment. Needs its transaction."""
    if actor_id is None:
        return
    since = _sitting(clock.now())
    for user_id in db.session.scalars(_people(facility_id)):
        payload = {"facility_id": facility_id, "user_id": user_id, "since": since.isoformat()}
        key = f"{LETTER}:{facility_id}:{user_id}:{since:%Y%m%d%H%M}"
        enqueue(LETTER, payload, key=key, run_at=since + TOGETHER + LEAVE)


def verdicts(facility_id: int, since: datetime) -> list[Verdict]:
    """What the office decided about a facility's products in the ten minutes from `since` (UTC), in order."""
    found = [
        *_of_products(facility_id, since), *_of_changes(facility_id, since), *_of_photos(facility_id, since)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at)


@handler(LETTER)
def send_letter(payload: dict[str, Any]) -> None:
    """Write to one person of the facility, if they still are. Raises when mail is away."""
    facility = db.session.get(Facility, payload["facility_id"])
    wanted = _people(payload["facility_id"]).with_only_columns(User.email)
    email = db.session.scalar(wanted.where(User.id == payload["user_id"]))
    if facility is None or email is None:
        return
    with speaking(SOURCE):
        told = verdicts(facility.id, datetime.fromisoformat(payload["since"]))
        if not told:
            return
        link = address(f"/petugas/produk/{told[0].product_id}" if len(told) == 1 else "/petugas/produk")
        post(
            email, _subject(told), "curation_verdicts", link=link, verdicts=told, facility=facility.name,
            by_office=any(one.by_office for one in told),
        )  # fmt: skip


def _subject(told: list[Verdict]) -> str:
    if len(told) > 1 and not any(one.by_office for one in told):
        return _n("%(n)s keputusan tentang produk Anda", len(told))
    if len(told) > 1:
        return _n("%(n)s putusan Kanwil tentang produk Anda", len(told))
    return _("%(title)s: %(words)s", title=told[0].title, words=told[0].words)


def _people(facility_id: int) -> Any:
    return (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.facility_id == facility_id, User.is_enabled)
        .order_by(User.id)
    )


def _sitting(moment: datetime) -> datetime:
    """The full ten minutes in which a moment lies."""
    return moment - timedelta(
        minutes=moment.minute % 10, seconds=moment.second, microseconds=moment.microsecond
    )


def _of_products(facility_id: int, since: datetime) -> Iterator[Verdict]:
    rows = db.session.execute(
        select(CurationEvent, Product.title)
        .join(Product, Product.id == CurationEvent.product_id)
        .where(
            Product.facility_id == facility_id,
            CurationEvent.at >= since,
            CurationEvent.at < since + TOGETHER,
            CurationEvent.from_status != CurationEvent.to_status,
            CurationEvent.to_status.in_((ProductStatus.PUBLISHED, ProductStatus.RETURNED)),
            CurationEvent.actor_id.is_not(None),
        )
        .order_by(CurationEvent.id)
    )
    for event, title in rows:
        words = str(WORDS[ProductStatus(event.to_status).value])
        yield Verdict(event.at, event.product_id, title, words, event.comment)


def _of_changes(facility_id: int, since: datetime) -> Iterator[Verdict]:
    rows = db.session.execute(
        select(ChangeEvent, ProductChange.product_id, Product.title)
        .join(ProductChange, ProductChange.id == ChangeEvent.change_id)
        .join(Product, Product.id == ProductChange.product_id)
        .where(
            Product.facility_id == facility_id,
            ChangeEvent.at >= since,
            ChangeEvent.at < since + TOGETHER,
            ChangeEvent.step.in_((ChangeStep.APPROVED, ChangeStep.RETURNED, ChangeStep.REQUESTED)),
            ChangeEvent.actor_id.is_not(None),
        )
        .order_by(ChangeEvent.id)
    )
    for event, product_id, title in rows:
        yield Verdict(event.at, product_id, title, str(WORDS[f"change.{event.step}"]), event.comment)


def _of_photos(facility_id: int, since: datetime) -> Iterator[Verdict]:
    rows = db.session.execute(
        select(PhotoGate.decided_at, PhotoGate.reason, Product.id, Product.title, User.role)
        .join(ProductPhoto, ProductPhoto.picture_id == PhotoGate.picture_id)
        .join(Product, Product.id == ProductPhoto.product_id)
        .join(User, User.id == PhotoGate.decided_by_id)
        .where(
            PhotoGate.facility_id == facility_id,
            PhotoGate.state == GateState.WITHDRAWN,
            PhotoGate.decided_at >= since,
            PhotoGate.decided_at < since + TOGETHER,
        )
        .order_by(PhotoGate.decided_at, PhotoGate.picture_id)
    )
    words = str(WORDS[f"photo.{GateState.WITHDRAWN}"])
    for at, reason, product_id, title, role in rows:
        if at is not None:
            yield Verdict(at, product_id, title, words, reason, by_office=role is Role.REGIONAL)
