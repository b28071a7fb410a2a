"""Steering: what people add to the figures, the views they keep, the alerts they ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "apport",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fil", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("genre", sa.String(length=16), nullable=False),
        sa.Column("sujet", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("contenu", sa.Text(), nullable=False),
        sa.Column("fonction", sa.String(length=160), nullable=False),
        sa.Column("direction", sa.String(length=160), nullable=False),
        sa.Column("acces", sa.String(length=10), nullable=False),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("fil", "version"),
    )
    op.create_index("apport_par_sujet", "apport", ["sujet", "genre"], unique=False)
    op.create_table(
        "vue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("nom", sa.String(length=80), nullable=False),
        sa.Column("parametres", sa.Text(), nullable=False),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.Column("retiree_le", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "abonnement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adresse", sa.String(length=254), nullable=False),
        sa.Column("filtres", sa.Text(), nullable=False),
        sa.Column("jeton", sa.String(length=64), nullable=False),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.Column("envoye_le", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("jeton"),
    )
