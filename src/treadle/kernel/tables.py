"""The tables of the thread, for SQLite and PostgreSQL alike.

Things have numbers, so that four million links are small and quick; texts are compared byte by
byte on every database. `event` is the thread itself; all that follows it is derived from it.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from treadle.kernel.projection import Projection

SCHEMA = "0001"
"""The migration that these tables are."""

metadata = MetaData()
plain_text = Text().with_variant(Text(collation="C"), "postgresql")
big = BigInteger().with_variant(Integer(), "sqlite")

head = Table(
    "head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", big, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("last_thing", big, nullable=False),
    Column("last_link", big, nullable=False),
)
"""One row: where the thread ends. Whoever writes locks it first, so the order is total."""

event = Table(
    "event",
    metadata,
    Column("position", big, primary_key=True, autoincrement=False),
    Column("thing_no", big, nullable=False),
    Column("version", big, nullable=False),
    Column("stored_as", plain_text, nullable=False),
    Column("happened_at", big, nullable=False),
    Column("recorded_at", big, nullable=False),
    Column("identity", plain_text),
    Column("body", plain_text, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("thing_no", "version", name="event_history"),
)

thing = Table(
    "thing",
    metadata,
    Column("no", big, primary_key=True, autoincrement=False),
    Column("id", plain_text, nullable=False),
    Column("key", plain_text, nullable=False),
    Column("name", plain_text, nullable=False),
    Column("tail", plain_text, nullable=False),
    Column("version", big, nullable=False),
    Column("linked_at", big, nullable=False),
    UniqueConstraint("key", name="thing_key"),
    Index("thing_id", "id"),
    Index("thing_name", "name"),
    Index("thing_tail", "tail"),
)
"""`id` as it first came, `key` as it is compared, `name` its last part in lower case, `tail` the
end of that."""

identity = Table(
    "identity",
    metadata,
    Column("key", plain_text, primary_key=True),
    Column("position", big),
    Column("void", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

mention = Table(
    "mention",
    metadata,
    Column("thing_no", big, nullable=False),
    Column("position", big, nullable=False),
    PrimaryKeyConstraint("thing_no", "position"),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    Column("parent_no", big, nullable=False),
    Column("no", big, nullable=False),
    Column("child_no", big, nullable=False),
    Column("kind", plain_text, nullable=False),
    Column("quantity", Float),
    Column("uom", plain_text),
    Column("since", big, nullable=False),
    Column("until", big, nullable=False),
    Column("since_position", big, nullable=False),
    Column("until_position", big, nullable=False),
    PrimaryKeyConstraint("parent_no", "no"),
    Index("link_up", "child_no", "until"),
    Index(
        "link_loose",
        "until_position",
        sqlite_where=text("since_position = 0"),
        postgresql_where=text("since_position = 0"),
    ),
    sqlite_with_rowid=False,
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("position", big, nullable=False),
    Column("made_at", big, nullable=False),
    Column("root", plain_text, nullable=False),
    Column("key", plain_text, nullable=False),
    Column("signature", plain_text, nullable=False),
    PrimaryKeyConstraint("position", "made_at"),
)

projection = Table(
    "projection",
    metadata,
    Column("name", plain_text, primary_key=True),
    Column("version", Integer, nullable=False),
)
"""Which version of each projection's table is there."""

_TYPES: dict[str, TypeEngine[Any]] = {"text": plain_text, "integer": big, "real": Float()}


def projection_table(declared: Projection) -> Table:
    """Return a projection's table; it lives outside the migrations, since it can be rebuilt."""
    indexes = [
        Index(f"{declared.name}_{'_'.join(columns)}", *columns) for columns in declared.indexes
    ]
    return Table(
        declared.name,
        MetaData(),
        *(
            Column(name, _TYPES[sort], nullable=name not in declared.key)
            for name, sort in declared.columns.items()
        ),
        PrimaryKeyConstraint(*declared.key),
        *indexes,
    )
