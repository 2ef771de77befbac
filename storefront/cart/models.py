"""A cart on the server: it survives the browser, and remembers what was seen when adding."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.catalog.models import Variant
from storefront.core.db import BigId, db


class Cart(db.Model):
    """What somebody wants to buy. The browser keeps a random token, the shop only its hash."""

    __tablename__ = "carts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    fair_id: Mapped[int | None] = mapped_column(ForeignKey("fairs.id"))
    district_code: Mapped[str | None] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(24), default="", server_default="")  # of a voucher
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # it became an order; kept so that a second click finds that

    lines: Mapped[list["CartLine"]] = relationship(
        back_populates="cart", order_by="CartLine.id", cascade="all, delete-orphan"
    )


class CartLine(db.Model):
    """One wish. The same variant may stand in two lines when the words to put on it differ."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id", "note"),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity_sane"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    quantity: Mapped[int]
    note: Mapped[str] = mapped_column(String(120), default="")
    price_seen: Mapped[int]  # rupiah at the time of adding
    added_at: Mapped[datetime]

    cart: Mapped[Cart] = relationship(back_populates="lines")
    variant: Mapped[Variant] = relationship()
