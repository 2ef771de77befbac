"""Buys things for tests, through the real services. Call inside the `db` fixture's app context."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, inspect, select

from storefront.cart import services as cart
from storefront.catalog.models import Product, Variant
from storefront.checkout.services import Buyer, Placed, place_order
from storefront.core import clock
from storefront.core.db import db
from storefront.core.regions.models import District, Province, Regency, RegionWord
from storefront.core.transactions import transaction
from storefront.facilities.models import MerchantAccount
from storefront.inventory.models import StockLevel
from storefront.orders.models import Order
from storefront.payments.models import PaymentAttempt
from storefront.payments.services import record_payment, start_attempt
from storefront.payments.services.record import Money, Outcome
from storefront.revenue.models import Entry
from storefront.shipping.services import load_first_rates

CIPONDOH = "36.71.05"
"""A district of Kota Tangerang."""


def open_shop() -> None:
    """What a shop needs before anybody can pay: prices of delivery, and the office's account."""
    load_first_rates()
    with transaction():
        db.session.add(
            MerchantAccount(
                bank="Bank Contoh",
                number="000123456",
                holder="Koperasi Contoh",
                valid_from=clock.today() - timedelta(days=400),
                created_at=clock.now(),
                status="standing",
            )
        )


def taxed(facility_id: int | None = None, holder: str = "Koperasi Kena Pajak", **fields: Any) -> int:
    """The id of a facility's account, or the office's, whose owner's prices hold PPN; in force for long."""
    values: dict[str, Any] = {
        "bank": "Bank Contoh", "number": "000999888", "holder": holder, "facility_id": facility_id,
        "valid_from": clock.today() - timedelta(days=300), "created_at": clock.now(), "status": "standing",
        "tax": "ppn_effective_11",
    } | fields  # fmt: skip
    with transaction():
        account = MerchantAccount(**values)
        db.session.add(account)
        db.session.flush()
        return account.id


def know_cipondoh() -> None:
    """The one district that a test's buyer lives in: all of Indonesia takes too long to load."""
    with transaction():
        db.session.add(Province(code="36", name="Banten"))
        db.session.add(Regency(code="36.71", province_code="36", name="Kota Tangerang"))
        db.session.flush()
        district = District(
            code=CIPONDOH, regency_code="36.71", name="Cipondoh", regency="Kota Tangerang", province="Banten",
            postal_codes="15148",
        )  # fmt: skip
        db.session.add(district)
        db.session.flush()
        for word in ("cipondoh", "kota", "tangerang", "banten"):
            db.session.add(RegionWord(word=word, district_code=CIPONDOH, weight=1))


def only(product: Product) -> Variant:
    """The single form of a product, also of one that its session has let go."""
    [product_id] = inspect(product).identity
    return db.session.scalars(select(Variant).filter_by(product_id=product_id, is_active=True)).one()


def cart_of(wishes: Mapping[Product, int], **kwargs: Any) -> str:
    """The token of a cart with so many of each product."""
    token: str | None = None
    for product, quantity in wishes.items():
        token = cart.add(token, only(product).id, quantity, **kwargs).token
    assert token is not None
    return token


def somebody(**fields: Any) -> Buyer:
    """A buyer in Cipondoh."""
    values: dict[str, Any] = {
        "name": "Siti Contoh",
        "phone": "+6281200001111",
        "email": "siti@contoh.id",
        "address": {
            "district": CIPONDOH,
            "district_label": "Cipondoh, Kota Tangerang, Banten",
            "village": "",
            "postal_code": "15148",
            "street": "Jl. Contoh 1",
            "landmark": "",
        },
        "district_code": CIPONDOH,
    } | fields
    return Buyer(**values)


def buy(wishes: Mapping[Product, int], *, method: str = "card", **kwargs: Any) -> Placed:
    """Place an order for so many of each product."""
    return place_order(cart_of(wishes), somebody(), payment_method=method, **kwargs)


def pay(
    placed: Placed, *, reference: str = "", amount: int | None = None, provider: str = "stripe"
) -> Outcome:
    """Let the money of an order arrive, as the provider would tell it."""
    order = db.session.get_one(Order, placed.id)
    money = Money(
        provider,
        reference or f"pi_{placed.number}",
        order.total if amount is None else amount,
        clock.now(),
    )
    return record_payment(money, order_id=placed.id)


def transfer_attempt(placed: Placed) -> PaymentAttempt:
    """The open transfer of an order."""
    return db.session.get_one(PaymentAttempt, start_attempt(placed.id, "transfer"))


def order_of(placed: Placed) -> Order:
    """The order as it is stored now."""
    db.session.expire_all()
    return db.session.get_one(Order, placed.id)


def stock_of(product: Product) -> tuple[int, int]:
    """Pieces on hand and reserved of a product's single form."""
    db.session.expire_all()
    level = db.session.scalars(select(StockLevel).filter_by(variant_id=only(product).id)).one()
    return level.on_hand, level.reserved


def balance(account: str) -> int:
    """What stands on an account of the ledger, in rupiah."""
    return db.session.scalar(select(func.coalesce(func.sum(Entry.amount), 0)).filter_by(account=account)) or 0
