"""What somebody wants to find again: kept for an account, or for a browser that has none."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import BigId, db


class SavedProduct(db.Model):
    """One product on one list. The browser keeps a random token, the shop only its hash."""

    __tablename__ = "saved_products"
    __table_args__ = (
        UniqueConstraint("user_id", "product_id"),
        UniqueConstraint("token_hash", "product_id"),
        CheckConstraint("(user_id IS NULL) <> (token_hash IS NULL)", name="one_owner"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str | None] = mapped_column(String(64))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    price_seen: Mapped[int]  # rupiah at the time of saving
    saved_at: Mapped[datetime]
