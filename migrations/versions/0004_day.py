"""day"""

import sqlalchemy as sa
from alembic import op

from storefront.core.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


APPEND_ONLY = ("change_events",)


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

    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_complete", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("new_secret", sa.String(length=200), server_default="", nullable=False))

    _rules()
    for table in APPEND_ONLY:
        _guard(table)
    _move()


def downgrade() -> None:
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_import_rows_verdict")
        batch_op.drop_index("ix_import_rows_family")
    op.drop_table("import_rows")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index("ix_imports_facility_newest")
    op.drop_table("imports")
    op.drop_table("bulk_edits")
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.drop_column("new_secret")
        batch_op.drop_column("is_complete")

    with op.batch_alter_table("change_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_events_change_id"))

    op.drop_table("change_events")
    with op.batch_alter_table("product_changes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_product_changes_alive",
            sqlite_where=sa.text("status IN ('open', 'submitted', 'returned')"),
            postgresql_where=sa.text("status IN ('open', 'submitted', 'returned')"),
        )
        batch_op.drop_index("ix_product_changes_queue")
        batch_op.drop_index(batch_op.f("ix_product_changes_product_id"))

    op.drop_table("product_changes")
    with op.batch_alter_table("change_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_photos_product_id"))

    op.drop_table("change_photos")
    op.drop_table("second_factors")
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_codes_user_id"))

    op.drop_table("recovery_codes")


def _rules() -> None:
    pass


def _move() -> None:
    """A P-IRT ends with the year in its number; it said so only when somebody read it."""
    _guard_again("stock_movements")
    end = "('20' || substr(number, length(number) - 1) || '-12-31')"
    if op.get_bind().dialect.name == "postgresql":
        end = f"CAST({end} AS date)"
    op.execute(f"UPDATE food_licences SET valid_until = {end} WHERE kind = 'pirt' AND valid_until IS NULL")
    _sessions()


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
