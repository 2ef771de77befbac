"""A shop that has sold for years: real orders, multiplied inside PostgreSQL, and the lists of the staff."""

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, text

from bench import seed
from bench.measure import percentile
from storefront.aftersales import services as aftersales
from storefront.aftersales.models import CaseStatus, ComplaintCase, Problem, Wish
from storefront.assisted.models import Draft, Source
from storefront.assisted.services import open_draft
from storefront.cart import services as cart
from storefront.checkout.services import Buyer, Placed, place_order
from storefront.core import clock
from storefront.core.db import db
from storefront.core.regions.queries import resolve_district
from storefront.facilities.models import Facility
from storefront.orders.models import Order, Parcel, ParcelItem
from storefront.orders.services import Actor, accept_parcel, finish_parcel, pack_parcel, ship_parcel
from storefront.payments.models import PaymentAttempt
from storefront.payments.services import cancel_order, expire_orders, record_payment, start_attempt
from storefront.payments.services.record import Money
from tests import factories
from tests.support.client import Client
from tests.support.queries import counted

BASE = 200
"""Orders that went through the services; the others are copies of theirs, so many minutes earlier each."""
PRODUCTS = 100
DISTRICT = "36.71.05"
STRIDE = 100_000
"""How far apart the ids of two copies lie."""

# Table: its ids, its words that must differ, its moments. Parents first.
COPIED: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "orders": (("id",), ("number", "token"), ("placed_at", "paid_at", "pay_by", "completed_at")),
    "parcels": (("id", "order_id"), ("code",), ("shipped_at", "finished_at")),
    "order_lines": (("id", "order_id"), (), ()),
    "parcel_items": (("parcel_id", "order_line_id"), (), ()),
    "order_events": (("id", "order_id", "parcel_id"), (), ("at",)),
    "payment_attempts": (("id", "order_id"), ("idempotency_key", "reference"), ("created_at", "expires_at")),
    "payments": (("id", "order_id", "attempt_id"), ("reference",), ("received_at", "recorded_at")),
    "refunds": (("id", "payment_id", "order_id"), ("reference",), ("requested_at", "sent_at")),
    "cases": (("id", "payment_id", "order_id"), (), ("opened_at", "resolved_at", "due_at")),
    "complaint_cases": (
        ("id", "order_id", "parcel_id"), ("reference",), ("opened_at", "decide_by", "answer_by", "closed_at"),
    ),
    "order_drafts": (("id",), (), ("created_at", "updated_at")),
}  # fmt: skip
NOWHERE = {"cart_id", "client_id", "cart_token"}
"""What a copy has none of."""


STAFF = {
    "regional": (
        "/kanwil", "/kanwil/pesanan", "/kanwil/pesanan?status=paid", "/kanwil/pesanan?tinjau=1",
        "/kanwil/pesanan?q=WBP", "/kanwil/pesanan?q=siti+contoh+7", "/kanwil/transfer",
        "/kanwil/perlu-diperiksa", "/kanwil/keluhan", "/kanwil/keluhan?tab=selesai", "/kanwil/pesanan-baru",
        "/kanwil/catatan",
    ),
    "facility_head": (
        "/petugas", "/petugas/pesanan", "/petugas/pesanan?tahap=jalan", "/petugas/pesanan?tahap=semua",
        "/petugas/pesanan?tahap=semua&q=WBP", "/petugas/keluhan", "/petugas/pesanan-baru",
    ),
}  # fmt: skip
"""The lists of orders, parcels, money and complaints, and the pages that count them."""
OLDER = {
    "/kanwil/pesanan": select(Order.id).order_by(Order.placed_at.desc(), Order.id.desc()),
    "/petugas/pesanan?tahap=semua": select(Parcel.id).filter_by(facility_id=1).order_by(Parcel.id.desc()),
    "/kanwil/keluhan": select(ComplaintCase.id)
    .filter_by(status=CaseStatus.OFFICE)
    .order_by(ComplaintCase.answer_by, ComplaintCase.id),
    "/kanwil/keluhan?tab=selesai": select(ComplaintCase.id)
    .filter_by(status=CaseStatus.WITHDRAWN)
    .order_by(ComplaintCase.id.desc()),
    "/kanwil/pesanan-baru": select(Draft.id).order_by(Draft.updated_at.desc(), Draft.id.desc()),
}
"""Of these a page from the middle is asked for too: what stands there, in its order."""


def grow(total: int) -> None:
    """Products, orders in every state, and copies of them until there are `total`. PostgreSQL only."""
    seed.grow(PRODUCTS)
    officer = Actor(factories.user("regional").id)
    for number in range(BASE):
        _live(_place(number), number, officer)
    expire_orders(clock.now() + timedelta(days=4), limit=10_000)
    with db.engine.begin() as connection:
        for table in COPIED:
            connection.execute(text(_copy(table, total // BASE - 1)))
    for number in range(40):  # a few that still wait for their money
        _live(_place(number), 0, officer)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def lists(app: Flask, rounds: int) -> Iterator[tuple[str, float, float, int]]:
    """(path, median ms, 95th percentile ms, queries) of each list, asked for inside this process."""
    with app.app_context():
        facility = db.session.get_one(Facility, 1)
        for role, paths in STAFF.items():
            client = Client(app)
            client.lint = False
            factories.signed_in(client, role, facility=facility if role == "facility_head" else None)
            for path in paths:
                yield (path, *_timed(client, path, rounds))
                if path in OLDER:
                    yield (f"{path}, from the middle on", *_timed(client, _far(path), rounds))


def _timed(client: Client, path: str, rounds: int) -> tuple[float, float, int]:
    with counted() as statements:
        _ask(client, path)
    waits = []
    for _round in range(rounds):
        start = time.perf_counter()
        _ask(client, path)
        waits.append((time.perf_counter() - start) * 1000)
    return statistics.median(waits), percentile(waits, 95), len(statements)


def _ask(client: Client, path: str) -> str:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return answer.get_data(as_text=True)


def _far(path: str) -> str:
    """The address that many presses of the button for older rows lead to: to the middle of the list."""
    rows = OLDER[path]
    many = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    middle = db.session.scalar(rows.offset(many // 2).limit(1))
    return f"{path}{'&' if '?' in path else '?'}sebelum={middle}"


def _place(number: int) -> Placed:
    """An order of one or two facilities, waiting for its money."""
    token = None
    for product in (number % PRODUCTS + 1, (number * 7 + 3) % PRODUCTS + 1)[: number % 3 + 1]:
        token = cart.add(token, seed.variant_of(product), 1).token
    district = resolve_district(DISTRICT)
    assert token is not None
    assert district is not None
    buyer = Buyer(f"Siti Contoh {number}", "+6281200001111", "", {"district_label": district.label}, DISTRICT)
    return place_order(token, buyer, payment_method="transfer")


def _live(placed: Placed, number: int, officer: Actor) -> None:
    """Lead an order to where so many of a hundred stand: most are completed, a few need a person."""
    attempt_id = start_attempt(placed.id, "transfer")
    fate = number % 50
    if number == 0 or fate < 4:  # nobody pays
        return
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    amount = attempt.amount - (5_000 if fate == 4 else 0)
    record_payment(
        Money("transfer", f"uji-{placed.number}", amount, clock.now()),
        order_id=placed.id,
        attempt_id=attempt_id,
    )
    if fate == 5:
        cancel_order(placed.id, officer, reason="Barang tidak ada lagi")
    if fate <= 6:
        return
    parcels = select(Parcel.facility_id, Parcel.id).filter_by(order_id=placed.id)
    places = [tuple(row) for row in db.session.execute(parcels)]
    for where in places:
        accept_parcel(*where, officer)
        if fate > 7:
            pack_parcel(*where, officer)
        if fate > 8:
            ship_parcel(*where, officer, courier="jne", waybill=f"RESI{number:06}")
        if fate > 9:
            finish_parcel(*where, officer)
    if 9 < fate < 16:
        _complain(placed, places[0][1], fate, officer)


def _complain(placed: Placed, parcel_id: int, fate: int, officer: Actor) -> None:
    """A buyer tells of a broken thing: it waits for its facility or for the office, or is taken back.

    And somebody begins to write an order down.
    """
    line_id = db.session.scalars(
        select(ParcelItem.order_line_id).filter_by(parcel_id=parcel_id).limit(1)
    ).one()
    told = aftersales.Told({line_id: 1}, Problem.DAMAGED, Wish.REFUND, "Retak waktu dibuka.")
    case = aftersales.open_case(placed.token, parcel_id, told)
    case_id, facility_id = case.id, case.facility_id
    if fate > 13:
        aftersales.withdraw(placed.token, case_id)
    elif fate > 11:
        aftersales.hand_over(facility_id, case_id, officer.id or 0, text="Kanwil yang memutuskan.")
    open_draft(facility_id if fate % 2 else None, officer.id or 0, Source.PHONE)


def _copy(table: str, copies: int) -> str:
    """The statement that copies every row so often, with other ids and words, each some minutes earlier."""
    ids, words, moments = COPIED[table]
    copied = {column.name: f't."{column.name}"' for column in db.metadata.tables[table].columns}
    copied |= {name: f"t.{name} + n * {STRIDE}" for name in ids}
    copied |= {name: f"t.{name} || '~' || n" for name in words}
    copied |= {name: f"t.{name} - n * interval '7 minutes'" for name in moments}
    copied |= dict.fromkeys(copied.keys() & NOWHERE, "NULL")
    names = ", ".join(f'"{name}"' for name in copied)
    values = ", ".join(copied.values())
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, generate_series(1, {copies}) n"
