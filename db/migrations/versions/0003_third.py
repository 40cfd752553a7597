"""What came after class life: which import brought an event of a door device."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _door_batches()
    _long_counts()
    _times_of_leave()


def _door_batches() -> None:
    op.add_column("door_event", sa.Column("batch", sa.Integer(), nullable=True))


def _long_counts() -> None:
    # an INTEGER of SQLite has 64 bits already
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("mark", "counter", type_=sa.BigInteger(), existing_nullable=True)


def _times_of_leave() -> None:
    for name in ("time_from", "time_to"):
        op.add_column("leave_request", sa.Column(name, sa.Time(), nullable=True))
