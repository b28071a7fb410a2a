"""Deliveries from anywhere: what was repaired, each pull and its outcome, undo lots, long tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for colonne in (
        sa.Column("genre", sa.String(length=16), nullable=False, server_default="livraison"),
        sa.Column("annule", sa.Integer(), nullable=True),
        sa.Column("hors_champ", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("alertes", sa.Text(), nullable=False, server_default="[]"),
    ):
        op.add_column("lot", colonne)
    op.create_index("lot_par_source", "lot", ["source", "id"], unique=False)
    op.create_table(
        "reparation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=False),
        sa.Column("regle", sa.String(length=40), nullable=False),
        sa.Column("colonne", sa.String(length=64), nullable=False),
        sa.Column("nombre", sa.Integer(), nullable=False),
        sa.Column("exemples", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_reparation_lot"), "reparation", ["lot"], unique=False)
    op.create_table(
        "tirage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("quand", sa.DateTime(), nullable=False),
        sa.Column("etat", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("validateurs", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("tirage_par_source", "tirage", ["source", "id"], unique=False)
    op.create_table(
        "tache",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("genre", sa.String(length=20), nullable=False),
        sa.Column("parametres", sa.Text(), nullable=False),
        sa.Column("auteur", sa.String(length=80), nullable=False),
        sa.Column("etat", sa.String(length=12), nullable=False),
        sa.Column("etape", sa.Text(), nullable=False),
        sa.Column("progression", sa.Float(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("resultat", sa.Text(), nullable=True),
        sa.Column("porteur", sa.String(length=120), nullable=True),
        sa.Column("a_annuler", sa.Boolean(), nullable=False),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.Column("vue_le", sa.DateTime(), nullable=False),
        sa.Column("finie_le", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
