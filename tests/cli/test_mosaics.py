"""Mosaics on a terminal: fields from the top, tables under their headings."""

from dataclasses import replace

from rich.console import Console

from treadle.cli.rendering import rendered
from treadle.kernel import ThingId
from treadle.kernel.mosaic import Axis, Cell, Kind, Mosaic

FIELD = Mosaic(
    title="How rye did",
    thing=ThingId("urn:farm:field:1"),
    about=ThingId("urn:farm:field:1"),
    verdict="POOR",
    tone="bad",
    reasons=("the east drowned",),
    source="3 plots",
    noun="plot",
    form="field",
    x=Axis(name="Rain", labels=("10", "20")),
    y=Axis(name="Sun", labels=("low", "high")),
    kinds=(
        Kind(word="FAILED", shade="bad", sign="x", meaning="no crop", n=2),
        Kind(word="GREW", shade="good", sign="+", meaning="a crop", n=1),
    ),
    cells=(
        Cell(x="10", y="low", kind="GREW"),
        Cell(x="20", y="low", kind="FAILED"),
        Cell(x="20", y="high", kind="FAILED"),
    ),
)


def lines_of(mosaic: Mosaic) -> list[str]:
    console = Console(width=80, color_system=None)
    with console.capture() as captured:
        console.print(rendered(mosaic))
    return [" ".join(line.split()) for line in captured.get().splitlines()]


def test_a_field_stands_as_on_the_page_the_highest_row_first() -> None:
    lines = lines_of(FIELD)
    assert lines[:4] == ["How rye did", "3 plots", "POOR", "the east drowned"]
    at = lines.index("high x")
    assert lines[at + 1 : at + 4] == ["low + x", "10 20", "up: Sun; across: Rain"]
    assert lines[-2:] == ["x 2 FAILED no crop", "+ 1 GREW a crop"]


def test_a_table_says_its_cells_in_words() -> None:
    grouped = Axis(name="Sun", labels=("low", "high"), groups=("Light", "Light"))
    lines = lines_of(replace(FIELD, form="table", y=grouped))
    at = lines.index("Sun 10 20")
    assert lines[at + 1 : at + 4] == ["Light", "low GREW FAILED", "high FAILED"]
