"""An order and its parcels, one per facility. All that was sold is copied here and stays."""

from datetime import date, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import User
from storefront.core import clock
from storefront.core.db import BigId, append_only, db, word_enum
from storefront.core.language import _, lazy
from storefront.facilities.models import Facility
from storefront.promotions.models import Funder


class OrderStatus(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


NEXT_ORDER: dict[OrderStatus, set[OrderStatus]] = {
    OrderStatus.PENDING: {OrderStatus.PAID, OrderStatus.EXPIRED, OrderStatus.CANCELLED},
    OrderStatus.PAID: {OrderStatus.COMPLETED, OrderStatus.CANCELLED},
    OrderStatus.COMPLETED: set(),
    # Late money that an officer accepts while the goods are still there revives the order.
    OrderStatus.EXPIRED: {OrderStatus.PAID},
    OrderStatus.CANCELLED: set(),
}


class ParcelStatus(StrEnum):
    WAITING = "waiting"
    PROCESSING = "processing"
    PACKED = "packed"
    SHIPPED = "shipped"
    READY = "ready"
    DELIVERED = "delivered"
    COLLECTED = "collected"
    CANCELLED = "cancelled"
    RETURNED = "returned"


NEXT_PARCEL: dict[ParcelStatus, set[ParcelStatus]] = {
    ParcelStatus.WAITING: {ParcelStatus.PROCESSING, ParcelStatus.CANCELLED},
    ParcelStatus.PROCESSING: {ParcelStatus.PACKED, ParcelStatus.CANCELLED},
    ParcelStatus.PACKED: {ParcelStatus.SHIPPED, ParcelStatus.READY, ParcelStatus.CANCELLED},
    ParcelStatus.SHIPPED: {ParcelStatus.DELIVERED, ParcelStatus.RETURNED},
    ParcelStatus.READY: {ParcelStatus.COLLECTED, ParcelStatus.CANCELLED},
    ParcelStatus.DELIVERED: {ParcelStatus.RETURNED},
    ParcelStatus.COLLECTED: {ParcelStatus.RETURNED},
    # Late money that is accepted revives the parcels of an expired order.
    ParcelStatus.CANCELLED: {ParcelStatus.WAITING},
    ParcelStatus.RETURNED: set(),
}


class Channel(StrEnum):
    WEB = "web"
    STAFF = "staff"
    POS = "pos"


class DeliveryMethod(StrEnum):
    DELIVERY = "delivery"
    PICKUP = "pickup"


class Given(NamedTuple):
    """What one promotion took off an order, in rupiah, and who bears it."""

    label: str
    code: str
    funder: Funder
    amount: int


class Order(db.Model):
    """What a buyer committed to. Prices, shipping and address are frozen at this moment."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("subtotal >= 0", name="subtotal_not_negative"),
        CheckConstraint("shipping >= 0", name="shipping_not_negative"),
        CheckConstraint("discount >= 0 AND discount <= subtotal + shipping", name="discount_within"),
        CheckConstraint("total = subtotal + shipping - discount", name="total_adds_up"),
        CheckConstraint("status NOT IN ('paid', 'completed') OR paid_at IS NOT NULL", name="paid_has_moment"),
        Index("ix_orders_status_pay_by", "status", "pay_by"),
        Index("ix_orders_placed_at", "placed_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    cart_id: Mapped[int | None] = mapped_column(unique=True)  # one cart, one order: no buying twice
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    status: Mapped[OrderStatus] = mapped_column(word_enum(OrderStatus), default=OrderStatus.PENDING)
    needs_review: Mapped[bool] = mapped_column(default=False)
    refund_due: Mapped[int] = mapped_column(default=0)
    channel: Mapped[Channel] = mapped_column(word_enum(Channel), default=Channel.WEB)
    fair_id: Mapped[int | None] = mapped_column(ForeignKey("fairs.id"), index=True)
    buyer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    customer_name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20), index=True)
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    language: Mapped[str] = mapped_column(String(2), default="id", server_default="id")  # of its letters
    method: Mapped[DeliveryMethod] = mapped_column(word_enum(DeliveryMethod))
    address: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    subtotal: Mapped[int]
    shipping: Mapped[int]
    discount: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]

    payment_method: Mapped[str] = mapped_column(String(16))
    pay_by: Mapped[datetime]
    placed_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)

    parcels: Mapped[list["Parcel"]] = relationship(back_populates="order", order_by="Parcel.id")
    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order", order_by="OrderLine.id")
    discounts: Mapped[list["OrderDiscount"]] = relationship(order_by="OrderDiscount.id")
    events: Mapped[list["OrderEvent"]] = relationship(order_by="OrderEvent.id")

    @property
    def terms_path(self) -> str:
        """Where the terms stand under which it was placed: those of its day in WIB (PP 80/2019)."""
        return f"/syarat/{clock.local(self.placed_at).date().isoformat()}"

    @property
    def given(self) -> "list[Given]":
        """What each promotion took off it, as it was written down; asks nothing where there is nothing."""
        found: dict[int, Given] = {}
        for row in self.discounts if self.discount else ():
            before = found.get(row.promotion_id)
            amount = row.amount + (before.amount if before else 0)
            found[row.promotion_id] = Given(row.label, row.code, row.funder, amount)
        return list(found.values())


class Parcel(db.Model):
    """The part of an order that one facility packs. Its staff see this and nothing else of it."""

    __tablename__ = "parcels"
    __table_args__ = (
        CheckConstraint("shipping_cost >= 0", name="shipping_not_negative"),
        CheckConstraint("weight > 0", name="weight_positive"),
        CheckConstraint("status <> 'shipped' OR waybill <> ''", name="shipped_has_waybill"),
        CheckConstraint("exchange_of_id IS NULL OR shipping_cost = 0", name="exchange_is_free"),
        Index("ix_parcels_status", "status"),
        Index("ix_parcels_facility_status", "facility_id", "status"),
        Index("ix_parcels_facility_newest", "facility_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    exchange_of_id: Mapped[int | None] = mapped_column(ForeignKey("parcels.id"))  # sent instead of it, free
    code: Mapped[str] = mapped_column(String(32), unique=True)
    status: Mapped[ParcelStatus] = mapped_column(word_enum(ParcelStatus), default=ParcelStatus.WAITING)
    method: Mapped[DeliveryMethod] = mapped_column(word_enum(DeliveryMethod))
    service: Mapped[str] = mapped_column(String(32))
    service_label: Mapped[str] = mapped_column(String(80))
    days_min: Mapped[int] = mapped_column(default=0)
    days_max: Mapped[int] = mapped_column(default=0)
    shipping_cost: Mapped[int]
    weight: Mapped[int]  # grams
    ready_by: Mapped[date | None]
    deliver_on: Mapped[date | None]  # the day that the buyer of fresh goods chose
    courier: Mapped[str] = mapped_column(String(40), default="")
    waybill: Mapped[str] = mapped_column(String(60), default="")
    pickup_code: Mapped[str] = mapped_column(String(8), default="", server_default="")  # the buyer's secret
    shipped_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    late_told_at: Mapped[datetime | None]  # when the buyer was told that it is late: once

    order: Mapped[Order] = relationship(back_populates="parcels")
    facility: Mapped[Facility] = relationship()
    items: Mapped[list["ParcelItem"]] = relationship(
        back_populates="parcel", order_by="ParcelItem.order_line_id", cascade="all, delete-orphan"
    )
    exchange_of: Mapped["Parcel | None"] = relationship(remote_side="Parcel.id")

    @property
    def service_words(self) -> str:
        """How it travels, in the language of the moment; the office's own word for a courier stays."""
        return _("Ambil di tempat") if self.method is DeliveryMethod.PICKUP else self.service_label


class OrderLine(db.Model):
    """A line as it was sold; the product may be renamed or withdrawn afterwards."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price > 0", name="price_positive"),
        CheckConstraint("total = unit_price * quantity", name="total_adds_up"),
        CheckConstraint("cancelled BETWEEN 0 AND quantity", name="cancelled_within"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), index=True)
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variants.id"), index=True)
    sku: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(90))
    options: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(120), default="")
    workshop: Mapped[str] = mapped_column(String(80), default="")
    facility_name: Mapped[str] = mapped_column(String(120))
    photo: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    unit_price: Mapped[int]
    quantity: Mapped[int]
    # Pieces that will not be sent; their money went back or is promised.
    cancelled: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int]
    weight: Mapped[int]  # grams of one piece
    made_to_order: Mapped[bool] = mapped_column(default=False)
    ready_by: Mapped[date | None]

    order: Mapped[Order] = relationship(back_populates="lines")
    items: Mapped[list["ParcelItem"]] = relationship(back_populates="line", order_by="ParcelItem.parcel_id")

    @property
    def picture(self) -> SimpleNamespace | None:
        """The photo as it was when the line was sold, for the macro that shows pictures."""
        return SimpleNamespace(**self.photo) if self.photo else None


class ParcelItem(db.Model):
    """Pieces of a line that travel in a parcel of its facility; a line can be spread over several."""

    __tablename__ = "parcel_items"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), primary_key=True, index=True)
    quantity: Mapped[int]

    parcel: Mapped[Parcel] = relationship(back_populates="items")
    line: Mapped[OrderLine] = relationship(back_populates="items")


class MessageText(db.Model):
    """A facility's own words for one kind of message to its buyers; without a row the shop's words hold."""

    __tablename__ = "message_texts"
    __table_args__ = (
        UniqueConstraint("facility_id", "kind"),
        CheckConstraint("body <> ''", name="has_words"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"))
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(String(500))
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


@append_only
class OrderDiscount(db.Model):
    """What a promotion took off one line, or off the delivery of one parcel, and who bears it.

    `label` is the promotion's name as it was; the order's discount is the sum of these rows.
    """

    __tablename__ = "order_discounts"
    __table_args__ = (
        UniqueConstraint("promotion_id", "order_line_id"),
        UniqueConstraint("promotion_id", "parcel_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(order_line_id IS NULL) <> (parcel_id IS NULL)", name="of_a_line_or_a_parcel"),
        CheckConstraint("(funder = 'facility') = (facility_id IS NOT NULL)", name="facility_pays_itself"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    promotion_id: Mapped[int] = mapped_column(ForeignKey("promotions.id"))
    label: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(24), default="", server_default="")  # as the buyer typed it
    funder: Mapped[Funder] = mapped_column(word_enum(Funder))
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"))  # that bears it
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"), index=True)
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcels.id"), index=True)
    amount: Mapped[int]

    line: Mapped[OrderLine | None] = relationship()
    parcel: Mapped[Parcel | None] = relationship()


@append_only
class OrderEvent(db.Model):
    """Something that happened to an order or one of its parcels: who, when, what, why."""

    __tablename__ = "order_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcels.id"))
    kind: Mapped[str] = mapped_column(String(40))
    from_status: Mapped[str] = mapped_column(String(32), default="")
    to_status: Mapped[str] = mapped_column(String(32), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()

    @property
    def words(self) -> str:
        """What happened beside the steps of order and parcels, in the language of the moment."""
        words = _HAPPENED.get(self.kind)
        if words is None:
            return self.note
        return str(words) % {"note": self.note, "amount": self.note.partition(" ")[0]}


_HAPPENED = {
    "proof": lazy("Bukti transfer diterima"),
    "proof_rejected": lazy("Bukti transfer ditolak: %(note)s"),
    "transfer_checked": lazy("Transfer ditemukan di mutasi, menunggu petugas kedua"),
    "qris_proof": lazy("Bukti pembayaran QRIS diterima"),
    "qris_proof_rejected": lazy("Bukti pembayaran QRIS ditolak: %(note)s"),
    "qris_checked": lazy("Pembayaran QRIS ditemukan di laporan, menunggu petugas kedua"),
    "review": lazy("Ada dana yang perlu diperiksa"),
    "refund": lazy("%(amount)s dikembalikan"),
    "refund_failed": lazy("Pengembalian %(amount)s tidak berhasil lewat cara bayar semula"),
    "account_changed": lazy("Rekening tujuan pengembalian diganti"),
    "surplus": lazy("Kelebihan %(amount)s akan dikembalikan"),
    "reduced": lazy("Tidak dapat dikirim: %(note)s"),
    "split": lazy("Kiriman dibagi: %(note)s"),
    "merged": lazy("Kiriman digabung: %(note)s"),
    "exchange": lazy("Barang pengganti disiapkan"),
    "address": lazy("Alamat pengiriman dibetulkan"),
    "message": lazy("Pesan kepada pembeli: %(note)s"),
    "late": lazy("Pembeli diberi tahu bahwa kirimannya terlambat"),
}
"""What an event's own kind says; steps of orders and parcels have their status words."""
