"""A shop with something of everything, for walks through all pages. Call inside `db`'s app context."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import select

from storefront.accounts.models import EmailChange, Registration, User
from storefront.accounts.services import addresses, links, people
from storefront.aftersales.models import Problem, Wish
from storefront.aftersales.services import Told, open_case
from storefront.assisted.models import Source
from storefront.assisted.services import CASH, add_goods, open_draft, place_draft
from storefront.catalog.models import Product
from storefront.catalog.services import collections, synonyms
from storefront.checkout.services import place_order
from storefront.core import clock
from storefront.core.db import db
from storefront.core.gallery import file_name
from storefront.core.models import Job, JobState, Picture
from storefront.core.storage import storage
from storefront.core.transactions import transaction
from storefront.events.models import Fair
from storefront.facilities.models import Facility
from storefront.feedback.models import ComplaintTopic
from storefront.feedback.services import file_complaint
from storefront.orders.models import Parcel
from storefront.orders.services import Actor, accept_parcel, finish_parcel, pack_parcel, ship_parcel
from storefront.payments.services import cancel_order, submit_proof
from tests import factories
from tests.buying import buy, cart_of, only, open_shop, pay, somebody, transfer_attempt
from tests.support import fairs, kept
from tests.support.offers import offer, with_code
from tests.support.run import Run
from tests.support.waiting import leave_work


@dataclass(frozen=True)
class Filled:
    """What a test wants to know of the filled shop: where to begin, and whose rooms to enter."""

    facility_id: int
    facility_slug: str
    product_slug: str
    fair_slug: str
    orders: list[str]
    """Paths of orders: paid, awaiting a transfer, unpaid, shipped, completed, cancelled, owed by transfer."""
    letters: list[str]
    """Paths that stand in letters only: to choose a password, to open an account."""

    @property
    def facility(self) -> Facility:
        """The facility whose rooms are entered."""
        return db.session.get_one(Facility, self.facility_id)


def bring_filled(run: Run, template: Path, secret: str, app: Flask) -> Filled:
    """Make an app's empty shop a copy of the filled one, photos too."""

    def make() -> str:
        filled = fill()
        develop_photos()
        return json.dumps(asdict(filled))

    name = f"filled-{clock.today()}"  # its fair runs today, so after midnight another one is filled
    said = kept.keep(run, name, template, secret, make)
    kept.copy(run, name, app)
    return Filled(**json.loads(said))


def fill() -> Filled:
    """Products and orders in every state, of two facilities; fairs, a transfer, a double payment."""
    open_shop()
    facility, other = factories.facility("LPA"), factories.facility("LPB")
    facility_id, slug = facility.id, facility.slug
    shelf = factories.category("Tas")
    bag = factories.product(facility, title="Tas Anyam", shelf=shelf)
    product_slug = bag.slug
    factories.variant(bag, "marun")
    factories.variant(bag, "biru", stock=0)
    mat = factories.product(other, title="Keset Sabut", stock=50)
    for status in ("draft", "submitted", "returned", "archived"):
        factories.product(facility, title=f"Barang {status}", status=status, shelf=shelf)
    factories.product(facility, supply="made_to_order")
    factories.product(facility, title="Habis terjual", stock=0)
    today = clock.today()
    fair_id = fairs.fair(products=[mat], starts_on=today, ends_on=today)
    fairs.fair(published=False, name="Belum terbit")
    plenty = factories.product(facility, stock=50)
    orders = [*_orders(plenty, mat), _owed_by_hand(plenty)]
    _promote(facility.id, plenty)
    _write_down(facility.id, plenty)
    _give_up()
    leave_work(facility.id)
    _shelve([bag.id, mat.id])
    fair_slug = db.session.get_one(Fair, fair_id).slug
    return Filled(facility_id, slug, product_slug, fair_slug, orders, _letters())


def _give_up() -> None:
    """A letter that no mail server took, eight times."""
    now = clock.now()
    with transaction():
        db.session.add(
            Job(
                kind="letter.order", payload={}, state=JobState.FAILED, attempts=8, run_at=now,
                created_at=now, done_at=now, last_error="OSError",
            )
        )  # fmt: skip


def _shelve(product_ids: list[int]) -> None:
    """A collection that is open, words that mean the same, and a complaint."""
    gifts = collections.create_collection(collections.CollectionDetails(title="Hadiah dari Banten"), by=None)
    collections.choose_items(gifts, product_ids)
    collections.show_collection(gifts, is_published=True)
    synonyms.add_synonyms(["tas", "kantong"])
    file_complaint(
        name="Siti Contoh", topic=ComplaintTopic.GOODS, text="Satu piring retak.", phone="+6281200001111"
    )


def _letters() -> list[str]:
    forgetful = factories.user("buyer").id
    wish = factories.stored(
        Registration(
            email="rina@contoh.id", name="Rina Contoh", password_hash="-", language="id",
            created_at=clock.now(), expires_at=clock.now() + timedelta(days=2),
        )
    )  # fmt: skip
    return [f"/masuk/sandi/{people.create_link(forgetful)}", f"/daftar/{links.signed('daftar', wish.id)}"]


def furnish(person: User) -> str:
    """Give a buyer an address and a new e-mail address that waits; returns where the letter leads."""
    place = addresses.Place("Siti Contoh", "+6281200001111", "36.71.05", "Cipondoh", "Jl. Contoh 1")
    addresses.save_address(person.id, place)
    change = factories.stored(
        EmailChange(
            user_id=person.id, email="baru@contoh.id", language="id",
            created_at=clock.now(), expires_at=clock.now() + timedelta(days=2),
        )
    )  # fmt: skip
    return f"/akun/email/{links.signed('email', change.id)}"


def _orders(one: Product, two: Product) -> list[str]:
    both = {one: 1, two: 2}
    placed = [buy(both), buy(both, method="transfer"), buy(both), buy(both), buy(both), buy(both)]
    pay(placed[0])
    pay(placed[0], reference="pi_dobel")
    storage().save("private/bukti/contoh.jpg", fairs.jpeg(), "image/jpeg")
    submit_proof(transfer_attempt(placed[1]).id, "private/bukti/contoh.jpg", sender="Siti Contoh")
    for index in (3, 4):
        pay(placed[index])
        for parcel in _parcels(placed[index].id):
            accept_parcel(*parcel, Actor(None))
            pack_parcel(*parcel, Actor(None))
            ship_parcel(*parcel, Actor(None), courier="JNE", waybill=f"JT012345678{index}")
    for parcel in _parcels(placed[4].id):
        finish_parcel(*parcel, Actor(None))
    _complain(placed[4].token, _parcels(placed[4].id)[0][1])
    pay(placed[5])
    cancel_order(placed[5].id, Actor(None), reason="Pembeli salah memilih ukuran")
    return [f"/pesanan/{one.token}" for one in placed]


def _owed_by_hand(one: Product) -> str:
    """Path of an order that came by transfer and was cancelled: nobody knows yet where its money goes."""
    placed = buy({one: 1}, method="transfer")
    pay(placed, reference="1:BR1", provider="transfer")
    cancel_order(placed.id, Actor(None), reason="Pembeli salah memilih ukuran")
    return f"/pesanan/{placed.token}"


def _promote(facility_id: int, one: Product) -> None:
    """A voucher of the office and one of the facility, each used once: the reports have rows."""
    offer(name="Diskon Banten", code="BANTEN10")
    offer(name="Diskon Lapas", code="LAPAS10", funder="facility", facility_id=facility_id)
    for code in ("BANTEN10", "LAPAS10"):
        pay(place_order(with_code(cart_of({one: 1}), code), somebody(), payment_method="card"))


def _write_down(facility_id: int, one: Product) -> None:
    """Drafts of the office and of the facility, and one that became an order, its cash not taken yet."""
    officer, form = factories.user().id, only(one).id
    for scope in (None, facility_id):
        add_goods(scope, open_draft(scope, officer, Source.PHONE), form, 1)
    placed = open_draft(facility_id, officer, Source.COUNTER)
    add_goods(facility_id, placed, form, 1)
    place_draft(facility_id, placed, somebody(), Actor(officer), payment_method=CASH)


def _complain(token: str, parcel_id: int) -> None:
    """Something in a parcel that arrived was broken; of the other parcel one may still complain."""
    line_id = db.session.get_one(Parcel, parcel_id).items[0].order_line_id
    told = Told({line_id: 1}, Problem.DAMAGED, Wish.REFUND, "Retak waktu dibuka.")
    open_case(token, parcel_id, told, [fairs.jpeg()])


def _parcels(order_id: int) -> list[tuple[int, int]]:
    rows = db.session.execute(select(Parcel.facility_id, Parcel.id).filter_by(order_id=order_id))
    return [(row[0], row[1]) for row in rows]


def develop_photos() -> None:
    """Give every picture of the factories its files, so that a browser can show them."""
    files = {}
    for kind, name in (("webp", "WEBP"), ("jpg", "JPEG")):
        out = BytesIO()
        Image.new("RGB", (8, 10), (160, 110, 70)).save(out, name)
        files[kind] = out.getvalue()
    for picture in db.session.scalars(select(Picture)):
        for width in picture.widths:
            for kind, body in files.items():
                storage().save(file_name(picture.key, width, kind), body, f"image/{kind}")
