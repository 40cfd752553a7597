"""The tables of class life, corrections and scenarios, and what else came after the first."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
