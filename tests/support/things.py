"""One of everything that a facility owns, for tests that ask whose it is."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from storefront.aftersales.models import (
    CaseEntry,
    CaseItem,
    CasePhoto,
    ComplaintCase,
    Party,
    Problem,
    Wish,
)
from storefront.assisted.models import Draft, Source
from storefront.assisted.services import add_goods, open_draft
from storefront.bulk.services import File, judge_import, start_import
from storefront.cart.models import Cart, CartLine
from storefront.catalog.models import ChangePhoto, LicenceKind, Product, ProductPhoto
from storefront.catalog.services.drafting import keep_draft
from storefront.catalog.services.licences import add_licence, set_scan
from storefront.catalog.services.staging_photos import add_photo
from storefront.core import clock
from storefront.core.db import db
from storefront.core.regions.queries import DistrictRow
from storefront.core.spreadsheets import csv_bytes
from storefront.core.storage import storage
from storefront.core.tokens import token_hash
from storefront.core.transactions import transaction
from storefront.facilities.models import Workshop
from storefront.facilities.services.days import close_days
from storefront.feedback.services import Purchase, publish_review, submit_review
from storefront.inventory.models import LocationKind
from storefront.inventory.services import open_place
from storefront.notices.services import NoticeDetails, publish_notice
from storefront.orders.models import Parcel, ParcelItem
from storefront.orders.services import Actor, accept_parcel, pack_parcel
from storefront.shipping.queries import areas_of
from storefront.shipping.services import save_area
from tests import factories
from tests.catalog.conftest import jpeg
from tests.support.food import batch_of
from tests.support.offers import offer


@dataclass(frozen=True)
class Things:
    """The ids of one facility's objects, named as the arguments of routes are."""

    product_id: int
    variant_id: int
    photo_id: int
    parcel_id: int
    licence_id: int
    review_id: int
    promotion_id: int
    draft_id: int
    draft_line_id: int
    area_id: int
    case_id: int
    picture_id: int
    waiting_id: int
    gate_id: int
    import_id: int
    place_id: int
    row_id: int
    workshop_id: int
    notice_id: int
    batch_id: int
    form_id: int
    shown_id: int


def things_of(product_id: int) -> Things:
    """Give a product of one order a second form and photo, a permit and a review; pack its parcel."""
    product = db.session.get_one(Product, product_id)
    variant = factories.variant(product, "marun")
    with transaction():
        product = db.session.get_one(Product, product_id)
        product.photos.append(ProductPhoto(picture=factories.picture(), position=2))
    product = db.session.get_one(Product, product_id)
    parcel_id = db.session.scalars(select(Parcel.id).filter_by(facility_id=product.facility_id)).one()
    accept_parcel(product.facility_id, parcel_id, Actor(None))
    pack_parcel(product.facility_id, parcel_id, Actor(None))
    product = db.session.get_one(Product, product_id)
    line_id = db.session.scalars(select(ParcelItem.order_line_id).filter_by(parcel_id=parcel_id)).one()
    licence_id = add_licence(product.id, None, LicenceKind.MD, "867012345678").id
    set_scan(product_id, licence_id, jpeg(), None)
    bought = Purchase(line_id, product.id, product.facility_id, None, product.title)
    review_id = submit_review(bought, rating=5, text="Rapi", author="Siti").id
    publish_review(review_id, None)
    product = db.session.get_one(Product, product.id)
    paid_by = {"funder": "facility", "facility_id": product.facility_id}
    promotion_id = offer(name=f"Diskon {product.title}", code=f"LAPAS-{product.facility_id}", **paid_by)
    product = db.session.get_one(Product, product_id)
    photo_id, shown_id, facility_id = (
        product.photos[1].id, product.photos[1].picture_id, product.facility_id
    )  # fmt: skip
    written = _written(facility_id, variant.id)
    written += _complained(parcel_id, line_id, facility_id)
    add_photo(product_id, jpeg(), "", None)
    waiting = select(ChangePhoto.picture_id).filter_by(product_id=product_id)
    written += (db.session.scalars(waiting).one(), _gated(product_id))
    written += (_sent(facility_id), *_rooms(facility_id), batch_of(facility_id, variant.id, 1))
    written += (_begun(facility_id), shown_id)
    return Things(product_id, variant.id, photo_id, parcel_id, licence_id, review_id, promotion_id, *written)


def _gated(product_id: int) -> int:
    """A photo that somebody sent and a second person has to look at: its id."""
    add_photo(product_id, jpeg("#335577"), "", factories.user().id, checked=True)
    newest = select(ChangePhoto.picture_id).filter_by(product_id=product_id)
    return db.session.scalars(newest.order_by(ChangePhoto.picture_id.desc())).first() or 0


def _rooms(facility_id: int) -> tuple[int, int, int, int]:
    """A place for goods, days on which nobody works, a workshop, an announcement to it: their ids."""
    place_id = open_place(facility_id, "Gerai", LocationKind.OUTLET)
    day = clock.today() + timedelta(days=9)
    row_id = close_days(facility_id, day, day, "Renovasi")
    room = select(Workshop.id).filter_by(facility_id=facility_id).order_by(Workshop.id).limit(1)
    told = NoticeDetails(title="Rapat", body="Senin", last_day=clock.today(), facility_ids=[facility_id])
    notice_id = publish_notice(told, once=f"mark-{facility_id}")
    return place_id, row_id, db.session.scalars(room).one(), notice_id


def _begun(facility_id: int) -> int:
    """A form for a new product that nobody finished: its id."""
    return keep_draft(facility_id, None, {"title": "Belum selesai"}, [], key=f"form-{facility_id}").id


def _sent(facility_id: int) -> int:
    """A table with one line to import, looked at and not confirmed: its id."""
    table = File("tabel.csv", csv_bytes([["KURSI-1", "Kursi rotan", 90_000]], ["sku", "nama", "harga"]))
    import_id = start_import(facility_id, None, table)
    judge_import(facility_id, import_id, ["sku", "title", "price"])
    return import_id


def _complained(parcel_id: int, line_id: int, facility_id: int) -> tuple[int, int]:
    """A complaint about a parcel with its photo, as if it had arrived: their ids."""
    key, now = f"private/keluhan/{parcel_id}.webp", clock.now()
    storage().save(key, b"RIFF", "image/webp")
    with transaction():
        order_id = db.session.get_one(Parcel, parcel_id).order_id
        case = ComplaintCase(
            reference=f"KEL-{parcel_id}", order_id=order_id, parcel_id=parcel_id, facility_id=facility_id,
            problem=Problem.DAMAGED, wish=Wish.REFUND, text="Retak", opened_at=now, decide_by=now,
            answer_by=now, items=[CaseItem(order_line_id=line_id, quantity=1)],
        )  # fmt: skip
        photo = CasePhoto(key=key, added_at=now)
        case.photos.append(photo)
        case.entries.append(CaseEntry(party=Party.BUYER, to_status="open", at=now))
        db.session.add(case)
        db.session.flush()
        return case.id, photo.id


def _written(facility_id: int, variant_id: int) -> tuple[int, int, int]:
    """A draft of an order with a line, and a district that fresh goods go to: their ids."""
    officer = factories.user().id
    draft_id = open_draft(facility_id, officer, Source.PHONE)
    add_goods(facility_id, draft_id, variant_id, 1)
    token = db.session.get_one(Draft, draft_id).cart_token or ""
    line_id = db.session.scalars(
        select(CartLine.id).join(CartLine.cart).where(Cart.token_hash == token_hash(token))
    ).one()
    place = DistrictRow("36.71.05", "Cipondoh", "Kota Tangerang", "Banten", ("15148",))
    save_area(facility_id, place, weekdays=[1], cost=0, cutoff=600, notice_days=1, actor_id=officer)
    return draft_id, line_id, areas_of([facility_id])[0].id
