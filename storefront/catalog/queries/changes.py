"""Staged changes as people read them: what was and what is meant, the queue, and the history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from storefront.catalog.models import (
    ALIVE,
    Category,
    ChangeEvent,
    ChangePhoto,
    ChangeStatus,
    PhotoGate,
    Product,
    ProductChange,
    ProductStatus,
)
from storefront.catalog.queries.queues import EVERYTHING, Wanted, makers_of
from storefront.catalog.services.diffs import (
    PART_WORDS,
    PARTS,
    document,
    moved_on,
)
from storefront.catalog.services.staging_photos import pictures_of
from storefront.core.db import db
from storefront.core.differences import Segment, segments
from storefront.core.errors import NotFound
from storefront.core.language import _, _n, lazy
from storefront.core.models import Picture
from storefront.core.money import rupiah
from storefront.facilities.models import PageChange, Workshop
from storefront.web.pagination import Page, Stretch, newest, paged

PAGE = 20
MOST = 200
CHOICES = {
    "parcel": lazy("Paket biasa (kurir)"),
    "cargo": lazy("Barang besar (kargo)"),
    "pickup_only": lazy("Hanya ambil di tempat"),
    "local_fresh": lazy("Segar, hanya kota sekitar"),
}


@dataclass(frozen=True)
class ShownPhoto:
    """A photo of a change. `step`: stays, new, gone, moved or described anew."""

    picture: Picture | None
    alt: str
    step: str


@dataclass(frozen=True)
class PartRow:
    """One part of a change: its words, or its photos before and after."""

    name: str
    label: str
    segments: list[Segment] = field(default_factory=list)
    photos_before: list[ShownPhoto] = field(default_factory=list)
    photos_after: list[ShownPhoto] = field(default_factory=list)
    is_marked: bool = False
    has_moved: bool = False  # the product says something else by now


def shown_parts(
    fields: Mapping[str, Any],
    base: Mapping[str, Any],
    *,
    marked: Sequence[str] = (),
    moved: Sequence[str] = (),
) -> list[PartRow]:
    """A diff part by part, in the order in which it is read."""
    rows = []
    for name in (name for name in PARTS if name in fields):
        row = PartRow(name, str(PART_WORDS[name]), is_marked=name in marked, has_moved=name in moved)
        if name == "photos":
            before, after = _photos(base.get(name, []), fields[name])
            rows.append(replace(row, photos_before=before, photos_after=after))
        else:
            texts = _text(name, base.get(name)), _text(name, fields[name])
            rows.append(replace(row, segments=segments(*texts)))
    return rows


def parts_of(change: ProductChange) -> list[PartRow]:
    """The parts of a change, with marks of the office and of what moved on meanwhile."""
    live = document(change.product)
    moved = moved_on(change.base, live, change.fields) if change.status in _UNDECIDED else []
    return shown_parts(change.fields, change.base, marked=change.marked, moved=moved)


_UNDECIDED = {ChangeStatus.OPEN, ChangeStatus.SUBMITTED, ChangeStatus.RETURNED}


def _text(name: str, value: Any) -> str:
    """A part's content in words."""
    if value is None or value == []:
        return ""
    if name == "category_id":
        row = db.session.get(Category, value)
        return row.label if row else _("(sudah dihapus)")
    if name == "workshop_id":
        room = db.session.get(Workshop, value)
        return room.name if room else _("(sudah dihapus)")
    if name == "shipping_class":
        return str(CHOICES[value])
    if name == "work_hours":
        return _n("%(n)s jam", value)
    if name == "option_names":
        return ", ".join(value)
    if name == "forms":
        return "\n".join(_form(form) for form in value)
    return str(value)


def _form(form: Mapping[str, Any]) -> str:
    label, price, weight = " / ".join(form["values"]), form.get("price"), form.get("weight")
    facts = [label, rupiah(price) if price else "", f"{weight} g" if weight else ""]
    return " · ".join(fact for fact in facts if fact)


def _photos(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> tuple[list[ShownPhoto], list[ShownPhoto]]:
    known = pictures_of([*before, *after])
    was = {one["picture"]: (place, one["alt"]) for place, one in enumerate(before)}
    stay = [one["picture"] for one in after if one["picture"] in was]
    in_order = [one["picture"] for one in before if one["picture"] in stay]
    old = [
        ShownPhoto(known.get(one["picture"]), one["alt"], "stays" if one["picture"] in stay else "gone")
        for one in before
    ]
    new = []
    for one in after:
        key = one["picture"]
        if key not in was:
            step = "new"
        elif was[key][1] != one["alt"]:
            step = "described"
        else:
            step = "stays" if in_order.index(key) == stay.index(key) else "moved"
        new.append(ShownPhoto(known.get(key), one["alt"], step))
    return old, new


# --- the queue ----------------------------------------------------------------------------------------


def waiting_changes(page: int = 1, wanted: Wanted = EVERYTHING) -> Page:
    """Changes of products on sale that wait for a decision, the longest waiting first."""
    conditions = wanted.conditions(ProductChange.submitted_at)
    found = (
        _waiting(select(ProductChange))
        .where(*conditions)
        .options(
            joinedload(ProductChange.product).joinedload(Product.facility),
            joinedload(ProductChange.product).joinedload(Product.photo),
            joinedload(ProductChange.product).selectinload(Product.photos),
        )
        .order_by(ProductChange.submitted_at, ProductChange.id)
    )
    return paged(found, page, PAGE)


def makers_waiting() -> list[tuple[int, str]]:
    """(id, name) of the facilities that have a change waiting."""
    return makers_of(_waiting(select(ProductChange.product_id)))


def waiting_count() -> tuple[int, datetime | None]:
    """How many changes wait for the office, and since when the oldest does."""
    row = db.session.execute(
        _waiting(select(func.count(ProductChange.id), func.min(ProductChange.submitted_at)))
    ).one()
    return row[0], row[1]


def waiting_by_facility() -> dict[int, int]:
    """How many changes of each facility wait for the office."""
    rows = db.session.execute(
        _waiting(select(Product.facility_id, func.count(ProductChange.id))).group_by(Product.facility_id)
    )
    return {row[0]: row[1] for row in rows}


def _waiting(statement: Any) -> Any:
    return statement.join(Product, Product.id == ProductChange.product_id).where(
        ProductChange.status == ChangeStatus.SUBMITTED, Product.status == ProductStatus.PUBLISHED
    )


def alive_count(facility_id: int) -> int:
    """How many products of a facility have a change that is written, waits or came back."""
    counted = (
        select(func.count(ProductChange.id))
        .join(Product, Product.id == ProductChange.product_id)
        .where(Product.facility_id == facility_id, ProductChange.status.in_(ALIVE))
    )
    return db.session.scalar(counted) or 0


def own_changes(facility_id: int) -> Sequence[ProductChange]:
    """A facility's changes that are written, wait or came back: what it has to do first, then the oldest."""
    rank = {ChangeStatus.RETURNED: 0, ChangeStatus.OPEN: 1, ChangeStatus.SUBMITTED: 2}
    rows = db.session.scalars(
        select(ProductChange)
        .join(Product, Product.id == ProductChange.product_id)
        .options(
            joinedload(ProductChange.product).joinedload(Product.photo),
            joinedload(ProductChange.product).selectinload(Product.photos),
        )
        .where(Product.facility_id == facility_id, ProductChange.status.in_(ALIVE))
        .order_by(ProductChange.updated_at, ProductChange.id)
        .limit(MOST)
    ).all()
    return sorted(rows, key=lambda change: rank[change.status])


def change_for_office(change_id: int) -> ProductChange:
    """A change with its product. Raises NotFound; what a facility still writes is its own business."""
    change = db.session.scalar(
        select(ProductChange)
        .options(
            joinedload(ProductChange.product).selectinload(Product.variants),
            joinedload(ProductChange.product).selectinload(Product.photos),
        )
        .where(ProductChange.id == change_id, ProductChange.submitted_at.is_not(None))
    )
    if change is None or change.status is ChangeStatus.OPEN:
        raise NotFound
    return change


def history(product_id: int, before: int | None = None) -> Stretch:
    """The steps of every change of a product, newest first, with who took it; those older than `before`."""
    found = (
        select(ChangeEvent)
        .join(ProductChange, ProductChange.id == ChangeEvent.change_id)
        .options(joinedload(ChangeEvent.actor))
        .where(ProductChange.product_id == product_id)
    )
    return newest(found, ChangeEvent.at, ChangeEvent.id, before=before, size=PAGE)


def hidden_picture(key: str, facility_id: int | None) -> Picture:
    """A picture that nobody but staff may see yet, of one facility or (None) of any. Raises NotFound."""
    wanted = (
        select(Picture)
        .outerjoin(ChangePhoto, ChangePhoto.picture_id == Picture.id)
        .outerjoin(Product, Product.id == ChangePhoto.product_id)
        .outerjoin(PhotoGate, PhotoGate.picture_id == Picture.id)
        .outerjoin(PageChange, PageChange.cover_id == Picture.id)
        .where(Picture.key == key)
    )
    if facility_id is not None:
        owners = (Product.facility_id, PhotoGate.facility_id, PageChange.facility_id)
        wanted = wanted.where(or_(*(owner == facility_id for owner in owners)))
    picture = db.session.scalar(wanted)
    if picture is None:
        raise NotFound
    return picture
