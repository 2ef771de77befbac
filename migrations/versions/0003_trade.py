"""trade"""

import sqlalchemy as sa
from alembic import op

from storefront.core.db import UtcDateTime
from storefront.core.reshape import change_check, drop_rule

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


APPEND_ONLY = ("audit_entries", "order_discounts", "tracking_events")


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "length(hash) = 64 AND length(previous) = 64", name=op.f("ck_audit_entries_hashes_are_whole")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_audit_entries_number_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entries_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_audit_entries_number")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_entries_previous")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_action", ["action", "number"], unique=False)
        batch_op.create_index("ix_audit_entries_actor", ["actor_id", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entries_facility", ["facility_id", "number"], unique=False)
        batch_op.create_index("ix_audit_entries_subject", ["subject", "subject_id", "number"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("entries >= 0", name=op.f("ck_audit_head_entries_not_negative")),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "cached_places",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("vendor_id", sa.String(length=64), nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cached_places")),
        sa.UniqueConstraint("provider", "place", name=op.f("uq_cached_places_provider_place")),
    )
    op.create_table(
        "rate_sources",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("away_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_sources")),
        sa.UniqueConstraint("provider", name=op.f("uq_rate_sources_provider")),
    )
    op.create_table(
        "waybill_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("courier", sa.String(length=40), nullable=False),
        sa.Column("pattern", sa.String(length=300), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("pattern LIKE 'https://%'", name=op.f("ck_waybill_links_pattern_is_https")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waybill_links")),
        sa.UniqueConstraint("courier", name=op.f("uq_waybill_links_courier")),
    )
    op.create_table(
        "cached_rates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_code", sa.String(length=8), nullable=False),
        sa.Column("kilograms", sa.Integer(), nullable=False),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kilograms >= 1", name=op.f("ck_cached_rates_kilograms_positive")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_cached_rates_facility_id_facilities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cached_rates")),
        sa.UniqueConstraint(
            "provider",
            "facility_id",
            "district_code",
            "kilograms",
            name=op.f("uq_cached_rates_provider_facility_id_district_code_kilograms"),
        ),
    )
    with op.batch_alter_table("cached_rates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cached_rates_fetched_at"), ["fetched_at"], unique=False)

    op.create_table(
        "closed_days",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_closed_days_facility_id_facilities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
        sa.UniqueConstraint("facility_id", "day", name=op.f("uq_closed_days_facility_id_day")),
    )
    op.create_table(
        "fresh_areas",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_code", sa.String(length=8), nullable=False),
        sa.Column("district_label", sa.String(length=200), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("cutoff", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_fresh_areas_cost_not_negative")),
        sa.CheckConstraint("cutoff BETWEEN 0 AND 1439", name=op.f("ck_fresh_areas_cutoff_within_day")),
        sa.CheckConstraint("notice_days BETWEEN 0 AND 7", name=op.f("ck_fresh_areas_notice_within_week")),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_fresh_areas_some_weekday")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_fresh_areas_facility_id_facilities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fresh_areas")),
        sa.UniqueConstraint(
            "facility_id", "district_code", name=op.f("uq_fresh_areas_facility_id_district_code")
        ),
    )
    op.create_table(
        "promotions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "percent",
                "amount",
                "free_shipping",
                "fair_price",
                "bundle",
                name="promotionkind_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "scope",
            sa.Enum(
                "everything",
                "product",
                "category",
                "facility",
                "collection",
                "fair",
                name="promotionscope_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("scope_facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("collection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("fair_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("total_limit", sa.Integer(), nullable=True),
        sa.Column("person_limit", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column(
            "funder",
            sa.Enum(
                "pemprov",
                "office",
                "facility",
                name="funder_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(funder = 'facility') = (facility_id IS NOT NULL)",
            name=op.f("ck_promotions_facility_pays_itself"),
        ),
        sa.CheckConstraint(
            "(kind = 'amount' AND value > 0) OR (kind = 'free_shipping' AND value = 0) OR (kind IN ('percent', 'fair_price', 'bundle') AND value BETWEEN 1 AND 100)",
            name=op.f("ck_promotions_value_fits_kind"),
        ),
        sa.CheckConstraint(
            "(kind = 'bundle') = (pieces IS NOT NULL) AND (pieces IS NULL OR pieces BETWEEN 2 AND 999)",
            name=op.f("ck_promotions_bundle_has_pieces"),
        ),
        sa.CheckConstraint(
            "(scope = 'product') = (product_id IS NOT NULL) AND (scope = 'category') = (category_id IS NOT NULL) AND (scope = 'facility') = (scope_facility_id IS NOT NULL) AND (scope = 'collection') = (collection_id IS NOT NULL) AND (scope = 'fair') = (fair_id IS NOT NULL)",
            name=op.f("ck_promotions_scope_names_its_thing"),
        ),
        sa.CheckConstraint(
            "kind <> 'fair_price' OR (scope = 'fair' AND code IS NULL)",
            name=op.f("ck_promotions_fair_price_is_of_a_fair"),
        ),
        sa.CheckConstraint("code = upper(code)", name=op.f("ck_promotions_code_is_upper")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_promotions_dates_in_order")
        ),
        sa.CheckConstraint("maximum IS NULL OR maximum > 0", name=op.f("ck_promotions_maximum_positive")),
        sa.CheckConstraint("minimum >= 0", name=op.f("ck_promotions_minimum_not_negative")),
        sa.CheckConstraint(
            "person_limit IS NULL OR person_limit > 0", name=op.f("ck_promotions_person_limit_positive")
        ),
        sa.CheckConstraint(
            "used >= 0 AND (total_limit IS NULL OR (total_limit > 0 AND used <= total_limit))",
            name=op.f("ck_promotions_used_within_limit"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_promotions_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_promotions_collection_id_collections")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_promotions_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_promotions_ended_by_id_users")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_promotions_facility_id_facilities")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_promotions_fair_id_fairs")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_promotions_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["scope_facility_id"], ["facilities.id"], name=op.f("fk_promotions_scope_facility_id_facilities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
        sa.UniqueConstraint("code", name=op.f("uq_promotions_code")),
    )
    with op.batch_alter_table("promotions", schema=None) as batch_op:
        batch_op.create_index("ix_promotions_automatic", ["code", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_promotions_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "tracking_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parcel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_tracking_events_parcel_id_parcels")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_events")),
        sa.UniqueConstraint("parcel_id", "at", "words", name=op.f("uq_tracking_events_parcel_id_at_words")),
    )
    op.create_table(
        "promotion_people",
        sa.Column("promotion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("used BETWEEN 0 AND most", name=op.f("ck_promotion_people_used_within_limit")),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotions.id"], name=op.f("fk_promotion_people_promotion_id_promotions")
        ),
        sa.PrimaryKeyConstraint("promotion_id", "key", name=op.f("pk_promotion_people")),
    )
    op.create_table(
        "promotion_uses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("promotion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("other_key", sa.String(length=64), server_default="", nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "used",
                "released",
                name="usestate_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_promotion_uses_amount_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_promotion_uses_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotions.id"], name=op.f("fk_promotion_uses_promotion_id_promotions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_uses")),
        sa.UniqueConstraint("order_id", "promotion_id", name=op.f("uq_promotion_uses_order_id_promotion_id")),
    )
    with op.batch_alter_table("promotion_uses", schema=None) as batch_op:
        batch_op.create_index("ix_promotion_uses_promotion_id_state", ["promotion_id", "state"], unique=False)

    op.create_table(
        "order_discounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("promotion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=24), server_default="", nullable=False),
        sa.Column(
            "funder",
            sa.Enum(
                "pemprov",
                "office",
                "facility",
                name="funder_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parcel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(funder = 'facility') = (facility_id IS NOT NULL)",
            name=op.f("ck_order_discounts_facility_pays_itself"),
        ),
        sa.CheckConstraint(
            "(order_line_id IS NULL) <> (parcel_id IS NULL)",
            name=op.f("ck_order_discounts_of_a_line_or_a_parcel"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_order_discounts_amount_positive")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_order_discounts_facility_id_facilities")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_discounts_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_order_discounts_order_line_id_order_lines")
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_order_discounts_parcel_id_parcels")
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotions.id"], name=op.f("fk_order_discounts_promotion_id_promotions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_discounts")),
        sa.UniqueConstraint(
            "promotion_id", "order_line_id", name=op.f("uq_order_discounts_promotion_id_order_line_id")
        ),
        sa.UniqueConstraint(
            "promotion_id", "parcel_id", name=op.f("uq_order_discounts_promotion_id_parcel_id")
        ),
    )
    with op.batch_alter_table("order_discounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_discounts_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_discounts_order_line_id"), ["order_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_discounts_parcel_id"), ["parcel_id"], unique=False)

    op.create_table(
        "parcel_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parcel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_parcel_items_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_parcel_items_order_line_id_order_lines")
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_parcel_items_parcel_id_parcels")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_items")),
        sa.UniqueConstraint(
            "parcel_id", "order_line_id", name=op.f("uq_parcel_items_parcel_id_order_line_id")
        ),
    )
    with op.batch_alter_table("parcel_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcel_items_order_line_id"), ["order_line_id"], unique=False)

    with op.batch_alter_table("carts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=24), server_default="", nullable=False))

    _carry()

    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cancelled", sa.Integer(), server_default="0", nullable=False))
        batch_op.drop_index(batch_op.f("ix_order_lines_parcel_id"))
        batch_op.drop_constraint(batch_op.f("fk_order_lines_parcel_id_parcels"), type_="foreignkey")
        batch_op.drop_column("parcel_id")

    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("exchange_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("deliver_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("late_told_at", UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_parcels_order_id"), ["order_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_parcels_exchange_of_id_parcels"), "parcels", ["exchange_of_id"], ["id"]
        )

    _rules()
    for table in APPEND_ONLY:
        _guard(table)
    _move()


def downgrade() -> None:
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_parcels_exchange_of_id_parcels"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_parcels_order_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_parcels_order_id_facility_id"), ["order_id", "facility_id"]
        )
        batch_op.drop_column("late_told_at")
        batch_op.drop_column("deliver_on")
        batch_op.drop_column("exchange_of_id")

    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parcel_id", sa.INTEGER(), nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_order_lines_parcel_id_parcels"), "parcels", ["parcel_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_order_lines_parcel_id"), ["parcel_id"], unique=False)
        batch_op.drop_column("cancelled")

    with op.batch_alter_table("carts", schema=None) as batch_op:
        batch_op.drop_column("code")

    with op.batch_alter_table("parcel_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parcel_items_order_line_id"))

    op.drop_table("parcel_items")
    with op.batch_alter_table("order_discounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_discounts_parcel_id"))
        batch_op.drop_index(batch_op.f("ix_order_discounts_order_line_id"))
        batch_op.drop_index(batch_op.f("ix_order_discounts_order_id"))

    op.drop_table("order_discounts")
    with op.batch_alter_table("promotion_uses", schema=None) as batch_op:
        batch_op.drop_index("ix_promotion_uses_promotion_id_state")

    op.drop_table("promotion_uses")
    op.drop_table("promotion_people")
    op.drop_table("tracking_events")
    with op.batch_alter_table("promotions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promotions_facility_id"))
        batch_op.drop_index("ix_promotions_automatic")

    op.drop_table("promotions")
    op.drop_table("fresh_areas")
    op.drop_table("closed_days")
    with op.batch_alter_table("cached_rates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cached_rates_fetched_at"))

    op.drop_table("cached_rates")
    op.drop_table("waybill_links")
    op.drop_table("rate_sources")
    op.drop_table("cached_places")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_subject")
        batch_op.drop_index("ix_audit_entries_facility")
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))
        batch_op.drop_index("ix_audit_entries_actor")
        batch_op.drop_index("ix_audit_entries_action")

    op.drop_table("audit_entries")


def _rules() -> None:
    change_check("order_lines", "ck_order_lines_cancelled_within", "cancelled BETWEEN 0 AND quantity")
    change_check("parcels", "ck_parcels_exchange_is_free", "exchange_of_id IS NULL OR shipping_cost = 0")
    drop_rule("parcels", "uq_parcels_order_id_facility_id")
    change_check(
        "shipping_rates",
        "ck_shipping_rates_service_known",
        "service IN ('regular', 'express', 'cargo', 'local')",
    )
    change_check(
        "stock_movements",
        "ck_stock_movements_deltas_fit_kind",
        "(kind = 'received' AND on_hand_delta > 0 AND reserved_delta = 0) OR (kind = 'counted' AND reserved_delta = 0) OR (kind = 'reserved' AND on_hand_delta = 0 AND reserved_delta > 0) OR (kind = 'released' AND on_hand_delta = 0 AND reserved_delta < 0) OR (kind = 'sold' AND on_hand_delta < 0 AND reserved_delta = on_hand_delta) OR (kind = 'returned' AND on_hand_delta > 0 AND reserved_delta = 0) OR (kind = 'written_off' AND on_hand_delta < 0 AND reserved_delta = 0)",
    )
    change_check(
        "stock_movements",
        "ck_stock_movements_movementkind_known",
        "kind IN ('received', 'counted', 'reserved', 'released', 'sold', 'returned', 'written_off')",
    )


def _carry() -> None:
    """What lay in a parcel lies in it still, before the lines forget their parcel."""
    op.execute(
        "INSERT INTO parcel_items (parcel_id, order_line_id, quantity)"
        " SELECT parcel_id, id, quantity FROM order_lines"
    )


def _move() -> None:
    """Move what stands in older shops to where it is kept now."""
    # (further pieces: one function each, called here)
