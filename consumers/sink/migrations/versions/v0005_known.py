"""The last record that was read of a topic, by which one that was made anew is told."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("positions", sa.Column("last_offset", sa.BigInteger))
    op.add_column("positions", sa.Column("last_mark", sa.Text))
