"""A software baseline as an engineer types it: TOML, or the same in JSON; and as facts.

```toml
name = "ads-2026.1"
vehicle_type = "heddle-one"
based_on = "ads-2025.3"             # the baseline that it follows; left out for the first
specifications = ["driving"]        # all requirements of these, and
requirements = ["REQ-7"]            # these by their ReqIF identifier

[[ecu]]
name = "ADC"
hardware = ["HW-A1", "HW-A2"]       # part numbers that it may be; left out: any

[[software]]
name = "driver"
ecu = "ADC"
version = "2.4.0"
sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
part_number = "SW-100-240"          # may be left out
build = ""                          # the identity that `treadle proving outcome` shows; may be left out
needs = ["brake-control >= 1.2, < 2", "ADC hardware HW-A1 | HW-A2"]

[[type_approval]]
regulation = "UN R157"
type = "heddle-one"
number = "E4*157R01/01*0001*00"
rxswin = "R157SWIN 0004"
software = ["driver"]
assessment = ""                     # why a change does not touch the approval, where the RXSWIN stays

[update]                            # what UN R156 paragraph 7.1.2.5 wants told in words
purpose = "Smoother cut-in response"
affects = ["lane keeping"]
approval_sought = "no"
execution = "parked, 12 V above 12.2 V"
safety = "A failed update leaves the old software running."
validation = "Gate of driver 2.4.0"
```
"""  # noqa: E501 - a comment of an example stands on its line

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from treadle.design.rules.versions import need
from treadle.design.state.software import incompatible, life
from treadle.facts.design.software import (
    Baseline,
    BaselineDrafted,
    Ecu,
    SoftwareItem,
    TypeApproval,
    Update,
    baseline_id,
)
from treadle.kernel import Entry, Intake, InvalidInputError, RefusedError, Store, ThingId, to_us
from treadle.kernel.blob import BlobStore, blob_id
from treadle.kernel.event import WHEN_TAKEN
from treadle.kernel.plain import field_types, from_plain

_LISTS = {"ecu": ("ecus", Ecu), "software": ("software", SoftwareItem)}
_APPROVALS = "type_approval"
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_LONGEST = 100
_NAME = re.compile(r"[^\s<>=!,|:/]+\Z")


def take_baseline(content: bytes, *, at: datetime | None = None) -> Intake:
    """Draft a software baseline, or draft it anew: TOML or JSON.

    Control units, software with versions and hashes, what each is compatible with, the type
    approvals that rest on it with their RXSWIN, and the requirements that it has to meet.

    Parameters
    ----------
    at
        When it was drafted; now where it is not said.

    Raises
    ------
    InvalidInputError
        It cannot be read, or names something that is not in it.
    RefusedError
        It was released, and is now what it is.
    """
    baseline = read_baseline(content)
    thing = baseline_id(baseline.name)
    fact = BaselineDrafted(baseline=baseline, blob=blob_id(content))
    moment = WHEN_TAKEN if at is None else to_us(at)
    return Intake(
        n_in=1,
        n_facts=1,
        entries=(Entry.of(thing, fact, moment),),
        remarks=tuple(f"not yet so: {text}" for text in incompatible(baseline, baseline.software)),
        check=partial(_may_change, thing=thing, blob=fact.blob),
    )


def read_baseline(content: bytes) -> Baseline:
    """Return the baseline that a file describes.

    Raises
    ------
    InvalidInputError
        It describes none; with the line, as far as the file's form tells it.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"a baseline is text in UTF-8: {error}") from error
    is_json = text.lstrip().startswith("{")
    try:
        told = json.loads(text) if is_json else tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # theirs are, and numbers too long
        form = "JSON" if is_json else "TOML"
        raise InvalidInputError(f"the baseline is no {form}: {error}") from error
    if not isinstance(told, dict):
        raise InvalidInputError("a baseline is a table of values")
    baseline = _baseline(told, _Places(text, is_json=is_json))
    _fits_together(baseline)
    return baseline


class _Places:
    """Where the tables of a TOML file open."""

    def __init__(self, text: str, *, is_json: bool) -> None:
        self._opens: dict[str, list[int]] = {}
        if not is_json:
            for number, line in enumerate(text.splitlines(), start=1):
                if found := re.match(r"\s*\[\[\s*(\w+)\s*\]\]", line):
                    self._opens.setdefault(found[1], []).append(number)

    def of(self, table: str, number: int) -> str:
        """Return where an entry stands: `line 12`, or in JSON `software 3`."""
        lines = self._opens.get(table, [])
        return f"line {lines[number]}" if number < len(lines) else f"{table} {number + 1}"


def _baseline(told: Mapping[str, Any], places: _Places) -> Baseline:
    own = {"name", "vehicle_type", "based_on", "requirements", "specifications"}
    known = {*own, *_LISTS, _APPROVALS, "update"}
    if unknown := sorted(set(told) - known):
        text = f"a baseline has no '{unknown[0]}'; it has {', '.join(sorted(known))}"
        raise InvalidInputError(text)
    if missing := sorted({"name", "vehicle_type", "ecu", "software"} - set(told)):
        raise InvalidInputError(f"the baseline has no {', '.join(missing)}")
    read: dict[str, Any] = {key: told[key] for key in own & set(told)}
    for table, (field, kind) in _LISTS.items():
        read[field] = _rows(told[table], table, kind, places)
    read["approvals"] = _rows(told.get(_APPROVALS, []), _APPROVALS, TypeApproval, places)
    read["update"] = _row(told.get("update", {}), Update, "update")
    for name in ("requirements", "specifications"):
        listed = read.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise InvalidInputError(f"'{name}' is a list of texts")
        read[name] = tuple(listed)
    for name in ("name", "vehicle_type", "based_on"):
        if not isinstance(read.get(name, ""), str):
            raise InvalidInputError(f"'{name}' is a text")
    return Baseline(**read)


def _rows(rows: Any, table: str, kind: type, places: _Places) -> tuple[Any, ...]:
    if not isinstance(rows, list):
        raise InvalidInputError(f"'{table}' is a list of tables: [[{table}]]")
    return tuple(_row(row, kind, places.of(table, number)) for number, row in enumerate(rows))


def _row(row: Any, kind: type, place: str) -> Any:
    if not isinstance(row, dict):
        raise InvalidInputError(f"{place}: there stands a table")
    known = [name for name in field_types(kind) if name != "place"]
    if unknown := sorted(set(row) - set(known)):
        text = f"{place}: '{unknown[0]}' is not known here; {', '.join(known)} are"
        raise InvalidInputError(text)
    try:
        read: Any = from_plain(kind, row)
    except InvalidInputError as error:
        raise InvalidInputError(f"{place}: {error}") from error
    return replace(read, place=place) if isinstance(read, SoftwareItem) else read


def _fits_together(baseline: Baseline) -> None:
    """Refuse names that are none, stand twice, or are of nothing that is there."""
    units_named = [one.name for one in baseline.ecus]
    software_named = [one.name for one in baseline.software]
    for name in (baseline.name, *units_named, *software_named):
        if _NAME.match(name) is None:
            text = f"'{name}' is no name here: give one without blanks and without < > = ! , | : /"
            raise InvalidInputError(text)
    units = _once("control unit", units_named)
    software = _once("software", software_named)
    _once("type approval", [f"{one.regulation} ({one.type})" for one in baseline.approvals])
    if baseline.based_on == baseline.name:
        raise InvalidInputError(f"{baseline.name} cannot be based on itself")
    for one in baseline.software:
        for text in _wrong(one, units, software):
            raise InvalidInputError(f"{one.place}: software {one.name}: {text}")
    for approval in baseline.approvals:
        where = f"type approval {approval.regulation} ({approval.type})"
        if not approval.rxswin.strip() or not approval.software:
            raise InvalidInputError(f"{where} has an RXSWIN and the software that it stands for")
        if strange := sorted(set(approval.software) - software):
            raise InvalidInputError(f"{where}: there is no software {', '.join(strange)} here")


def _wrong(one: SoftwareItem, units: set[str], software: set[str]) -> Iterator[str]:
    if one.ecu not in units:
        yield f"there is no control unit {one.ecu}; there are {', '.join(sorted(units))}"
    if not one.version.strip():
        yield "it has no version"
    if len(one.version) > _LONGEST:
        yield f"its version has more than {_LONGEST} characters"
    if _SHA256.match(one.sha256) is None:
        yield f"'{one.sha256}' is no SHA-256: 64 hexadecimal digits, small letters"
    for text in one.needs:
        asked = need(text)
        there, sort = (units, "control unit") if asked.hardware else (software, "software")
        if asked.name not in there:
            yield f"it needs '{text}', and there is no {sort} {asked.name} in the baseline"


def _once(sort: str, names: Sequence[str]) -> set[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInputError(f"the {sort} {twice[0]} stands twice; once is enough")
    return set(names)


def _may_change(store: Store, _: BlobStore, *, thing: ThingId, blob: str) -> None:
    known = life(store.history(thing), thing)
    if known is not None and known.state != "draft" and known.draft != blob:
        text = f"{known.baseline.name} was released and stays as it is; give the next version a "
        raise RefusedError(text + "name of its own, with based_on")
