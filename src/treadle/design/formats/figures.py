"""Figures of options and parts as a table: carbon, weeks, what they cover, who says so, of when.

Columns: option or part (one of them in each line), kgco2e, per, weeks, covers, source, as_of.
"""

import csv
import io
import math
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from treadle.design.formats.open_bills import model_rules
from treadle.facts.design.figures import Figure, FiguresStated, figures_id
from treadle.kernel import Entry, Intake, InvalidInputError, Store, to_us
from treadle.kernel.blob import BlobStore, blob_id
from treadle.kernel.event import WHEN_TAKEN

COLUMNS = ("option", "part", "kgco2e", "per", "weeks", "covers", "source", "as_of")
_SHOWN = 5
_LONGEST_WAIT = 520  # weeks


def take_figures(
    content: bytes,
    *,
    model: str,
    source: str = "",
    covers: str = "",
    as_of: date | None = None,
    at: datetime | None = None,
) -> Intake:
    """State the carbon and the weeks of options and parts: a table in CSV.

    They count before what the model itself says; of several that of the last day counts.

    Parameters
    ----------
    model
        The model whose options they are of.
    source
        Who says so, of lines that do not tell it.
    covers
        What the carbon is of, of lines that do not tell it: cradle to gate.
    as_of
        The day that they were worked out, of lines that do not tell it.
    at
        When they were stated; now where it is not said.

    Raises
    ------
    InvalidInputError
        It cannot be read, a line says no figure, or the model has no such option.
    """
    if not model.strip():
        raise InvalidInputError("figures are of a model: --model heddle-one")
    default = {"source": source, "covers": covers, "as_of": as_of.isoformat() if as_of else ""}
    figures = read(content, default)
    fact = FiguresStated(model=model.strip(), source=blob_id(content), figures=figures)
    return Intake(
        n_in=1,
        n_facts=1,
        entries=(Entry.of(figures_id(fact.model), fact, WHEN_TAKEN if at is None else to_us(at)),),
        remarks=(f"{len(figures)} lines",),
        check=partial(_are_options, fact=fact),
    )


def read(content: bytes, default: dict[str, str]) -> tuple[Figure, ...]:
    """Return the figures of a table.

    Parameters
    ----------
    default
        What an empty cell says, by column.

    Raises
    ------
    InvalidInputError
        It is no table of figures; with the lines.
    """
    faults: list[str] = []
    found: dict[tuple[str, str, date], Figure] = {}
    for place, told in _rows(content):
        try:
            figure = _figure({**told, **{k: v for k, v in default.items() if not told.get(k)}})
        except ValueError as error:
            faults.append(f"{place}: {error}")
            continue
        key = (figure.option, figure.part, figure.as_of)
        if key in found:
            faults.append(f"{place}: {figure.option or figure.part} is there already for that day")
        found[key] = figure
    if faults:
        more = f"; and {len(faults) - _SHOWN} lines more" if len(faults) > _SHOWN else ""
        raise InvalidInputError("; ".join(faults[:_SHOWN]) + more)
    if not found:
        raise InvalidInputError("this table states nothing: it has no line under its columns")
    return tuple(found.values())


def _rows(content: bytes) -> Iterable[tuple[str, dict[str, str]]]:
    """Yield each row with its place, by column."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"a table of figures is text in UTF-8: {error}") from error
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not {"option", "part"} & set(header) or len(set(header)) < len(header):
            raise InvalidInputError(
                "line 1 names no column option or part, or one twice; a table of figures begins "
                f"with a line like: {','.join(COLUMNS)}"
            )
        if unknown := sorted(set(header) - set(COLUMNS)):
            raise InvalidInputError(f"line 1: {unknown[0]!r} is none of {', '.join(COLUMNS)}")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            place = f"line {reader.line_num}"
            if len(cells) != len(header):
                raise InvalidInputError(
                    f"{place} has {len(cells)} cells under {len(header)} columns"
                )
            yield (
                place,
                {n: cell.strip() for n, cell in zip(header, cells, strict=True)} | {"place": place},
            )
    except csv.Error as error:
        raise InvalidInputError(f"line {reader.line_num}: {error}") from error


def _figure(told: dict[str, str]) -> Figure:
    option, part = told.get("option", ""), told.get("part", "")
    if bool(option) == bool(part):
        raise ValueError("say an option or a part, one of the two")
    kgco2e, weeks = _carbon(told.get("kgco2e", "")), _weeks(told.get("weeks", ""))
    if kgco2e is None and weeks is None:
        raise ValueError(f"nothing is said of {option or part}: give kgco2e or weeks")
    if kgco2e is not None and not told.get("covers"):
        raise ValueError("say what the carbon covers, as in `cradle to gate`")
    if not told.get("source"):
        raise ValueError("say who says so: source")
    try:
        as_of = date.fromisoformat(told.get("as_of", ""))
    except ValueError:
        raise ValueError(f"as_of is {told.get('as_of', '')!r}; write 2026-03-01") from None
    return Figure(
        option=option,
        part=part,
        kgco2e=kgco2e,
        per=told.get("per") or "piece",
        weeks=weeks,
        covers=told.get("covers", "") if kgco2e is not None else "",
        source=told["source"],
        as_of=as_of,
        place=told["place"],
    )


def _carbon(cell: str) -> float | None:
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"kgco2e is {cell!r}, which is no number; 12.5 is one")
    return value


def _weeks(cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit()) or int(cell[:9]) > _LONGEST_WAIT:
        raise ValueError(f"weeks is {cell!r}; it is a whole number up to {_LONGEST_WAIT}")
    return int(cell)


def _are_options(store: Store, blobs: BlobStore, *, fact: FiguresStated) -> None:
    """Refuse figures of options that the model has not; a model may come later."""
    rules = model_rules(store, blobs, fact.model)
    if rules is None:
        return
    known = rules.rulebook.number
    if lost := [f for f in fact.figures if f.option and f.option not in known]:
        more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
        raise InvalidInputError(
            f"{lost[0].place}: {lost[0].option!r} is no option of {fact.model}{more}; "
            "`treadle design export-model` tells its options"
        )
