"""Operations: what a door shows of a function comes from its signature and docstring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from treadle.kernel import Document, Domain, Fact, Intake, Store, ThingId
from treadle.kernel.operation import attributes, operation, operations

Speed = Literal["slow", "fast"]


def paint_part(
    state: Any,
    *,
    thing: ThingId,
    happened_at: datetime,
    part: ThingId,
    layers: int = 2,
    thickness: float,
    at: datetime | None = None,
    speed: Speed = "slow",
    mixed_with: ThingId | None = None,
) -> Sequence[Fact]:
    """Paint a part.

    A second paragraph over
    two lines.

    A third one.

    Parameters
    ----------
    part
        What is painted; valid [since, until).
    layers, thickness
        How much of it [um].
    at : datetime
        When it is dry.

    Raises
    ------
    RefusedError
        The part is painted already.
    """
    raise NotImplementedError(state, thing, happened_at, part, layers, thickness, at, speed)


def gloss(store: Store, *, thing: ThingId) -> tuple[float, ...]:
    """Return how glossy a thing is."""
    raise NotImplementedError(store, thing)


def sheet(store: Store) -> Document:
    """Returns are not rewritten here."""
    raise NotImplementedError(store)


def read_sheet(content: bytes, *, strict: bool = False) -> Intake:
    """Take in a paint sheet."""
    raise NotImplementedError(content, strict)


PAINT = operation("toy", "command", paint_part)


def test_the_first_line_is_the_summary_and_the_paragraphs_are_the_help() -> None:
    assert PAINT.summary == "Paint a part."
    assert PAINT.help == "A second paragraph over two lines.\n\nA third one."
    assert (PAINT.name, PAINT.word, PAINT.domain) == ("paint_part", "paint-part", "toy")


def test_a_query_is_called_by_what_it_gives() -> None:
    assert operation("toy", "query", gloss).summary == "How glossy a thing is."
    assert operation("toy", "query", sheet).summary == "Returns are not rewritten here."


def test_the_thing_and_the_time_of_a_command_are_the_doors_own_business() -> None:
    assert [p.name for p in PAINT.parameters] == [
        "part",
        "layers",
        "thickness",
        "at",
        "speed",
        "mixed_with",
    ]
    assert [p.name for p in operation("toy", "query", gloss).parameters] == ["thing"]


def test_help_units_defaults_and_choices_come_from_the_function() -> None:
    told = {p.name: p for p in PAINT.parameters}
    # [since, until) is an interval and no unit.
    assert (told["part"].help, told["part"].unit) == (
        "What is painted; valid [since, until).",
        "",
    )
    assert told["layers"].help == told["thickness"].help == "How much of it."
    assert told["layers"].unit == told["thickness"].unit == "um"
    assert (told["layers"].required, told["layers"].default) == (False, 2)
    assert (told["thickness"].required, told["thickness"].kind) == (True, float)
    assert told["at"].help.endswith("When it is dry.")
    assert told["speed"].choices == ("slow", "fast")
    assert told["speed"].help == ""
    assert told["mixed_with"].option == "mixed-with"


def test_things_are_known_as_things_also_where_they_may_be_left_out() -> None:
    assert {p.name: p.is_thing for p in PAINT.parameters} == {
        "part": True,
        "layers": False,
        "thickness": False,
        "at": False,
        "speed": False,
        "mixed_with": True,
    }
    told = {p.name: p.kind for p in PAINT.parameters}
    assert told["part"] is str
    assert told["mixed_with"] == str | None
    assert told["at"] == datetime | None


def test_a_domain_offers_commands_then_intakes_then_queries() -> None:
    domain = Domain(
        name="toy",
        title="Toy",
        commands=(paint_part,),
        intakes=(read_sheet,),
        queries=(gloss, sheet),
    )
    found = list(operations(domain))
    assert [(o.sort, o.name) for o in found] == [
        ("command", "paint_part"),
        ("intake", "read_sheet"),
        ("query", "gloss"),
        ("query", "sheet"),
    ]
    assert [o.gives_document for o in found] == [False, False, False, True]
    assert [p.default for p in found[1].parameters] == [False]


def test_attributes_are_read_from_the_docstring_of_a_class() -> None:
    @dataclass
    class Answer:
        """An answer.

        Attributes
        ----------
        mass_kg
            How heavy, with
            all on board [kg].
        low, high
            Bounds; open where None.
        """

        mass_kg: float
        low: int
        high: int

    assert attributes(Answer) == {
        "mass_kg": ("How heavy, with all on board.", "kg"),
        "low": ("Bounds; open where None.", ""),
        "high": ("Bounds; open where None.", ""),
    }


def test_a_function_without_a_docstring_has_no_words_but_works() -> None:
    def bare(store: Store, *, n: int = 1) -> int:
        raise NotImplementedError(store, n)

    found = operation("toy", "query", bare)
    assert (found.summary, found.help, [p.help for p in found.parameters]) == ("", "", [""])
