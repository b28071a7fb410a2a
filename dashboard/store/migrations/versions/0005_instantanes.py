"""Snapshots: the packages that were published, with their seals."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "instantane",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("semaine", sa.String(length=8), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.Column("arrete", sa.Date(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=False),
        sa.Column("espace", sa.String(length=64), nullable=False),
        sa.Column("apport", sa.Integer(), nullable=False),
        sa.Column("contenu", sa.String(length=64), nullable=False),
        sa.Column("sceau", sa.String(length=64), nullable=False),
        sa.Column("precedent", sa.String(length=64), nullable=True),
        sa.Column("motif", sa.Text(), nullable=False),
        sa.Column("etat", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("audience", "semaine", "revision"),
    )
