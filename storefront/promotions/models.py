"""Vouchers and automatic offers, and how often they were used."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import BigId, db, word_enum


class PromotionKind(StrEnum):
    PERCENT = "percent"  # `value` per cent off the goods
    AMOUNT = "amount"  # `value` rupiah off the goods
    FREE_SHIPPING = "free_shipping"  # the delivery costs nothing, up to `maximum`
    FAIR_PRICE = "fair_price"  # `value` per cent off for who comes through a fair, without a code
    BUNDLE = "bundle"  # `value` per cent off from `pieces` pieces on


class PromotionScope(StrEnum):
    EVERYTHING = "everything"
    PRODUCT = "product"
    CATEGORY = "category"
    FACILITY = "facility"
    COLLECTION = "collection"
    FAIR = "fair"  # orders that came through the fair's code


class Funder(StrEnum):
    """Who bears a discount. A facility bears only what is taken off its own goods and parcels."""

    PEMPROV = "pemprov"
    OFFICE = "office"
    FACILITY = "facility"


class UseState(StrEnum):
    HELD = "held"  # the order waits for its money
    USED = "used"
    RELEASED = "released"  # nothing came of the order: somebody else may have it


NEXT_USE: dict[UseState, set[UseState]] = {
    UseState.HELD: {UseState.USED, UseState.RELEASED},
    UseState.USED: {UseState.RELEASED},
    # Late money that is accepted revives an expired order, and takes its uses again.
    UseState.RELEASED: {UseState.USED},
}

_SCOPES = "product_id", "category_id", "scope_facility_id", "collection_id", "fair_id"


class Promotion(db.Model):
    """A voucher (with a code) or an automatic offer (without one). Days are WIB, both included.

    `used` counts the orders that hold or have used it; the table itself keeps it within the limit.
    """

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint("code = upper(code)", name="code_is_upper"),
        CheckConstraint(
            "(kind = 'amount' AND value > 0) OR (kind = 'free_shipping' AND value = 0)"
            " OR (kind IN ('percent', 'fair_price', 'bundle') AND value BETWEEN 1 AND 100)",
            name="value_fits_kind",
        ),
        CheckConstraint(
            "(kind = 'bundle') = (pieces IS NOT NULL) AND (pieces IS NULL OR pieces BETWEEN 2 AND 999)",
            name="bundle_has_pieces",
        ),
        CheckConstraint("minimum >= 0", name="minimum_not_negative"),
        CheckConstraint("maximum IS NULL OR maximum > 0", name="maximum_positive"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("person_limit IS NULL OR person_limit > 0", name="person_limit_positive"),
        CheckConstraint(
            "used >= 0 AND (total_limit IS NULL OR (total_limit > 0 AND used <= total_limit))",
            name="used_within_limit",
        ),
        CheckConstraint("(funder = 'facility') = (facility_id IS NOT NULL)", name="facility_pays_itself"),
        CheckConstraint(
            " AND ".join(
                f"(scope = '{scope}') = ({column} IS NOT NULL)"
                for scope, column in zip(list(PromotionScope)[1:], _SCOPES, strict=True)
            ),
            name="scope_names_its_thing",
        ),
        CheckConstraint(
            "kind <> 'fair_price' OR (scope = 'fair' AND code IS NULL)", name="fair_price_is_of_a_fair"
        ),
        Index("ix_promotions_automatic", "code", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str | None] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[PromotionKind] = mapped_column(word_enum(PromotionKind))
    value: Mapped[int]  # per cent or rupiah, see PromotionKind
    pieces: Mapped[int | None]
    minimum: Mapped[int] = mapped_column(default=0)  # rupiah of the goods in scope, before discounts
    maximum: Mapped[int | None]  # rupiah that one order gets at most
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    scope: Mapped[PromotionScope] = mapped_column(word_enum(PromotionScope))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    scope_facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"))
    collection_id: Mapped[int | None] = mapped_column(ForeignKey("collections.id"))
    fair_id: Mapped[int | None] = mapped_column(ForeignKey("fairs.id"))
    total_limit: Mapped[int | None]
    person_limit: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    funder: Mapped[Funder] = mapped_column(word_enum(Funder))
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]


class PromotionUse(db.Model):
    """One order's use of a promotion, however many parcels it has. `amount` is what it took off."""

    __tablename__ = "promotion_uses"
    __table_args__ = (
        UniqueConstraint("order_id", "promotion_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_promotion_uses_promotion_id_state", "promotion_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    promotion_id: Mapped[int] = mapped_column(ForeignKey("promotions.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    person_key: Mapped[str] = mapped_column(String(64))  # of the telephone number
    other_key: Mapped[str] = mapped_column(String(64), default="", server_default="")  # of the e-mail address
    amount: Mapped[int]
    state: Mapped[UseState] = mapped_column(word_enum(UseState), default=UseState.HELD)
    held_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class PromotionPerson(db.Model):
    """How often one person holds or has used a promotion that is limited for each.

    Who it is cannot be read from the key: it is a keyed hash of a telephone number or e-mail address.
    `most` repeats the promotion's limit, so that the table itself keeps to it.
    """

    __tablename__ = "promotion_people"
    __table_args__ = (CheckConstraint("used BETWEEN 0 AND most", name="used_within_limit"),)

    promotion_id: Mapped[int] = mapped_column(ForeignKey("promotions.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    used: Mapped[int] = mapped_column(default=0)
    most: Mapped[int]
