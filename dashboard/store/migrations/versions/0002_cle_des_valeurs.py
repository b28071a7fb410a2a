"""``lot_fin`` joins the clustering key of values: a read skips what was replaced without visiting its rows."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CLE = ["indicateur_id", "maille", "fin", "frequence", "territoire_id", "lot_fin", "lot_debut"]


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("valeur_pkey", "valeur")
        op.create_primary_key("valeur_pkey", "valeur", CLE)
        return
    op.rename_table("valeur", "valeur_ancienne")
    op.drop_index("valeur_par_territoire", "valeur_ancienne")
    colonnes: list[sa.Column[Any]] = [
        sa.Column("indicateur_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("maille", sa.SmallInteger(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=False),
        sa.Column("frequence", sa.String(length=1), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("lot_fin", sa.Integer(), nullable=False),
        sa.Column("lot_debut", sa.Integer(), nullable=False),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("valeur", sa.Float(), nullable=True),
        sa.Column("numerateur", sa.Float(), nullable=True),
        sa.Column("denominateur", sa.Float(), nullable=True),
        sa.Column("n_unites", sa.Float(), nullable=True),
        sa.Column("completude", sa.Float(), nullable=True),
        sa.Column("completude_population", sa.Float(), nullable=True),
        sa.Column("calculee", sa.Float(), nullable=True),
        sa.Column("origine", sa.String(length=1), nullable=False),
        sa.Column("statut", sa.String(length=1), nullable=False),
        sa.Column("confidentialite", sa.String(length=1), nullable=True),
    ]
    op.create_table("valeur", *colonnes, sa.PrimaryKeyConstraint(*CLE), sqlite_with_rowid=False)
    noms = [c.name for c in colonnes]
    neuve, ancienne = (sa.table(t, *(sa.column(n) for n in noms)) for t in ("valeur", "valeur_ancienne"))
    op.execute(neuve.insert().from_select(noms, sa.select(*(ancienne.c[n] for n in noms))))
    op.drop_table("valeur_ancienne")
    op.create_index(
        "valeur_par_territoire", "valeur", ["territoire_id", "indicateur_id", "fin", "frequence", "lot_debut"]
    )
