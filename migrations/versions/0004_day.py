"""day"""

import sqlalchemy as sa
from alembic import op

from storefront.core.db import UtcDateTime
from storefront.core.reshape import change_check

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


APPEND_ONLY = ("change_events", "stock_transfers", "batch_moves", "page_versions")


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
        "food_rules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "need",
            sa.Enum(
                "permit",
                "md",
                "no_permit",
                "halal",
                "no_halal",
                name="foodneed_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("over_days", sa.Integer(), nullable=True),
        sa.Column("legal_ref", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("legal_ref <> ''", name=op.f("ck_food_rules_names_its_law")),
        sa.CheckConstraint(
            "over_days IS NULL OR over_days BETWEEN 1 AND 365", name=op.f("ck_food_rules_over_days_sane")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_food_rules_category_id_categories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_food_rules_created_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_food_rules")),
        sa.UniqueConstraint(
            "category_id", "need", "valid_from", name=op.f("uq_food_rules_category_id_need_valid_from")
        ),
    )
    op.create_table(
        "letter_choices",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_weekly", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("language", sa.String(length=2), server_default="id", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_letter_choices_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_letter_choices")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("for_all", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("title <> '' AND body <> ''", name=op.f("ck_notices_says_something")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_notices_withdrawn_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_notices_created_by_id_users")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["users.id"], name=op.f("fk_notices_withdrawn_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("once", name=op.f("uq_notices_once")),
    )
    op.create_table(
        "page_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "slug",
            sa.Enum(
                "cara-belanja",
                "tentang",
                "privasi",
                "syarat",
                name="pageslug_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "body <> '' OR language <> 'id'", name=op.f("ck_page_versions_indonesian_says_something")
        ),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_page_versions_language_known")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_page_versions_says_why")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_page_versions_has_title")),
        sa.CheckConstraint("number > 0", name=op.f("ck_page_versions_number_positive")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_page_versions_created_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_versions")),
        sa.UniqueConstraint("slug", "language", "number", name=op.f("uq_page_versions_slug_language_number")),
    )
    op.create_table(
        "picture_originals",
        sa.Column(
            "picture_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("crop_x", sa.Integer(), nullable=False),
        sa.Column("crop_y", sa.Integer(), nullable=False),
        sa.Column("crop_w", sa.Integer(), nullable=False),
        sa.Column("crop_h", sa.Integer(), nullable=False),
        sa.Column("keep_until", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "crop_x >= 0 AND crop_y >= 0 AND crop_w > 0 AND crop_h > 0 AND crop_x + crop_w <= 1000 AND crop_y + crop_h <= 1000",
            name=op.f("ck_picture_originals_crop_inside"),
        ),
        sa.CheckConstraint(
            "turn IN (0, 90, 180, 270)", name=op.f("ck_picture_originals_turn_is_right_angle")
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["pictures.id"],
            name=op.f("fk_picture_originals_picture_id_pictures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_picture_originals")),
        sa.UniqueConstraint("key", name=op.f("uq_picture_originals_key")),
    )
    with op.batch_alter_table("picture_originals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_picture_originals_keep_until"), ["keep_until"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_user_id"), ["user_id"], unique=False)

    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("last_step > 0", name=op.f("ck_second_factors_step_is_known")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "word_rules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "refused",
                "warned",
                "allowed",
                name="wordverdict_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("word <> '' AND word = lower(word)", name=op.f("ck_word_rules_word_is_folded")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_word_rules_created_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_rules")),
        sa.UniqueConstraint("word", name=op.f("uq_word_rules_word")),
    )
    op.create_table(
        "bulk_edits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("once <> ''", name=op.f("ck_bulk_edits_has_once")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_bulk_edits_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_bulk_edits_facility_id_facilities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_edits")),
        sa.UniqueConstraint("facility_id", "once", name=op.f("uq_bulk_edits_facility_id_once")),
    )
    op.create_table(
        "closing_days",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_closing_days_says_why")),
        sa.CheckConstraint("last >= first", name=op.f("ck_closing_days_days_in_order")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_closing_days_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_closing_days_facility_id_facilities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_days")),
    )
    with op.batch_alter_table("closing_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_days_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "mapping",
                "preview",
                "running",
                "done",
                "cancelled",
                name="importstatus_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("zip_key", sa.String(length=80), nullable=False),
        sa.Column("zip_name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'done') = (finished_at IS NOT NULL)", name=op.f("ck_imports_done_has_moment")
        ),
        sa.CheckConstraint(
            "status NOT IN ('running', 'done') OR confirmed_at IS NOT NULL",
            name=op.f("ck_imports_runs_confirmed"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_imports_created_by_id_users")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_imports_facility_id_facilities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index("ix_imports_facility_newest", ["facility_id", "id"], unique=False)

    op.create_table(
        "message_texts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.String(length=500), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("body <> ''", name=op.f("ck_message_texts_has_words")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_message_texts_facility_id_facilities")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["users.id"], name=op.f("fk_message_texts_updated_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_texts")),
        sa.UniqueConstraint("facility_id", "kind", name=op.f("uq_message_texts_facility_id_kind")),
    )
    op.create_table(
        "notice_places",
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_notice_places_facility_id_facilities")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_places_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notice_id", "facility_id", name=op.f("pk_notice_places")),
    )
    with op.batch_alter_table("notice_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_places_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "notice_reads",
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_reads_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notice_reads_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notice_id", "user_id", name=op.f("pk_notice_reads")),
    )
    with op.batch_alter_table("notice_reads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_reads_user_id"), ["user_id"], unique=False)

    op.create_table(
        "packagings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("length_cm", sa.Integer(), nullable=False),
        sa.Column("width_cm", sa.Integer(), nullable=False),
        sa.Column("height_cm", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length_cm BETWEEN 1 AND 300 AND width_cm BETWEEN 1 AND 300 AND height_cm BETWEEN 1 AND 300",
            name=op.f("ck_packagings_size_sane"),
        ),
        sa.CheckConstraint("weight BETWEEN 0 AND 50000", name=op.f("ck_packagings_weight_sane")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_packagings_facility_id_facilities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packagings")),
        sa.UniqueConstraint("facility_id", "name", name=op.f("uq_packagings_facility_id_name")),
    )
    op.create_table(
        "page_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "approved",
                "returned",
                "withdrawn",
                name="pagechangestatus_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("cover_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_page_changes_decided_has_day")
        ),
        sa.CheckConstraint(
            "status <> 'approved' OR decided_by_id IS NOT NULL AND decided_by_id <> created_by_id",
            name=op.f("ck_page_changes_approved_by_another"),
        ),
        sa.CheckConstraint(
            "status <> 'returned' OR comment <> ''", name=op.f("ck_page_changes_returned_says_why")
        ),
        sa.CheckConstraint(
            "status = 'waiting' OR cover_id IS NULL", name=op.f("ck_page_changes_cover_waits")
        ),
        sa.ForeignKeyConstraint(
            ["cover_id"], ["pictures.id"], name=op.f("fk_page_changes_cover_id_pictures")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_page_changes_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_page_changes_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_page_changes_facility_id_facilities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_changes")),
    )
    with op.batch_alter_table("page_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_changes_cover_id"), ["cover_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_changes_facility_id"), ["facility_id"], unique=False)
        batch_op.create_index(
            "uq_page_changes_waiting",
            ["facility_id"],
            unique=True,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )

    op.create_table(
        "photo_gates",
        sa.Column(
            "picture_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "approved",
                "rejected",
                "withdrawn",
                name="gatestate_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("uploaded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("is_from_before", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("mark_x", sa.Integer(), nullable=True),
        sa.Column("mark_y", sa.Integer(), nullable=True),
        sa.Column("mark_w", sa.Integer(), nullable=True),
        sa.Column("mark_h", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_photo_gates_decided_has_moment")
        ),
        sa.CheckConstraint(
            "(state IN ('rejected', 'withdrawn')) = (reason <> '')",
            name=op.f("ck_photo_gates_rejected_says_why"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> uploaded_by_id OR state = 'withdrawn'",
            name=op.f("ck_photo_gates_second_person"),
        ),
        sa.CheckConstraint(
            "state IN ('rejected', 'withdrawn') OR mark_x IS NULL",
            name=op.f("ck_photo_gates_mark_is_of_rejected"),
        ),
        sa.CheckConstraint(
            "uploaded_by_id IS NOT NULL OR state = 'withdrawn'",
            name=op.f("ck_photo_gates_gated_has_uploader"),
        ),
        sa.CheckConstraint(
            "(mark_x IS NULL) = (mark_y IS NULL) AND (mark_x IS NULL) = (mark_w IS NULL) AND (mark_x IS NULL) = (mark_h IS NULL)",
            name=op.f("ck_photo_gates_mark_is_whole"),
        ),
        sa.CheckConstraint(
            "decided_at IS NOT NULL OR decided_by_id IS NULL", name=op.f("ck_photo_gates_decider_has_moment")
        ),
        sa.CheckConstraint(
            "mark_x IS NULL OR (mark_x >= 0 AND mark_y >= 0 AND mark_w > 0 AND mark_h > 0 AND mark_x + mark_w <= 1000 AND mark_y + mark_h <= 1000)",
            name=op.f("ck_photo_gates_mark_inside"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_photo_gates_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_photo_gates_facility_id_facilities")
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["pictures.id"],
            name=op.f("fk_photo_gates_picture_id_pictures"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_photo_gates_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_photo_gates")),
    )
    with op.batch_alter_table("photo_gates", schema=None) as batch_op:
        batch_op.create_index("ix_photo_gates_queue", ["facility_id", "state", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_photo_gates_uploaded_by_id"), ["uploaded_by_id"], unique=False)

    op.create_table(
        "product_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_product_drafts_revision_counts")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_product_drafts_facility_id_facilities")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["users.id"], name=op.f("fk_product_drafts_updated_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_drafts")),
        sa.UniqueConstraint("key", name=op.f("uq_product_drafts_key")),
    )
    with op.batch_alter_table("product_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_drafts_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "draft_pictures",
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["product_drafts.id"],
            name=op.f("fk_draft_pictures_draft_id_product_drafts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["pictures.id"],
            name=op.f("fk_draft_pictures_picture_id_pictures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_draft_pictures")),
    )
    with op.batch_alter_table("draft_pictures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_pictures_draft_id"), ["draft_id"], unique=False)

    op.create_table(
        "workshop_weeks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workshop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.CheckConstraint("booked <= capacity", name=op.f("ck_workshop_weeks_booked_within_capacity")),
        sa.CheckConstraint("booked >= 0", name=op.f("ck_workshop_weeks_booked_not_negative")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshops.id"], name=op.f("fk_workshop_weeks_workshop_id_workshops")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_weeks")),
        sa.UniqueConstraint("workshop_id", "week", name=op.f("uq_workshop_weeks_workshop_id_week")),
    )
    op.create_table(
        "change_photos",
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uploaded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["pictures.id"], name=op.f("fk_change_photos_picture_id_pictures")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_change_photos_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_change_photos_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_change_photos")),
    )
    with op.batch_alter_table("change_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_photos_product_id"), ["product_id"], unique=False)

    op.create_table(
        "import_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "new",
                "changed",
                "same",
                "wrong",
                name="verdict_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("photos_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "done_at IS NULL OR verdict IN ('new', 'changed', 'same')",
            name=op.f("ck_import_rows_done_was_right"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_import_rows_number_positive")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id_imports")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_import_rows_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_rows_import_id_number")),
    )
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.create_index("ix_import_rows_family", ["import_id", "family"], unique=False)
        batch_op.create_index("ix_import_rows_verdict", ["import_id", "verdict", "number"], unique=False)

    op.create_table(
        "product_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "submitted",
                "returned",
                "approved",
                "withdrawn",
                name="changestatus_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("marked", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status <> 'approved' OR decided_at IS NOT NULL",
            name=op.f("ck_product_changes_approved_has_moment"),
        ),
        sa.CheckConstraint(
            "status <> 'returned' OR comment <> ''", name=op.f("ck_product_changes_returned_says_why")
        ),
        sa.CheckConstraint(
            "status <> 'submitted' OR submitted_at IS NOT NULL",
            name=op.f("ck_product_changes_submitted_has_moment"),
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_product_changes_revision_positive")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_product_changes_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_product_changes_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_changes_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_changes")),
    )
    with op.batch_alter_table("product_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_changes_product_id"), ["product_id"], unique=False)
        batch_op.create_index("ix_product_changes_queue", ["status", "submitted_at"], unique=False)
        batch_op.create_index(
            "uq_product_changes_alive",
            ["product_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('open', 'submitted', 'returned')"),
            postgresql_where=sa.text("status IN ('open', 'submitted', 'returned')"),
        )

    op.create_table(
        "batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("best_before", sa.Date(), nullable=False),
        sa.Column("sell_until", sa.Date(), nullable=False),
        sa.Column("left_over", sa.Integer(), nullable=False),
        sa.Column("blocked_at", UtcDateTime(), nullable=True),
        sa.Column("blocked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("blocked_reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(blocked_at IS NULL) = (blocked_reason = '')", name=op.f("ck_batches_blocked_says_why")
        ),
        sa.CheckConstraint("code <> ''", name=op.f("ck_batches_has_code")),
        sa.CheckConstraint("left_over >= 0", name=op.f("ck_batches_left_not_negative")),
        sa.CheckConstraint(
            "made_on <= sell_until AND sell_until <= best_before", name=op.f("ck_batches_days_in_order")
        ),
        sa.ForeignKeyConstraint(["blocked_by_id"], ["users.id"], name=op.f("fk_batches_blocked_by_id_users")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_batches_created_by_id_users")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_batches_variant_id_variants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("variant_id", "code", name=op.f("uq_batches_variant_id_code")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index("ix_batches_variant_best_before", ["variant_id", "best_before"], unique=False)

    op.create_table(
        "change_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("marked", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_change_events_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["product_changes.id"], name=op.f("fk_change_events_change_id_product_changes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_events")),
    )
    with op.batch_alter_table("change_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_events_change_id"), ["change_id"], unique=False)

    op.create_table(
        "stock_transfers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("once", sa.String(length=120), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_stock_transfers_goes_elsewhere")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_transfers_quantity_positive")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_stock_transfers_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["from_id"], ["locations.id"], name=op.f("fk_stock_transfers_from_id_locations")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["locations.id"], name=op.f("fk_stock_transfers_to_id_locations")),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_stock_transfers_variant_id_variants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_transfers")),
    )
    with op.batch_alter_table("stock_transfers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_transfers_variant_id"), ["variant_id"], unique=False)
        batch_op.create_index("uq_stock_transfers_once", ["once"], unique=True)

    op.create_table(
        "batch_moves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "received",
                "taken",
                "unpacked",
                "set_aside",
                "corrected",
                name="batchmovekind_known",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'received' AND delta > 0 AND parcel_id IS NULL) OR (kind = 'taken' AND delta < 0 AND parcel_id IS NOT NULL) OR (kind = 'unpacked' AND delta > 0 AND parcel_id IS NOT NULL) OR (kind IN ('set_aside', 'corrected') AND delta < 0 AND parcel_id IS NULL)",
            name=op.f("ck_batch_moves_delta_fits_kind"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_batch_moves_actor_id_users")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_moves_batch_id_batches")),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_batch_moves_parcel_id_parcels")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_moves")),
    )
    with op.batch_alter_table("batch_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_moves_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_moves_parcel_id"), ["parcel_id"], unique=False)

    with op.batch_alter_table("facilities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("pause_note", sa.String(length=200), server_default="", nullable=False))

    with op.batch_alter_table("food_licences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scan_key", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(sa.Column("told_days", sa.Integer(), nullable=True))
        batch_op.create_index("ix_food_licences_valid_until", ["valid_until"], unique=False)

    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_unique", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("shelf_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sold_until", sa.Date(), server_default="9999-12-31", nullable=False))
        batch_op.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("pause_note", sa.String(length=200), server_default="", nullable=False))
        batch_op.drop_index(batch_op.f("ix_products_shelf_facets"))
        batch_op.create_index(
            "ix_products_shelf_facets",
            ["status", "category_id", "facility_id", "supply", "price_from", "price_to", "sold_until"],
            unique=False,
        )
        batch_op.create_index(
            "ix_products_paused_until",
            ["paused_until"],
            unique=False,
            sqlite_where=sa.text("paused_until IS NOT NULL"),
            postgresql_where=sa.text("paused_until IS NOT NULL"),
        )

    with op.batch_alter_table("reservations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("workshop_week_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(
            batch_op.f("ix_reservations_workshop_week_id"), ["workshop_week_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_reservations_workshop_week_id_workshop_weeks"),
            "workshop_weeks",
            ["workshop_week_id"],
            ["id"],
        )

    with op.batch_alter_table("stock_levels", schema=None) as batch_op:
        batch_op.add_column(sa.Column("low_at", sa.Integer(), nullable=True))

    with op.batch_alter_table("stock_movements", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reason",
                sa.Enum(
                    "unknown",
                    "miscounted",
                    "found",
                    "missing",
                    "broken",
                    "spoiled",
                    "faulty",
                    "stolen",
                    "sample",
                    "guests",
                    "charity",
                    "own_use",
                    name="reason_known",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("transfer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index("uq_stock_movements_transfer", ["transfer_id", "level_id"], unique=True)
        batch_op.create_foreign_key(
            batch_op.f("fk_stock_movements_transfer_id_stock_transfers"),
            "stock_transfers",
            ["transfer_id"],
            ["id"],
        )

    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_complete", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("new_secret", sa.String(length=200), server_default="", nullable=False))

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("hides_beginning", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("variants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("material_cost", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("work_minutes", sa.Integer(), nullable=True))

    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weekly_capacity", sa.Integer(), nullable=True))

    _rules()
    for table in APPEND_ONLY:
        _guard(table)
    _move()


def downgrade() -> None:
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.drop_column("weekly_capacity")

    with op.batch_alter_table("variants", schema=None) as batch_op:
        batch_op.drop_column("work_minutes")
        batch_op.drop_column("material_cost")

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("hides_beginning")

    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.drop_column("new_secret")
        batch_op.drop_column("is_complete")

    with op.batch_alter_table("stock_movements", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_stock_movements_transfer_id_stock_transfers"), type_="foreignkey"
        )
        batch_op.drop_index("uq_stock_movements_transfer")
        batch_op.drop_column("transfer_id")
        batch_op.drop_column("reason")

    with op.batch_alter_table("stock_levels", schema=None) as batch_op:
        batch_op.drop_column("low_at")

    with op.batch_alter_table("reservations", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_reservations_workshop_week_id_workshop_weeks"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_reservations_workshop_week_id"))
        batch_op.drop_column("workshop_week_id")

    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_products_paused_until",
            sqlite_where=sa.text("paused_until IS NOT NULL"),
            postgresql_where=sa.text("paused_until IS NOT NULL"),
        )
        batch_op.drop_index("ix_products_shelf_facets")
        batch_op.create_index(
            batch_op.f("ix_products_shelf_facets"),
            ["status", "category_id", "facility_id", "supply", "price_from", "price_to"],
            unique=False,
        )
        batch_op.drop_column("pause_note")
        batch_op.drop_column("paused_until")
        batch_op.drop_column("sold_until")
        batch_op.drop_column("shelf_days")
        batch_op.drop_column("is_unique")

    with op.batch_alter_table("food_licences", schema=None) as batch_op:
        batch_op.drop_index("ix_food_licences_valid_until")
        batch_op.drop_column("told_days")
        batch_op.drop_column("scan_key")

    with op.batch_alter_table("facilities", schema=None) as batch_op:
        batch_op.drop_column("pause_note")
        batch_op.drop_column("paused_until")

    with op.batch_alter_table("batch_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_moves_parcel_id"))
        batch_op.drop_index(batch_op.f("ix_batch_moves_batch_id"))

    op.drop_table("batch_moves")
    with op.batch_alter_table("stock_transfers", schema=None) as batch_op:
        batch_op.drop_index("uq_stock_transfers_once")
        batch_op.drop_index(batch_op.f("ix_stock_transfers_variant_id"))

    op.drop_table("stock_transfers")
    with op.batch_alter_table("change_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_events_change_id"))

    op.drop_table("change_events")
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_index("ix_batches_variant_best_before")

    op.drop_table("batches")
    with op.batch_alter_table("product_changes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_product_changes_alive",
            sqlite_where=sa.text("status IN ('open', 'submitted', 'returned')"),
            postgresql_where=sa.text("status IN ('open', 'submitted', 'returned')"),
        )
        batch_op.drop_index("ix_product_changes_queue")
        batch_op.drop_index(batch_op.f("ix_product_changes_product_id"))

    op.drop_table("product_changes")
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_import_rows_verdict")
        batch_op.drop_index("ix_import_rows_family")

    op.drop_table("import_rows")
    with op.batch_alter_table("change_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_photos_product_id"))

    op.drop_table("change_photos")
    op.drop_table("workshop_weeks")
    with op.batch_alter_table("draft_pictures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_pictures_draft_id"))

    op.drop_table("draft_pictures")
    with op.batch_alter_table("product_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_drafts_facility_id"))

    op.drop_table("product_drafts")
    with op.batch_alter_table("photo_gates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_photo_gates_uploaded_by_id"))
        batch_op.drop_index("ix_photo_gates_queue")

    op.drop_table("photo_gates")
    with op.batch_alter_table("page_changes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_page_changes_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_page_changes_facility_id"))
        batch_op.drop_index(batch_op.f("ix_page_changes_cover_id"))

    op.drop_table("page_changes")
    op.drop_table("packagings")
    with op.batch_alter_table("notice_reads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_reads_user_id"))

    op.drop_table("notice_reads")
    with op.batch_alter_table("notice_places", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_places_facility_id"))

    op.drop_table("notice_places")
    op.drop_table("message_texts")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index("ix_imports_facility_newest")

    op.drop_table("imports")
    with op.batch_alter_table("closing_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closing_days_facility_id"))

    op.drop_table("closing_days")
    op.drop_table("bulk_edits")
    op.drop_table("word_rules")
    op.drop_table("second_factors")
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_codes_user_id"))

    op.drop_table("recovery_codes")
    with op.batch_alter_table("picture_originals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_picture_originals_keep_until"))

    op.drop_table("picture_originals")
    op.drop_table("page_versions")
    op.drop_table("notices")
    op.drop_table("letter_choices")
    op.drop_table("food_rules")


def _rules() -> None:
    change_check("facilities", "ck_facilities_pause_says_why", "(paused_until IS NULL) = (pause_note = '')")
    change_check(
        "food_licences", "ck_food_licences_scan_is_private", "scan_key = '' OR scan_key LIKE 'private/%'"
    )
    change_check(
        "food_licences",
        "ck_food_licences_told_in_steps",
        "told_days IS NULL OR told_days IN (0, 30, 90, 180)",
    )
    change_check("products", "ck_products_pause_says_why", "(paused_until IS NULL) = (pause_note = '')")
    change_check(
        "products", "ck_products_shelf_days_sane", "shelf_days IS NULL OR shelf_days BETWEEN 1 AND 3650"
    )
    change_check(
        "products", "ck_products_unique_is_ready", "NOT is_unique OR supply IS NULL OR supply = 'ready'"
    )
    change_check(
        "reservations", "ck_reservations_week_has_slot", "workshop_week_id IS NULL OR slot_id IS NOT NULL"
    )
    change_check(
        "stock_levels", "ck_stock_levels_low_at_sane", "low_at IS NULL OR low_at BETWEEN 0 AND 100000"
    )
    change_check(
        "stock_movements",
        "ck_stock_movements_deltas_fit_kind",
        "(kind = 'received' AND on_hand_delta > 0 AND reserved_delta = 0) OR (kind = 'counted' AND reserved_delta = 0) OR (kind = 'reserved' AND on_hand_delta = 0 AND reserved_delta > 0) OR (kind = 'released' AND on_hand_delta = 0 AND reserved_delta < 0) OR (kind = 'sold' AND on_hand_delta < 0 AND reserved_delta = on_hand_delta) OR (kind = 'returned' AND on_hand_delta > 0 AND reserved_delta = 0) OR (kind = 'written_off' AND on_hand_delta < 0 AND reserved_delta = 0) OR (kind = 'moved' AND on_hand_delta <> 0 AND reserved_delta = 0) OR (kind IN ('damaged', 'given') AND on_hand_delta < 0 AND reserved_delta = 0)",
    )
    change_check(
        "stock_movements",
        "ck_stock_movements_moved_has_transfer",
        "(kind = 'moved') = (transfer_id IS NOT NULL)",
    )
    change_check(
        "stock_movements",
        "ck_stock_movements_movementkind_known",
        "kind IN ('received', 'counted', 'reserved', 'released', 'sold', 'returned', 'written_off', 'moved', 'damaged', 'given')",
    )
    change_check(
        "stock_movements",
        "ck_stock_movements_reason_fits_kind",
        "(kind = 'damaged' AND reason IS NOT NULL AND reason IN ('broken', 'spoiled', 'faulty', 'stolen')) OR (kind = 'given' AND reason IS NOT NULL AND reason IN ('sample', 'guests', 'charity', 'own_use')) OR (kind = 'counted' AND (reason IS NULL OR reason IN ('unknown', 'miscounted', 'found', 'missing'))) OR (kind NOT IN ('damaged', 'given', 'counted') AND reason IS NULL)",
    )
    change_check(
        "stock_movements",
        "ck_stock_movements_reason_known",
        "reason IN ('unknown', 'miscounted', 'found', 'missing', 'broken', 'spoiled', 'faulty', 'stolen', 'sample', 'guests', 'charity', 'own_use')",
    )
    change_check(
        "variants",
        "ck_variants_material_cost_sane",
        "material_cost IS NULL OR material_cost BETWEEN 0 AND 1000000000",
    )
    change_check(
        "variants", "ck_variants_work_sane", "work_minutes IS NULL OR work_minutes BETWEEN 1 AND 120000"
    )
    change_check(
        "workshops",
        "ck_workshops_capacity_sane",
        "weekly_capacity IS NULL OR weekly_capacity BETWEEN 1 AND 100000",
    )


def _move() -> None:
    """A P-IRT ends with the year in its number; it said so only when somebody read it."""
    _guard_again("stock_movements")
    end = "('20' || substr(number, length(number) - 1) || '-12-31')"
    if op.get_bind().dialect.name == "postgresql":
        end = f"CAST({end} AS date)"
    op.execute(f"UPDATE food_licences SET valid_until = {end} WHERE kind = 'pirt' AND valid_until IS NULL")
    _sessions()
    _gates()


def _sessions() -> None:
    """Sessions from before the second step: those whose role must have one sign in anew."""
    op.execute(
        "UPDATE user_sessions SET is_complete = true WHERE user_id IN "
        "(SELECT id FROM users WHERE role IN ('buyer', 'facility_staff'))"
    )
    op.execute("DELETE FROM user_sessions WHERE NOT is_complete")


def _guard_again(table: str) -> None:
    """On SQLite a table that got a column with a key was written anew, without its triggers."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _gates() -> None:
    """Photos from before the gate: the office saw those on sale, whoever published them let them in."""
    publisher = (
        "(SELECT e.actor_id FROM curation_events e WHERE e.product_id = p.id AND e.to_status = 'published'"
        " AND e.actor_id <> f.uploaded_by_id ORDER BY e.id DESC LIMIT 1)"
    )
    op.execute(
        "INSERT INTO photo_gates (picture_id, facility_id, state, uploaded_by_id, sent_at, decided_by_id,"
        " decided_at, is_from_before, reason)"
        f" SELECT f.picture_id, p.facility_id, 'approved', f.uploaded_by_id, p.created_at, {publisher},"
        " coalesce(p.published_at, p.updated_at), true, ''"
        " FROM product_photos f JOIN products p ON p.id = f.product_id WHERE f.uploaded_by_id IS NOT NULL"
    )
