"""Reports: what came of something, in words, figures, tables, and a graph of what rests on what.

A query that answers with a `Report` gets a page without a word about it in any door
(docs/decisions/0017); what a fact tells may be a `Digest`, the same figures and tables.
"""

from dataclasses import dataclass, field

from treadle.kernel.fact import ThingId
from treadle.kernel.mosaic import Choice, Figure, Question
from treadle.kernel.scene import DRAWN, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What stands in a place of a table.

    Attributes
    ----------
    note
        More words, below it.
    thing
        The thing that it names; it is called as people call it.
    is_code
        It is typed, hashed or copied.
    lead
        What is behind it.
    """

    text: str
    tone: Tone = "plain"
    note: str = ""
    thing: ThingId | None = None
    is_code: bool = False
    lead: Question | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Which part of a list this is.

    Attributes
    ----------
    parameter
        The query's parameter that chooses a page, from 1.
    n_rows
        In all pages.
    """

    parameter: str
    number: int
    n: int
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings.

    Attributes
    ----------
    note
        Said above it, after its title.
    numeric
        Indexes of the columns of numbers.
    empty
        Said where it has no rows.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    note: str = ""
    numeric: tuple[int, ...] = ()
    empty: str = "Nothing to list"
    pages: Pages | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """Something in a graph.

    Attributes
    ----------
    name
        Its own, as a hash.
    column
        Place in `Graph.columns`.
    title, detail
        In a few words; a picture may cut them.
    verdict
        In the field's word; empty where there is none.
    says
        All that it says: words and values.
    leads
        What is behind it.
    """

    name: str
    column: int
    title: str
    detail: str = ""
    verdict: str = ""
    tone: Tone = "plain"
    says: tuple[tuple[str, str], ...] = ()
    leads: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """What rests on what, in columns: from what is asked for on the left to what is claimed.

    Attributes
    ----------
    edges
        Names of a knot and of one that rests on it.
    """

    title: str
    columns: tuple[str, ...]
    knots: tuple[Knot, ...]
    edges: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a fact tells, for who looks.

    Attributes
    ----------
    stands_for
        Fields of the fact that this tells, so that nobody has to read them as they are stored.
    leads
        Where more of it is.
    """

    stands_for: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    leads: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of something.

    Attributes
    ----------
    about
        The thing that it belongs to.
    verdict
        In the field's word; empty where there is none.
    source
        What it was made from, in a sentence.
    choices
        Parameters of the query that show it in another way.
    leads
        Pages and files that belong to it.
    """

    title: str
    thing: ThingId
    about: ThingId
    verdict: str
    tone: Tone
    reasons: tuple[str, ...]
    source: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    choices: tuple[Choice, ...] = field(default=(), metadata=DRAWN)
    leads: tuple[Question, ...] = field(default=(), metadata=DRAWN)
    graph: Graph | None = field(default=None, metadata=DRAWN)
