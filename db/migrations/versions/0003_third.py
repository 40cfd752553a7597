"""What came after class life: which import brought an event of a door device."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _door_batches()


def _door_batches() -> None:
    op.add_column("door_event", sa.Column("batch", sa.Integer(), nullable=True))
