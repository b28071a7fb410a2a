"""Until when each indicator may be read: agreements end."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("indicateur", sa.Column("jusqu_au", sa.Date(), nullable=True))
