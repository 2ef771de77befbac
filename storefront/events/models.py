"""Fairs: where the province shows the products, and what visitors bring from there."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.catalog.models import Product
from storefront.core.db import BigId, db
from storefront.core.models import Picture
from storefront.facilities.models import Facility


class Fair(db.Model):
    """A fair or bazaar. Its code travels on QR codes (`?e=CODE`) and stays on the order."""

    __tablename__ = "fairs"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("code = upper(code)", name="code_is_upper"),
        CheckConstraint("target IS NULL OR target >= 0", name="target_not_negative"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    venue: Mapped[str] = mapped_column(String(200))
    organiser: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    story: Mapped[str] = mapped_column(Text, default="")
    target: Mapped[int | None]  # rupiah that the organiser hopes for
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    card_key: Mapped[str] = mapped_column(String(80), default="", server_default="")  # beside shared links
    is_published: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]

    picture: Mapped[Picture | None] = relationship()
    facilities: Mapped[list[Facility]] = relationship(secondary="fair_facilities", order_by=Facility.name)
    picks: Mapped[list["FairProduct"]] = relationship(
        back_populates="fair", order_by="FairProduct.position", cascade="all, delete-orphan"
    )


class FairFacility(db.Model):
    """A facility that takes part in a fair."""

    __tablename__ = "fair_facilities"

    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id", ondelete="CASCADE"), primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facilities.id"), primary_key=True)


class FairProduct(db.Model):
    """A product that the organiser chose to show."""

    __tablename__ = "fair_products"

    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id", ondelete="CASCADE"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    fair: Mapped[Fair] = relationship(back_populates="picks")
    product: Mapped[Product] = relationship()
