"""Nothing: what a store is before its first table, so that every migration has one before it."""

revision = "0000"
down_revision = None


def upgrade() -> None:
    """Make nothing."""
