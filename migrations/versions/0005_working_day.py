"""working day"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_imports_confirmed_by_id_users"), "users", ["confirmed_by_id"], ["id"]
        )
    _imports()
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hours", sa.String(length=200), server_default="", nullable=False))


def _imports() -> None:
    """Who confirmed the imports from before stands in the audit log alone."""
    op.execute(
        "UPDATE imports SET confirmed_by_id = (SELECT a.actor_id FROM audit_entries a"
        " JOIN users u ON u.id = a.actor_id"
        " WHERE a.action = 'import.started' AND a.subject_id = CAST(imports.id AS varchar)"
        " ORDER BY a.number LIMIT 1) WHERE confirmed_at IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("workshops", schema=None) as batch_op:
        batch_op.drop_column("hours")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_imports_confirmed_by_id_users"), type_="foreignkey")
        batch_op.drop_column("confirmed_by_id")
