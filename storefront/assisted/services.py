"""Writing an order down for a buyer: drafts, the order they become, and cash over the counter."""

from collections.abc import Mapping
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select

from storefront.assisted.models import CashReceipt, Draft, Source
from storefront.assisted.queries import Scope
from storefront.cart import services as carts
from storefront.catalog.models import Product, Variant
from storefront.checkout.queries import Way
from storefront.checkout.services import Buyer, EmptyCart, Placed, place_order
from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.money import rupiah
from storefront.core.transactions import transaction
from storefront.orders.models import Channel, Order, OrderStatus
from storefront.orders.services import Actor
from storefront.payments.models import Payment
from storefront.payments.services import record_payment
from storefront.payments.services.attempts import NotPayable
from storefront.payments.services.closing import extend_deadline
from storefront.payments.services.record import Money, Outcome

CASH = "cash"
COUNTING = timedelta(hours=48)
"""An order whose cash waits for the second officer stays open so long."""
KEPT = 30
"""Days that a draft is kept that nobody touches."""


class AlreadyPlaced(DomainError):
    """The draft became an order; it is changed there."""

    default = lazy("Draf ini sudah menjadi pesanan.")


class NotWritten(DomainError):
    """The draft is no order yet, so nobody can pay for it."""

    default = lazy("Draf ini belum menjadi pesanan.")


class SameOfficer(DomainError):
    """Two people have to count much cash."""

    default = lazy("Uang tunai ini harus dihitung petugas lain, bukan yang menerimanya.")


def open_draft(scope: Scope, actor_id: int, source: Source) -> int:
    """Begin to write an order down; returns the draft's id."""
    moment = clock.now()
    with transaction():
        draft = Draft(
            facility_id=scope, created_by_id=actor_id, source=source, typed={}, created_at=moment,
            updated_at=moment,
        )  # fmt: skip
        db.session.add(draft)
        db.session.flush()
        return draft.id


def save_draft(scope: Scope, draft_id: int, typed: Mapping[str, str]) -> None:
    """Keep what was typed so far, right or wrong. Raises NotFound, AlreadyPlaced."""
    with transaction():
        draft = _open(scope, draft_id)
        draft.typed, draft.updated_at = dict(typed), clock.now()


def add_goods(scope: Scope, draft_id: int, variant_id: int, quantity: int, *, note: str = "") -> str:
    """Put pieces into a draft; returns words when less was possible, else ''.

    Raises NotFound, also for another facility's goods, AlreadyPlaced, and Invalid as the cart does.
    """
    with transaction():
        draft = _open(scope, draft_id)
        maker = db.session.scalar(
            select(Product.facility_id).join(Product.variants).where(Variant.id == variant_id)
        )
        if maker is None or (scope is not None and maker != scope):
            raise NotFound
        added = carts.add(draft.cart_token, variant_id, quantity, note=note)
        draft = _open(scope, draft_id)
        draft.cart_token, draft.updated_at = added.token, clock.now()
    return added.notice


def change_goods(scope: Scope, draft_id: int, line_id: int, quantity: int) -> str:
    """Change the pieces of a line, 0 removes it; returns words when less was possible.

    Raises NotFound, AlreadyPlaced.
    """
    with transaction():
        draft = _open(scope, draft_id)
        draft.updated_at = clock.now()
        return carts.set_quantity(draft.cart_token, line_id, quantity)


def use_code(scope: Scope, draft_id: int, typed: str) -> str:
    """Remember a voucher's code for a draft by the rules of every cart; '' forgets it. Returns it as kept.

    Raises NotFound, AlreadyPlaced, and Invalid for a code that nobody knows or that is over, and while
    there are no goods that it could count for.
    """
    with transaction():
        draft = _open(scope, draft_id)
        if draft.cart_token is None:
            raise Invalid({"kode": _("Tambahkan barangnya dahulu; potongan kode dihitung dari barang itu.")})
        draft.updated_at = clock.now()
        return carts.set_code(draft.cart_token, typed)


def drop_draft(scope: Scope, draft_id: int) -> None:
    """Forget a draft and its cart. Raises NotFound, AlreadyPlaced."""
    with transaction():
        db.session.delete(_open(scope, draft_id))


def place_draft(
    scope: Scope, draft_id: int, buyer: Buyer, actor: Actor, *, payment_method: str,
    pickups: frozenset[int] = frozenset(), ways: Mapping[int, Way] | None = None,
    seen_total: int | None = None,
) -> Placed:  # fmt: skip
    """Turn a draft into a pending order by the rules of every other; a second click finds the same one.

    What was typed about the buyer is then in the order only. A voucher's code in the draft is looked at
    again, for this buyer. Raises as place_order does.
    """
    with transaction():
        draft = _mine(scope, draft_id)
        if draft.order_id is not None:
            order = db.session.get_one(Order, draft.order_id)
            return Placed(order.id, order.number, order.token, is_new=False)
        if draft.cart_token is None:
            raise EmptyCart(_("Belum ada barang di pesanan ini."))
        placed = place_order(
            draft.cart_token, buyer, payment_method=payment_method, pickups=pickups, ways=ways,
            seen_total=seen_total, channel=Channel.STAFF,
        )  # fmt: skip
        draft = _mine(scope, draft_id)
        draft.order_id, draft.typed, draft.updated_at = placed.id, {}, clock.now()
        order = db.session.get_one(Order, placed.id)
        auditlog.write(
            "order.written", "order", placed.number, actor_id=actor.id, facility_id=draft.facility_id,
            source=draft.source, total=order.total,
        )  # fmt: skip
    return placed


def take_cash(scope: Scope, draft_id: int, actor: Actor, *, amount: int) -> Outcome | None:
    """An officer has the exact sum of a written order in hand. None: a second one has to count it first.

    One officer is enough up to CASH_ALONE_MAX rupiah. A second click changes nothing. Raises NotFound,
    NotWritten, NotPayable, and Invalid for another sum than the order's.
    """
    with transaction():
        draft, order = _written(scope, draft_id)
        receipt = db.session.scalar(for_update(select(CashReceipt).filter_by(order_id=order.id)))
        if receipt is not None:
            return Outcome.REPEAT if order.paid_at else None
        if order.status is not OrderStatus.PENDING or order.pay_by <= clock.now():
            raise NotPayable
        if amount != order.total:
            words = _(
                "Totalnya %(total)s. Terima tepat sejumlah itu; kembalikan selebihnya.",
                total=rupiah(order.total),
            )
            raise Invalid({"jumlah": words})
        alone = amount <= current_app.config["CASH_ALONE_MAX"]
        db.session.add(
            CashReceipt(order_id=order.id, amount=amount, taken_by_id=actor.id, taken_at=clock.now())
        )
        if not alone:
            extend_deadline(order, clock.now() + COUNTING)
        auditlog.write(
            "payment.cash_taken", "order", order.number, actor_id=actor.id, facility_id=draft.facility_id,
            amount=amount, alone=alone,
        )  # fmt: skip
        return _record(order, amount, actor) if alone else None


def count_cash(scope: Scope, draft_id: int, actor: Actor) -> Outcome:
    """The second officer has counted the cash too: the order is paid.

    Cash for an order that was paid another way meanwhile, or is over, is written down all the same: REVIEW.
    Raises NotFound, NotWritten when none was taken, SameOfficer; a second click changes nothing.
    """
    with transaction():
        draft, order = _written(scope, draft_id)
        receipt = db.session.scalar(for_update(select(CashReceipt).filter_by(order_id=order.id)))
        if receipt is None:
            raise NotWritten(_("Belum ada tunai yang dicatat untuk pesanan ini."))
        if receipt.counted_at is not None or _was_recorded(order):
            return Outcome.REPEAT
        if actor.id is None or receipt.taken_by_id == actor.id:
            raise SameOfficer
        receipt.counted_by_id, receipt.counted_at = actor.id, clock.now()
        auditlog.write(
            "payment.cash_counted", "order", order.number, actor_id=actor.id, facility_id=draft.facility_id,
            amount=receipt.amount,
        )  # fmt: skip
        return _record(order, receipt.amount, actor)


def delete_stale_drafts(days: int = KEPT) -> int:
    """Forget drafts that nobody touched for so long, with what they say about a buyer; returns how many."""
    with transaction():
        gone = db.session.execute(
            delete(Draft)
            .where(Draft.order_id.is_(None), Draft.updated_at < clock.now() - timedelta(days=days))
            .returning(Draft.id)
        ).all()
    return len(gone)


def _record(order: Order, amount: int, actor: Actor) -> Outcome:
    """One order, one receipt: its number is the reference of the money."""
    money = Money(CASH, _reference(order), amount, clock.now())
    return record_payment(money, order_id=order.id, actor=actor)


def _was_recorded(order: Order) -> bool:
    """Is the cash in the books already: little cash, that one officer took alone?"""
    asked = select(Payment.id).filter_by(provider=CASH, reference=_reference(order))
    return db.session.scalar(asked) is not None


def _reference(order: Order) -> str:
    return f"TUNAI-{order.number}"


def _mine(scope: Scope, draft_id: int) -> Draft:
    """A draft of this facility (any, for the office), locked. Raises NotFound."""
    statement = select(Draft).where(Draft.id == draft_id)
    if scope is not None:
        statement = statement.where(Draft.facility_id == scope)
    draft = db.session.scalar(for_update(statement))
    if draft is None:
        raise NotFound
    return draft


def _open(scope: Scope, draft_id: int) -> Draft:
    draft = _mine(scope, draft_id)
    if draft.order_id is not None:
        raise AlreadyPlaced
    return draft


def _written(scope: Scope, draft_id: int) -> tuple[Draft, Order]:
    """A draft that became an order, and the order, locked. Raises NotFound, NotWritten."""
    draft = _mine(scope, draft_id)
    if draft.order_id is None:
        raise NotWritten
    return draft, locked(Order, draft.order_id)
