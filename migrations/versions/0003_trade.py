"""trade"""

import sqlalchemy as sa
from alembic import op

from storefront.core.db import UtcDateTime
from storefront.core.reshape import change_check, drop_rule

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


APPEND_ONLY = (
    "audit_entries",
    "order_discounts",
    "payment_events",
    "refund_lines",
    "invoices",
    "invoice_taxes",
    "tracking_events",
)


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
        "invoice_counters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("merchant", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_invoice_counters_last_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_counters")),
        sa.UniqueConstraint("merchant", "period", name=op.f("uq_invoice_counters_merchant_period")),
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
        "cash_receipts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("taken_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("counted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("counted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(counted_by_id IS NULL) = (counted_at IS NULL)", name=op.f("ck_cash_receipts_counted_says_when")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_cash_receipts_amount_positive")),
        sa.CheckConstraint("taken_by_id <> counted_by_id", name=op.f("ck_cash_receipts_two_people")),
        sa.ForeignKeyConstraint(
            ["counted_by_id"], ["users.id"], name=op.f("fk_cash_receipts_counted_by_id_users")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_cash_receipts_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["users.id"], name=op.f("fk_cash_receipts_taken_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_receipts")),
        sa.UniqueConstraint("order_id", name=op.f("uq_cash_receipts_order_id")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("merchant", sa.String(length=12), nullable=False),
        sa.Column("seller", sa.String(length=160), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_invoices_sequence_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoices_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint(
            "merchant", "period", "sequence", name=op.f("uq_invoices_merchant_period_sequence")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint("order_id", name=op.f("uq_invoices_order_id")),
    )
    op.create_table(
        "order_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "whatsapp",
                "phone",
                "counter",
                name="source_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cart_token", sa.String(length=64), nullable=True),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_order_drafts_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_order_drafts_facility_id_facilities")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_drafts_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_drafts")),
        sa.UniqueConstraint("cart_token", name=op.f("uq_order_drafts_cart_token")),
        sa.UniqueConstraint("order_id", name=op.f("uq_order_drafts_order_id")),
    )
    with op.batch_alter_table("order_drafts", schema=None) as batch_op:
        batch_op.create_index("ix_order_drafts_facility_updated", ["facility_id", "updated_at"], unique=False)
        batch_op.create_index("ix_order_drafts_updated", ["updated_at", "id"], unique=False)

    op.create_table(
        "invoice_taxes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seller", sa.String(length=160), nullable=False),
        sa.Column(
            "profile",
            sa.Enum(
                "none",
                "ppn_effective_11",
                name="taxprofile_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.CheckConstraint("profile <> 'none'", name=op.f("ck_invoice_taxes_profile_has_rule")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_invoice_taxes_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["merchant_accounts.id"],
            name=op.f("fk_invoice_taxes_account_id_merchant_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_invoice_taxes_facility_id_facilities")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_taxes_invoice_id_invoices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_taxes")),
        sa.UniqueConstraint(
            "invoice_id", "facility_id", name=op.f("uq_invoice_taxes_invoice_id_facility_id")
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
        sa.Column("turned_back", sa.Boolean(), nullable=False),
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
        "complaint_cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parcel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "offered",
                "office",
                "accepted",
                "settled",
                "rejected",
                "withdrawn",
                name="casestatus_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "problem",
            sa.Enum(
                "damaged",
                "wrong",
                "missing",
                "not_as_described",
                "changed_mind",
                "refused",
                "bad_address",
                "not_home",
                "carrier",
                name="problem_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "wish",
            sa.Enum(
                "refund",
                "exchange",
                "other",
                name="wish_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("decide_by", UtcDateTime(), nullable=False),
        sa.Column("answer_by", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column(
            "remedy",
            sa.Enum(
                "refund",
                "exchange",
                "other",
                "nothing",
                name="remedy_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("with_shipping", sa.Boolean(), nullable=False),
        sa.Column("wants_goods", sa.Boolean(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "return_status",
            sa.Enum(
                "none",
                "asked",
                "sent",
                "received",
                name="returnstatus_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("courier", sa.String(length=40), nullable=False),
        sa.Column("waybill", sa.String(length=60), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=True),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("exchange_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(return_status = 'received') = (received_at IS NOT NULL)",
            name=op.f("ck_complaint_cases_received_has_moment"),
        ),
        sa.CheckConstraint(
            "(status IN ('open', 'offered', 'office', 'accepted')) = (answer_by IS NOT NULL)",
            name=op.f("ck_complaint_cases_live_has_deadline"),
        ),
        sa.CheckConstraint(
            "(status IN ('open', 'offered', 'office', 'accepted')) = (closed_at IS NULL)",
            name=op.f("ck_complaint_cases_closed_has_moment"),
        ),
        sa.CheckConstraint(
            "exchange_id IS NULL OR remedy = 'exchange'",
            name=op.f("ck_complaint_cases_exchange_is_the_remedy"),
        ),
        sa.CheckConstraint(
            "refund_id IS NULL OR remedy = 'refund'", name=op.f("ck_complaint_cases_refund_is_the_remedy")
        ),
        sa.CheckConstraint(
            "remedy IS NULL OR remedy <> 'nothing' OR NOT wants_goods",
            name=op.f("ck_complaint_cases_nothing_for_nothing"),
        ),
        sa.CheckConstraint(
            "return_status <> 'sent' OR waybill <> ''", name=op.f("ck_complaint_cases_sent_has_waybill")
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR remedy IS NULL", name=op.f("ck_complaint_cases_rejected_does_nothing")
        ),
        sa.CheckConstraint(
            "status NOT IN ('offered', 'accepted') OR remedy IS NOT NULL",
            name=op.f("ck_complaint_cases_says_what_is_done"),
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_complaint_cases_says_something")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_complaint_cases_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["parcels.id"], name=op.f("fk_complaint_cases_exchange_id_parcels")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_complaint_cases_facility_id_facilities")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_complaint_cases_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_complaint_cases_parcel_id_parcels")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_complaint_cases_refund_id_refunds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_cases")),
        sa.UniqueConstraint("exchange_id", name=op.f("uq_complaint_cases_exchange_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_complaint_cases_reference")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_complaint_cases_refund_id")),
    )
    with op.batch_alter_table("complaint_cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_complaint_cases_facility", ["facility_id", "status", "answer_by", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_complaint_cases_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_cases_parcel_id"), ["parcel_id"], unique=False)
        batch_op.create_index("ix_complaint_cases_status", ["status", "answer_by", "id"], unique=False)
        batch_op.create_index(
            "uq_complaint_cases_one_live",
            ["parcel_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('open', 'offered', 'office', 'accepted')"),
            postgresql_where=sa.text("status IN ('open', 'offered', 'office', 'accepted')"),
        )

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
        sa.PrimaryKeyConstraint("parcel_id", "order_line_id", name=op.f("pk_parcel_items")),
    )
    with op.batch_alter_table("parcel_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcel_items_order_line_id"), ["order_line_id"], unique=False)

    op.create_table(
        "payment_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "started",
                "pending",
                "charged",
                "failed",
                "expired",
                "refund_due",
                "refunded",
                "refund_failed",
                name="eventkind_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'charged' OR payment_id IS NOT NULL", name=op.f("ck_payment_events_charged_has_payment")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('refund_due', 'refunded', 'refund_failed') OR refund_id IS NOT NULL",
            name=op.f("ck_payment_events_refund_has_refund"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_payment_events_amount_not_negative")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_payment_events_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["payment_attempts.id"],
            name=op.f("fk_payment_events_attempt_id_payment_attempts"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_events_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_payment_events_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_payment_events_refund_id_refunds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_events")),
        sa.UniqueConstraint(
            "provider", "reference", "kind", name=op.f("uq_payment_events_provider_reference_kind")
        ),
    )
    with op.batch_alter_table("payment_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_events_order_id"), ["order_id"], unique=False)

    op.create_table(
        "refund_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parcel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("earlier", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(order_line_id IS NULL) <> (parcel_id IS NULL)",
            name=op.f("ck_refund_lines_of_a_line_or_a_parcel"),
        ),
        sa.CheckConstraint(
            "(order_line_id IS NULL) = (quantity = 0) AND quantity >= 0",
            name=op.f("ck_refund_lines_line_has_pieces"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_refund_lines_amount_not_negative")),
        sa.CheckConstraint("earlier >= 0", name=op.f("ck_refund_lines_earlier_not_negative")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_refund_lines_order_line_id_order_lines")
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_refund_lines_parcel_id_parcels")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_refund_lines_refund_id_refunds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_lines")),
        sa.UniqueConstraint("order_line_id", "earlier", name=op.f("uq_refund_lines_order_line_id_earlier")),
        sa.UniqueConstraint("parcel_id", name=op.f("uq_refund_lines_parcel_id")),
    )
    with op.batch_alter_table("refund_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_lines_refund_id"), ["refund_id"], unique=False)

    op.create_table(
        "complaint_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "buyer",
                "facility",
                "office",
                "shop",
                name="party_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("from_status", sa.String(length=32), nullable=False),
        sa.Column("to_status", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "party IN ('buyer', 'shop') OR actor_id IS NOT NULL",
            name=op.f("ck_complaint_entries_staff_have_names"),
        ),
        sa.CheckConstraint("to_status <> '' OR text <> ''", name=op.f("ck_complaint_entries_says_something")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_complaint_entries_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_cases.id"], name=op.f("fk_complaint_entries_case_id_complaint_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_entries")),
    )
    with op.batch_alter_table("complaint_entries", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_entries_of_case", ["case_id", "id"], unique=False)

    op.create_table(
        "complaint_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("restocked", sa.Integer(), nullable=False),
        sa.Column("written_off", sa.Integer(), nullable=False),
        sa.CheckConstraint("granted BETWEEN 0 AND quantity", name=op.f("ck_complaint_items_granted_within")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_complaint_items_quantity_positive")),
        sa.CheckConstraint(
            "restocked >= 0 AND written_off >= 0 AND restocked + written_off <= quantity",
            name=op.f("ck_complaint_items_back_within"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_cases.id"], name=op.f("fk_complaint_items_case_id_complaint_cases")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_complaint_items_order_line_id_order_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_items")),
        sa.UniqueConstraint(
            "case_id", "order_line_id", name=op.f("uq_complaint_items_case_id_order_line_id")
        ),
    )
    with op.batch_alter_table("complaint_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_items_order_line_id"), ["order_line_id"], unique=False)

    op.create_table(
        "complaint_photos",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_cases.id"], name=op.f("fk_complaint_photos_case_id_complaint_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_photos")),
        sa.UniqueConstraint("key", name=op.f("uq_complaint_photos_key")),
    )
    with op.batch_alter_table("complaint_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_photos_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("carts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=24), server_default="", nullable=False))

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "advice",
                sa.Enum(
                    "accept",
                    "refund",
                    "ask",
                    name="advice_known",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                server_default="ask",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("asked_at", UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_cases_owner_id_users"), "users", ["owner_id"], ["id"])

    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("parcel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_entries_parcel_id_parcels"), "parcels", ["parcel_id"], ["id"]
        )

    with op.batch_alter_table("journals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journals_reverses_id"), ["reverses_id"], unique=False)

    with op.batch_alter_table("merchant_accounts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "owner",
                sa.Enum(
                    "satker",
                    "koperasi",
                    name="accountowner_known",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                server_default="koperasi",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("qris_payload", sa.String(length=512), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("qris_name", sa.String(length=25), server_default="", nullable=False))
        batch_op.add_column(sa.Column("nmid", sa.String(length=15), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column(
                "tax",
                sa.Enum(
                    "none",
                    "ppn_effective_11",
                    name="taxprofile_known",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                server_default="none",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "status",
                sa.Enum(
                    "standing",
                    "proposed",
                    "approved",
                    "declined",
                    name="accountstatus_known",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                server_default="standing",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("decided_at", UtcDateTime(), nullable=True))
        batch_op.create_index(
            "uq_merchant_accounts_proposed",
            ["facility_id"],
            unique=True,
            sqlite_where=sa.text("status = 'proposed'"),
            postgresql_where=sa.text("status = 'proposed'"),
        )
        batch_op.create_index(
            "uq_merchant_accounts_proposed_office",
            ["status"],
            unique=True,
            sqlite_where=sa.text("status = 'proposed' AND facility_id IS NULL"),
            postgresql_where=sa.text("status = 'proposed' AND facility_id IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_merchant_accounts_decided_by_id_users"), "users", ["decided_by_id"], ["id"]
        )

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
        batch_op.add_column(sa.Column("pickup_code", sa.String(length=8), server_default="", nullable=False))
        batch_op.add_column(sa.Column("late_told_at", UtcDateTime(), nullable=True))
        batch_op.create_index("ix_parcels_facility_newest", ["facility_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parcels_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_parcels_status", ["status"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_parcels_exchange_of_id_parcels"), "parcels", ["exchange_of_id"], ["id"]
        )

    with op.batch_alter_table("payment_attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("method", sa.String(length=16), server_default="", nullable=False))
        batch_op.drop_index(
            batch_op.f("uq_payment_attempts_open_transfer"),
            sqlite_where=sa.text("status = 'started' AND account_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_payment_attempts_open_code",
            ["account_id", "amount"],
            unique=True,
            sqlite_where=sa.text("status = 'started' AND unique_code > 0"),
            postgresql_where=sa.text("status = 'started' AND unique_code > 0"),
        )

    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("by_hand", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(
            sa.Column("sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("destination", sa.Text(), server_default="", nullable=False))
        batch_op.create_index("ix_refunds_status_requested_at", ["status", "requested_at"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_refunds_payment_id_key"), ["payment_id", "key"])
        batch_op.create_foreign_key(
            batch_op.f("fk_refunds_sent_by_id_users"), "users", ["sent_by_id"], ["id"]
        )

    _rules()
    for table in APPEND_ONLY:
        _guard(table)
    _move()


def downgrade() -> None:
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_refunds_sent_by_id_users"), type_="foreignkey")
        batch_op.drop_index("ix_refunds_status_requested_at")
        batch_op.create_unique_constraint(batch_op.f("uq_refunds_payment_id"), ["payment_id"])
        batch_op.drop_column("destination")
        batch_op.drop_column("sent_by_id")
        batch_op.drop_column("by_hand")
        batch_op.drop_column("key")

    with op.batch_alter_table("payment_attempts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_payment_attempts_open_code",
            sqlite_where=sa.text("status = 'started' AND unique_code > 0"),
            postgresql_where=sa.text("status = 'started' AND unique_code > 0"),
        )
        batch_op.create_index(
            batch_op.f("uq_payment_attempts_open_transfer"),
            ["account_id", "amount"],
            unique=1,
            sqlite_where=sa.text("status = 'started' AND account_id IS NOT NULL"),
        )
        batch_op.drop_column("method")

    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_parcels_exchange_of_id_parcels"), type_="foreignkey")
        batch_op.drop_index("ix_parcels_status")
        batch_op.drop_index(batch_op.f("ix_parcels_order_id"))
        batch_op.drop_index("ix_parcels_facility_newest")
        batch_op.create_unique_constraint(
            batch_op.f("uq_parcels_order_id_facility_id"), ["order_id", "facility_id"]
        )
        batch_op.drop_column("late_told_at")
        batch_op.drop_column("pickup_code")
        batch_op.drop_column("deliver_on")
        batch_op.drop_column("exchange_of_id")

    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parcel_id", sa.INTEGER(), nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_order_lines_parcel_id_parcels"), "parcels", ["parcel_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_order_lines_parcel_id"), ["parcel_id"], unique=False)
        batch_op.drop_column("cancelled")

    with op.batch_alter_table("merchant_accounts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_merchant_accounts_decided_by_id_users"), type_="foreignkey")
        batch_op.drop_index(
            "uq_merchant_accounts_proposed_office",
            sqlite_where=sa.text("status = 'proposed' AND facility_id IS NULL"),
            postgresql_where=sa.text("status = 'proposed' AND facility_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_merchant_accounts_proposed",
            sqlite_where=sa.text("status = 'proposed'"),
            postgresql_where=sa.text("status = 'proposed'"),
        )
        batch_op.drop_column("decided_at")
        batch_op.drop_column("decided_by_id")
        batch_op.drop_column("status")
        batch_op.drop_column("tax")
        batch_op.drop_column("nmid")
        batch_op.drop_column("qris_name")
        batch_op.drop_column("qris_payload")
        batch_op.drop_column("owner")

    with op.batch_alter_table("journals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journals_reverses_id"))
        batch_op.create_unique_constraint(batch_op.f("uq_journals_reverses_id"), ["reverses_id"])

    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_entries_parcel_id_parcels"), type_="foreignkey")
        batch_op.drop_column("parcel_id")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cases_owner_id_users"), type_="foreignkey")
        batch_op.drop_column("asked_at")
        batch_op.drop_column("due_at")
        batch_op.drop_column("owner_id")
        batch_op.drop_column("advice")

    with op.batch_alter_table("carts", schema=None) as batch_op:
        batch_op.drop_column("code")

    with op.batch_alter_table("complaint_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_photos_case_id"))

    op.drop_table("complaint_photos")
    with op.batch_alter_table("complaint_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_items_order_line_id"))

    op.drop_table("complaint_items")
    with op.batch_alter_table("complaint_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_complaint_entries_of_case")

    op.drop_table("complaint_entries")
    with op.batch_alter_table("refund_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_lines_refund_id"))

    op.drop_table("refund_lines")
    with op.batch_alter_table("payment_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_events_order_id"))

    op.drop_table("payment_events")
    with op.batch_alter_table("parcel_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parcel_items_order_line_id"))

    op.drop_table("parcel_items")
    with op.batch_alter_table("order_discounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_discounts_parcel_id"))
        batch_op.drop_index(batch_op.f("ix_order_discounts_order_line_id"))
        batch_op.drop_index(batch_op.f("ix_order_discounts_order_id"))

    op.drop_table("order_discounts")
    with op.batch_alter_table("complaint_cases", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_complaint_cases_one_live",
            sqlite_where=sa.text("status IN ('open', 'offered', 'office', 'accepted')"),
            postgresql_where=sa.text("status IN ('open', 'offered', 'office', 'accepted')"),
        )
        batch_op.drop_index("ix_complaint_cases_status")
        batch_op.drop_index(batch_op.f("ix_complaint_cases_parcel_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_cases_order_id"))
        batch_op.drop_index("ix_complaint_cases_facility")

    op.drop_table("complaint_cases")
    with op.batch_alter_table("promotion_uses", schema=None) as batch_op:
        batch_op.drop_index("ix_promotion_uses_promotion_id_state")

    op.drop_table("promotion_uses")
    op.drop_table("promotion_people")
    op.drop_table("tracking_events")
    with op.batch_alter_table("promotions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promotions_facility_id"))
        batch_op.drop_index("ix_promotions_automatic")

    op.drop_table("promotions")
    op.drop_table("invoice_taxes")
    with op.batch_alter_table("order_drafts", schema=None) as batch_op:
        batch_op.drop_index("ix_order_drafts_updated")
        batch_op.drop_index("ix_order_drafts_facility_updated")

    op.drop_table("order_drafts")
    op.drop_table("invoices")
    op.drop_table("cash_receipts")
    op.drop_table("fresh_areas")
    op.drop_table("closed_days")
    with op.batch_alter_table("cached_rates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cached_rates_fetched_at"))

    op.drop_table("cached_rates")
    op.drop_table("waybill_links")
    op.drop_table("rate_sources")
    op.drop_table("invoice_counters")
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
    change_check("cases", "ck_cases_advice_known", "advice IN ('accept', 'refund', 'ask')")
    drop_rule("journals", "uq_journals_reverses_id")
    change_check(
        "merchant_accounts", "ck_merchant_accounts_accountowner_known", "owner IN ('satker', 'koperasi')"
    )
    change_check(
        "merchant_accounts",
        "ck_merchant_accounts_accountstatus_known",
        "status IN ('standing', 'proposed', 'approved', 'declined')",
    )
    change_check(
        "merchant_accounts",
        "ck_merchant_accounts_approved_by_two",
        "status <> 'approved' OR (created_by_id IS NOT NULL AND decided_by_id IS NOT NULL)",
    )
    change_check(
        "merchant_accounts", "ck_merchant_accounts_qris_has_nmid", "qris_payload = '' OR length(nmid) = 15"
    )
    change_check(
        "merchant_accounts", "ck_merchant_accounts_taxprofile_known", "tax IN ('none', 'ppn_effective_11')"
    )
    change_check("merchant_accounts", "ck_merchant_accounts_two_people", "created_by_id <> decided_by_id")
    change_check("order_lines", "ck_order_lines_cancelled_within", "cancelled BETWEEN 0 AND quantity")
    change_check("parcels", "ck_parcels_exchange_is_free", "exchange_of_id IS NULL OR shipping_cost = 0")
    drop_rule("parcels", "uq_parcels_order_id_facility_id")
    change_check(
        "refunds",
        "ck_refunds_two_people",
        "sent_by_id IS NULL OR requested_by_id IS NULL OR sent_by_id <> requested_by_id",
    )
    drop_rule("refunds", "uq_refunds_payment_id")
    # NEW UNIQUE on old table refunds.uq_refunds_payment_id_key: autogenerate must make it
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
    _guard_again("entries")
    _move_refunds()
    _move_money()
    # (further pieces: one function each, called here)


def _move_refunds() -> None:
    """Refunds were of whole payments: each says now what it was for."""
    op.execute("UPDATE refunds SET key = 'whole'")
    op.execute(
        "UPDATE refunds SET by_hand = true WHERE status = 'failed'"
        " OR payment_id IN (SELECT id FROM payments WHERE provider = 'transfer')"
    )
    of_sale = (
        " FROM refunds r JOIN payments p ON p.id = r.payment_id"
        " JOIN journals j ON j.key = 'capture:' || p.provider || ':' || p.reference"
    )
    op.execute(
        "INSERT INTO refund_lines (refund_id, order_line_id, quantity, earlier, amount)"
        " SELECT r.id, l.id, l.quantity, 0, l.total"
        + of_sale
        + " JOIN order_lines l ON l.order_id = j.order_id"
    )
    op.execute(
        "INSERT INTO refund_lines (refund_id, parcel_id, quantity, earlier, amount)"
        " SELECT r.id, s.id, 0, 0, s.shipping_cost"
        + of_sale
        + " JOIN parcels s ON s.order_id = j.order_id WHERE s.shipping_cost > 0"
    )
    op.execute(
        "UPDATE order_lines SET cancelled = quantity WHERE id IN"
        " (SELECT order_line_id FROM refund_lines WHERE order_line_id IS NOT NULL)"
        " AND order_id IN (SELECT id FROM orders WHERE status = 'cancelled')"
    )


def _move_money() -> None:
    """What happened to money so far, as events; what cases usually need."""
    into = (
        "INSERT INTO payment_events (kind, provider, reference, order_id, attempt_id, payment_id, refund_id,"
    )
    into += " amount, currency, actor_id, at)"
    op.execute(
        into + " SELECT 'started', provider, idempotency_key, order_id, id, NULL, NULL, amount, 'IDR', NULL,"
        " created_at FROM payment_attempts ORDER BY id"
    )
    op.execute(
        into + " SELECT status, provider, idempotency_key, order_id, id, NULL, NULL, amount, 'IDR', NULL,"
        " coalesce(closed_at, expires_at) FROM payment_attempts WHERE status IN ('failed', 'expired') ORDER BY id"
    )
    op.execute(
        into + " SELECT 'charged', provider, reference, order_id, attempt_id, id, NULL, amount, currency,"
        " recorded_by_id, received_at FROM payments ORDER BY id"
    )
    of_refund = " p.provider, 'refund-' || r.id, r.order_id, NULL, p.id, r.id, r.amount, p.currency, r.requested_by_id,"
    op.execute(
        into + " SELECT 'refund_due'," + of_refund + " r.requested_at FROM refunds r"
        " JOIN payments p ON p.id = r.payment_id ORDER BY r.id"
    )
    op.execute(
        into + " SELECT 'refunded'," + of_refund + " COALESCE(r.sent_at, r.requested_at) FROM refunds r"
        " JOIN payments p ON p.id = r.payment_id WHERE r.status = 'sent' ORDER BY r.id"
    )
    op.execute(
        "UPDATE cases SET advice = 'refund' WHERE kind IN ('double', 'foreign_currency', 'refund_failed')"
    )
    op.execute("UPDATE cases SET advice = 'accept' WHERE kind IN ('late', 'overpaid')")
    op.execute(
        "UPDATE payment_attempts SET method = CASE provider WHEN 'stripe' THEN 'card' ELSE provider END"
    )


def _guard_again(table: str) -> None:
    """On SQLite a table that got a column with a key was written anew, without its triggers."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
