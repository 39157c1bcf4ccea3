"""The thread: events, and what is derived from them."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    column,
    table,
    text,
)

revision = "0001"
down_revision = "0000"

_text = Text().with_variant(Text(collation="C"), "postgresql")
_big = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make every table, empty."""
    _make_thread()
    _make_derived()
    head = table(
        "head", *(column(c) for c in ("id", "position", "hash", "last_thing", "last_link"))
    )
    start = {"id": 1, "position": 0, "hash": bytes(32), "last_thing": 0, "last_link": 0}
    op.bulk_insert(head, [start])


def _make_thread() -> None:
    op.create_table(
        "head",
        Column("id", SmallInteger, primary_key=True, autoincrement=False),
        Column("position", _big, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Column("last_thing", _big, nullable=False),
        Column("last_link", _big, nullable=False),
    )
    op.create_table(
        "event",
        Column("position", _big, primary_key=True, autoincrement=False),
        Column("thing_no", _big, nullable=False),
        Column("version", _big, nullable=False),
        Column("stored_as", _text, nullable=False),
        Column("happened_at", _big, nullable=False),
        Column("recorded_at", _big, nullable=False),
        Column("identity", _text),
        Column("body", _text, nullable=False),
        Column("previous", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        UniqueConstraint("thing_no", "version", name="event_history"),
    )
    op.create_table(
        "checkpoint",
        Column("position", _big, nullable=False),
        Column("made_at", _big, nullable=False),
        Column("root", _text, nullable=False),
        Column("key", _text, nullable=False),
        Column("signature", _text, nullable=False),
        PrimaryKeyConstraint("position", "made_at"),
    )


def _make_derived() -> None:
    op.create_table(
        "thing",
        Column("no", _big, primary_key=True, autoincrement=False),
        Column("id", _text, nullable=False),
        Column("key", _text, nullable=False),
        Column("name", _text, nullable=False),
        Column("tail", _text, nullable=False),
        Column("version", _big, nullable=False),
        Column("linked_at", _big, nullable=False),
        UniqueConstraint("key", name="thing_key"),
    )
    op.create_index("thing_id", "thing", ["id"])
    op.create_index("thing_name", "thing", ["name"])
    op.create_index("thing_tail", "thing", ["tail"])
    op.create_table(
        "identity",
        Column("key", _text, primary_key=True),
        Column("position", _big),
        Column("void", SmallInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mention",
        Column("thing_no", _big, nullable=False),
        Column("position", _big, nullable=False),
        PrimaryKeyConstraint("thing_no", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "link",
        Column("parent_no", _big, nullable=False),
        Column("no", _big, nullable=False),
        Column("child_no", _big, nullable=False),
        Column("kind", _text, nullable=False),
        Column("quantity", Float),
        Column("uom", _text),
        Column("since", _big, nullable=False),
        Column("until", _big, nullable=False),
        Column("since_position", _big, nullable=False),
        Column("until_position", _big, nullable=False),
        PrimaryKeyConstraint("parent_no", "no"),
        sqlite_with_rowid=False,
    )
    op.create_index("link_up", "link", ["child_no", "until"])
    op.create_index(
        "link_loose",
        "link",
        ["until_position"],
        sqlite_where=text("since_position = 0"),
        postgresql_where=text("since_position = 0"),
    )
    op.create_table(
        "projection",
        Column("name", _text, primary_key=True),
        Column("version", Integer, nullable=False),
    )
