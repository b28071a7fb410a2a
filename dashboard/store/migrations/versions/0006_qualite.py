"""What each lot is worth: completeness, consistency and revisions of its indicators, measured when it is published."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "qualite",
        sa.Column("lot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("indicateur", sa.String(length=64), nullable=False),
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("maille", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("valeur", sa.Float(), nullable=False),
        sa.Column("nombre", sa.Integer(), nullable=False),
        sa.Column("sur", sa.Integer(), nullable=False),
        sa.Column("complement", sa.Float(), nullable=True),
        sa.Column("fin", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("lot", "indicateur", "dimension", "maille"),
    )
