"""An engineering change as an engineer types it: TOML; and written so that it reads back.

```toml
bill = "heddle-one"
number = "C-7"
title = "New controller"
by = "Ana"
reason = "The old one is no longer made."
removes = ["HO-PACK/40/1"]          # lines that go, as `bom` shows them

[replaces]                          # a line, and the part that stands in its place
"HO-PACK/30/1" = "HO-BMS-2"

[[adds]]                            # a line that comes, by the columns of the table
assembly = "HO-PACK"
position = "50"
part = "HO-FUSE-2"
condition = "Pack77"

[effectivity]                       # for which cars: all that is said here holds for them
since = 2025-06-01
until = 2026-01-01
first_serial = 1200
last_serial = 9000
vins = ["U9HTRDLE5T1000003"]
condition = "Pack77 & !Towbar"

[reviewed]                          # how far it came; each may be added later
by = "Bo"
note = "Fits the old bracket."

[approved]
by = "Cem"

[effective]
by = "Dan"
```
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from treadle.design.formats.bom_csv import COLUMNS, cells_of, date_text, line_with, moment
from treadle.design.rules.change_checks import Proposal
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.material import BOM_PREFIX, Line
from treadle.kernel import InvalidInputError

StepKind = Literal["reviewed", "approved", "effective"]
_TEXTS = ("bill", "number", "title", "by")
_KNOWN = {*_TEXTS, "reason", "removes", "replaces", "adds", "effectivity", *get_args(StepKind)}
_SERIALS = ("first_serial", "last_serial")


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a change took."""

    kind: StepKind
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeFile:
    """A change and how far it came.

    Attributes
    ----------
    bill
        The name of the bill of material that it changes.
    """

    bill: str
    proposal: Proposal
    steps: tuple[Step, ...]


def read(content: bytes) -> ChangeFile:
    """Return the change that a file tells.

    Raises
    ------
    InvalidInputError
        It tells none; with the place.
    """
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidInputError(f"this is no engineering change in TOML: {error}") from error
    _known(told, _KNOWN, "a change")
    if missing := [key for key in _TEXTS if not _text(told, key, "a change")]:
        raise InvalidInputError(f"the change does not say its {', '.join(missing)}")
    replaces = told.get("replaces", {})
    if not isinstance(replaces, dict) or not all(isinstance(x, str) for x in replaces.values()):
        raise InvalidInputError('replaces: a line and its new part: "HO-PACK/30/1" = "HO-BMS-2"')
    steps = tuple(_step(told[kind], kind) for kind in get_args(StepKind) if kind in told)
    proposal = Proposal(
        number=_text(told, "number", "a change"),
        title=_text(told, "title", "a change"),
        by=_text(told, "by", "a change"),
        reason=_text(told, "reason", "a change"),
        removes=_listed(told, "removes", "a change"),
        adds=tuple(_line(row, f"adds {n}") for n, row in enumerate(_rows(told, "adds"), 1)),
        replaces=replaces,
        effectivity=_effectivity(told.get("effectivity", {})),
    )
    return ChangeFile(_text(told, "bill", "a change").removeprefix(BOM_PREFIX), proposal, steps)


def _known(told: object, names: set[str], place: str) -> None:
    if not isinstance(told, dict):
        raise InvalidInputError(f"{place}: there stands a table")
    if unknown := sorted(set(told) - names):
        raise InvalidInputError(f"{place} has no {unknown[0]!r}; it has {', '.join(sorted(names))}")


def _text(told: Mapping[str, Any], key: str, place: str) -> str:
    value = told.get(key, "")
    if not isinstance(value, str):
        raise InvalidInputError(f"{place}: {key} is a text, not {value!r}")
    return value.strip()


def _listed(told: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    value = told.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InvalidInputError(f"{place}: {key} is a list of texts, not {value!r}")
    return tuple(value)


def _rows(told: Mapping[str, Any], key: str) -> list[Any]:
    rows = told.get(key, [])
    if not isinstance(rows, list):
        raise InvalidInputError(f"{key} is a list of tables: [[{key}]]")
    return rows


def _line(row: Any, place: str) -> Line:
    _known(row, set(COLUMNS), place)
    return line_with({name: _cell(value, name, place) for name, value in row.items()}, place)


def _cell(value: object, name: str, place: str) -> str:
    """Return a value as the cell of a table that says the same."""
    match value:
        case str():
            return value.strip()
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case date():
            return value.isoformat()
        case list() if all(isinstance(one, str) for one in value):
            return " ".join(value)
        case _:
            raise InvalidInputError(f"{place}: {name} cannot be {value!r}")


def _effectivity(told: Any) -> Effectivity:
    names = {"since", "until", *_SERIALS, "vins", "condition"}
    _known(told, names, "effectivity")
    for name in _SERIALS:
        value = told.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidInputError(f"effectivity: {name} is a whole number, not {value!r}")
    days: dict[str, datetime | None] = {}
    for name in ("since", "until"):
        cell = _cell(told[name], name, "effectivity") if name in told else ""
        try:
            days[name] = moment(cell, name) if cell else None
        except ValueError as error:
            raise InvalidInputError(f"effectivity: {error}") from error
    return Effectivity(
        since=days["since"],
        until=days["until"],
        first_serial=told.get("first_serial"),
        last_serial=told.get("last_serial"),
        vins=_listed(told, "vins", "effectivity"),
        condition=_text(told, "condition", "effectivity"),
    )


def _step(told: Any, kind: StepKind) -> Step:
    _known(told, {"by"} if kind == "effective" else {"by", "note"}, kind)
    by = _text(told, "by", kind)
    if not by and kind != "effective":
        raise InvalidInputError(f'{kind}: say by whom: by = "Bo"')
    return Step(kind, by, _text(told, "note", kind))


def write(file: ChangeFile, remarks: tuple[str, ...] = ()) -> bytes:
    """Return a change as a file that `read` reads back to the same.

    Parameters
    ----------
    remarks
        Comments at its end.
    """
    wish = file.proposal
    told = {"bill": file.bill, "number": wish.number, "title": wish.title, "by": wish.by}
    found = [*_pairs({**told, "reason": wish.reason, "removes": wish.removes})]
    if wish.replaces:
        found += ["", "[replaces]", *(f"{_said(k)} = {_said(v)}" for k, v in wish.replaces.items())]
    for line in wish.adds:
        own = {k: v for k, v in cells_of(line).items() if k in COLUMNS}
        found += ["", "[[adds]]", *_pairs(own)]
    to = wish.effectivity
    days = {"since": date_text(to.since), "until": date_text(to.until)}
    serials = {"first_serial": to.first_serial, "last_serial": to.last_serial}
    found += ["", "[effectivity]"]
    found += _pairs({**days, **serials, "vins": to.vins, "condition": to.condition})
    for step in file.steps:
        found += ["", f"[{step.kind}]", *_pairs({"by": step.by, "note": step.note})]
    found += ["", *(f"# {line}" for text in remarks for line in text.splitlines())]
    return ("\n".join(found).rstrip() + "\n").encode()


def _pairs(told: Mapping[str, object]) -> list[str]:
    """Return what is said as lines of a table; what is empty is not said."""
    return [f"{k} = {_said(v)}" for k, v in told.items() if v not in ("", (), None)]


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
