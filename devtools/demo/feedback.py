"""What the demo's buyers say of things that reached them: feedback.toml, through the shop's services."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from devtools.demo.orders import World
from devtools.demo.shelves import HERE, PHOTOS
from storefront.catalog.models import LicenceKind, Product, Variant
from storefront.catalog.services import update_product
from storefront.catalog.services.licences import add_licence
from storefront.core import clock
from storefront.core.db import db
from storefront.feedback import services as feedback
from storefront.feedback.models import ComplaintTopic
from storefront.orders.models import Order, OrderLine, Parcel, ParcelItem
from storefront.orders.queries import ARRIVED, received_line

HOLDER = "Koperasi Contoh (peragaan)"
Said = dict[str, Any]


class Lines:
    """The lines that reached their buyers, the latest first; each is given away once."""

    def __init__(self) -> None:
        rows = db.session.execute(
            select(Product.slug, Order.token, OrderLine.id, Parcel.finished_at)
            .join(Variant, Variant.product_id == Product.id)
            .join(OrderLine, OrderLine.variant_id == Variant.id)
            .join(OrderLine.items)
            .join(ParcelItem.parcel)
            .join(OrderLine.order)
            .where(Parcel.status.in_(ARRIVED))
            .order_by(Parcel.finished_at.desc(), OrderLine.id)
        ).all()
        db.session.rollback()
        self.left: dict[str, list[tuple[str, int, Any]]] = {}
        for slug, token, line_id, at in rows:
            self.left.setdefault(slug, []).append((token, line_id, at))

    def take(self, slug: str) -> tuple[str, int, Any] | None:
        """One line of this product: its order's address, its id, when it arrived."""
        there = self.left.get(slug)
        return there.pop(0) if there else None


def tell(world: World, read: Callable[[Path], bytes]) -> Iterator[str]:
    """Let buyers review, thank and complain, and the staff answer; yields words of progress."""
    said = tomllib.loads((HERE / "feedback.toml").read_text("utf-8"))
    yield "asal barang"
    _origins(world, said)
    lines = Lines()
    yield "ulasan"
    for entry in said["review"]:
        _review(world, lines, entry, read, decided=True)
    for entry in said["waiting"]:
        _review(world, lines, entry, read, decided=False)
    yield "ucapan dan pengaduan"
    for entry in said["note"]:
        _note(world, lines, entry)
    for entry in said["complaint"]:
        _complaint(world, entry)


def _origins(world: World, said: Said) -> None:
    products = {row.slug: row.id for row in db.session.execute(select(Product.slug, Product.id))}
    db.session.rollback()
    actor = world.crew.office[0].id
    with clock.travel(world.now - timedelta(days=20)):
        for slug, origin in said["origin"].items():
            update_product(products[slug], actor, technique=origin["technique"], work_hours=origin["hours"])
        for one in said["licence"]:
            add_licence(
                products[one["product"]], actor, LicenceKind(one["kind"]), one["number"],
                holder=HOLDER, valid_until=one.get("until"),
            )  # fmt: skip


def _review(world: World, lines: Lines, entry: Said, read: Callable[[Path], bytes], *, decided: bool) -> None:
    line = lines.take(entry["product"])
    if line is None:
        return
    token, line_id, arrived = line
    purchase, bought = received_line(token, line_id)
    names = feedback.names_to_show(bought.order.customer_name)
    photos = [read(PHOTOS / f"{entry['photo']}.webp")] if "photo" in entry else []
    db.session.rollback()
    written = min(arrived + timedelta(days=2), world.now - timedelta(hours=30))
    if not decided:
        written = world.now - timedelta(hours=9)
    with clock.travel(written):
        author = names[0] if world.dice.random() < 0.8 else names[-1]
        review = feedback.submit_review(
            purchase, rating=entry["stars"], text=entry["text"], author=author, photos=photos
        )
        review_id, facility_id = review.id, purchase.facility_id
    if not decided:
        return
    with clock.travel(written + timedelta(hours=5)):
        feedback.publish_review(review_id, world.crew.office[0].id)
    if "answer" in entry:
        with clock.travel(written + timedelta(hours=20)):
            actor = world.crew.staff[facility_id].id
            feedback.answer_review(facility_id, review_id, actor, entry["answer"])


def _note(world: World, lines: Lines, entry: Said) -> None:
    line = lines.take(entry["product"])
    if line is None:
        return
    purchase, _ = received_line(line[0], line[1])
    db.session.rollback()
    with clock.travel(world.now - timedelta(days=4)):
        note_id = feedback.submit_note(purchase, entry["text"]).id
    if "state" in entry:
        with clock.travel(world.now - timedelta(days=3)):
            feedback.approve_note(note_id, world.crew.office[1].id)
    if entry.get("state") == "delivered":
        with clock.travel(world.now - timedelta(days=1)):
            feedback.hand_over(purchase.facility_id, [note_id])


def _complaint(world: World, entry: Said) -> None:
    order = db.session.execute(
        select(Order.number, Order.customer_name, Order.phone).order_by(Order.id.desc()).limit(1)
    ).one()
    db.session.rollback()
    moment = world.now - timedelta(days=entry["days"])
    with clock.travel(moment):
        complaint_id = feedback.file_complaint(
            name=order.customer_name,
            topic=ComplaintTopic(entry["topic"]),
            text=entry["text"],
            phone=order.phone,
            order_number=order.number if entry.get("order") else "",
        ).id
    office = world.crew.office[0].id
    if "answer" in entry:
        with clock.travel(moment + timedelta(days=1)):
            feedback.answer_complaint(complaint_id, office, entry["answer"])
    if entry.get("closed"):
        with clock.travel(moment + timedelta(days=3)):
            feedback.close_complaint(complaint_id, office)
