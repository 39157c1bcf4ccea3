"""One fact, told in full: what, when, where, who, in and out, what was measured, proof."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any

from treadle.app import App
from treadle.kernel import Event
from treadle.kernel.plain import to_plain
from treadle.web import words
from treadle.web.dyes import dye_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a row: words, or a thing with its amount, or code to copy."""

    text: str = ""
    thing: str = ""
    code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A term and its values."""

    term: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a sensor or a tool reported."""

    what: str
    value: str
    spread: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that the side sheet shows of a fact."""

    event: Event
    dye: str
    headline: str
    detail: str
    rows: tuple[Row, ...]
    readings: tuple[Reading, ...]
    raw: str
    void: bool
    is_own_error: bool


_SIDES = (
    ("What", ("epcList",), ("quantityList",)),
    ("Into", ("parentID",), ()),
    ("Parts", ("childEPCs",), ("childQuantityList",)),
    ("Went in", ("inputEPCList",), ("inputQuantityList",)),
    ("Came out", ("outputEPCList",), ("outputQuantityList",)),
)
_PARTIES = (
    ("From", "sourceList", "source"),
    ("To", "destinationList", "destination"),
    ("Papers", "bizTransactionList", "bizTransaction"),
)
_KNOWN = frozenset((
    "type", "eventTime", "eventTimeZoneOffset", "recordTime", "eventID", "bizStep", "disposition",
    "action", "epcList", "quantityList", "parentID", "childEPCs", "childQuantityList",
    "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "readPoint",
    "bizLocation", "bizTransactionList", "sourceList", "destinationList", "sensorElementList",
    "ilmd", "transformationID", "persistentDisposition", "errorDeclaration", "@context",
    "certificationInfo",
))  # fmt: skip


def sheet(app: App, event: Event) -> Sheet:
    """Return a fact as the side sheet shows it."""
    headline, detail = app.describe(event)
    plain = json.loads(event.body)
    told: Mapping[str, Any] | None = plain.get("event") if isinstance(plain, dict) else None
    void = event.identity is not None and bool(app.store.void_among([event.identity]))
    if not isinstance(told, Mapping):
        told, plain_rows = None, to_plain(event.fact)
        digest = app.digest(event)
        if digest is not None and isinstance(plain_rows, dict):
            plain_rows = {k: v for k, v in plain_rows.items() if k not in digest.stands_for}
        rows: tuple[Row, ...] = (_when(event, None), *_fields(plain_rows))
    else:
        rows = tuple(_rows(event, told))
    return Sheet(
        event=event,
        dye=dye_of(event),
        headline=headline,
        detail=detail,
        rows=rows,
        readings=tuple(_readings(told or {})),
        raw=json.dumps(told or plain, ensure_ascii=False, indent=2),
        void=void,
        is_own_error=bool(told and "errorDeclaration" in told),
    )


def _rows(event: Event, told: Mapping[str, Any]) -> Iterator[Row]:
    yield from _what(told)
    yield _when(event, told.get("eventTimeZoneOffset"))
    yield from _where_and_who(told)
    if disposition := told.get("disposition"):
        yield Row("State after", (Value(text=_word(disposition).capitalize()),))
    if declared := told.get("errorDeclaration"):
        reason = _word(declared.get("reason")) or "no reason given"
        yield Row("Why an error", (Value(text=reason.capitalize()),))
    own = {name: value for name, value in told.items() if name not in _KNOWN}
    for name, value in {**told.get("ilmd", {}), **own}.items():
        yield Row(_own_word(name), _plain_values(value))


def _where_and_who(told: Mapping[str, Any]) -> Iterator[Row]:
    for term, place in (("Where", "readPoint"), ("Site", "bizLocation")):
        if place in told and (place == "readPoint" or told.get("readPoint") != told[place]):
            yield Row(term, (Value(thing=told[place]["id"]),))
    for term, name, key in _PARTIES:
        if listed := told.get(name):
            values = (Value(thing=item[key], note=_word(item.get("type"))) for item in listed)
            yield Row(term, tuple(values))


def _what(told: Mapping[str, Any]) -> Iterator[Row]:
    action = {"ADD": "put in", "DELETE": "taken out"}.get(str(told.get("action")), "")
    for term, serials, quantities in _SIDES:
        values: list[Value] = []
        for name in serials:
            given = told.get(name, ())
            values += [Value(thing=t) for t in ([given] if isinstance(given, str) else given)]
        for name in quantities:
            values += [
                Value(thing=q["epcClass"], note=words.amount(q.get("quantity"), q.get("uom")))
                for q in told.get(name, ())
            ]
        if term == "Parts" and action:
            term = action.capitalize()  # noqa: PLW2901 - the same row under a better word
        if term == "Into" and action == "taken out":
            term = "Out of"  # noqa: PLW2901 - the same row under a better word
        if values:
            yield Row(term, tuple(values))


def _when(event: Event, offset: Any) -> Row:
    value = Value(text=f"{words.clock(event.happened)} UTC")
    if isinstance(offset, str) and offset not in ("+00:00", "-00:00", "Z"):
        there = event.happened.astimezone(_zone(offset))
        value = Value(text=f"{there:%-d %b %Y, %H:%M}", note=f"local time there, UTC{offset}")
    return Row("When", (value, Value(note=f"told to Treadle {words.clock(event.recorded)} UTC")))


def _zone(offset: str) -> timezone:
    sign = -1 if offset.startswith("-") else 1
    hours, _, minutes = offset.lstrip("+-").partition(":")
    if not (hours.isdigit() and minutes.isdigit()):
        return timezone.utc  # noqa: UP017 - UTC is typed as a timezone only by this name
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))


def _word(uri: Any) -> str:
    return words.tail(str(uri)).replace("_", " ") if uri else ""


def _own_word(name: str) -> str:
    """Return the name of a field of somebody's own, its unit set apart."""
    stem = name.rpartition(":")[2]
    for unit in ("kg", "kwh", "mm"):
        if stem.endswith(f"_{unit}"):
            return f"{words.sentence(stem.removesuffix('_' + unit))} [{unit.replace('w', 'W')}]"
    return words.sentence(stem)


def _plain_values(value: Any) -> tuple[Value, ...]:
    if isinstance(value, list):
        return tuple(v for item in value for v in _plain_values(item))
    if isinstance(value, Mapping):
        return (Value(code=json.dumps(value, ensure_ascii=False)),)
    text = str(value)
    if text.startswith("sha256:"):
        return (Value(code=text),)
    is_thing = text.startswith(("urn:epc:", "urn:treadle:")) and " " not in text
    return (Value(thing=text) if is_thing else Value(text=text),)


def _fields(plain: Any) -> Iterator[Row]:
    for name, value in plain.items() if isinstance(plain, Mapping) else ():
        if value in (None, "", [], {}):
            continue
        if isinstance(value, list) and len(value) > 8:  # noqa: PLR2004 - the rest is in the raw text
            yield Row(words.sentence(name), (Value(text=f"{len(value):,}"),))
        else:
            yield Row(words.sentence(name), _plain_values(value))


def _readings(told: Mapping[str, Any]) -> Iterator[Reading]:
    for element in told.get("sensorElementList", ()):
        meta = element.get("sensorMetadata", {})
        for report in element.get("sensorReport", ()):
            device = str(report.get("deviceID") or meta.get("deviceID") or "")
            yield Reading(
                what=words.sentence(str(report.get("type", "reading"))),
                value=_measured(report),
                spread=_spread(report),
                device=device,
            )


def _measured(report: Mapping[str, Any]) -> str:
    for name in ("value", "meanValue"):
        if isinstance(report.get(name), int | float):
            return words.amount(report[name], report.get("uom"))
    for name in ("stringValue", "booleanValue", "uriValue", "hexBinaryValue", "component"):
        if name in report:
            return str(report[name])
    return words.MISSING


def _spread(report: Mapping[str, Any]) -> str:
    low, high = report.get("minValue"), report.get("maxValue")
    if isinstance(low, int | float) and isinstance(high, int | float):
        return f"{low:,.6g} to {high:,.6g}"
    return ""
