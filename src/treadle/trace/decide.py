"""What may happen next to a thing that others are built into, and what is refused."""

import json
from datetime import datetime
from typing import Any, Literal

from treadle.facts.trace import Associated, Happening, happening
from treadle.kernel import InvalidInputError, NotFoundError, RefusedError, ThingId
from treadle.trace.formats.epcis import check_event, event_hash
from treadle.trace.rules.identifiers import canonical
from treadle.trace.state import Assembly

InstallStep = Literal["installing", "assembling", "repairing", "replacing"]
RemoveStep = Literal["removing", "disassembling", "repairing", "replacing"]
ErrorReason = Literal["did_not_occur", "incorrect_data"]


def install_part(
    assembly: Assembly,
    *,
    thing: ThingId,
    happened_at: datetime,
    part: ThingId,
    station: ThingId,
    step: InstallStep = "installing",
) -> list[Associated]:
    """Build a serial part into a thing.

    Parameters
    ----------
    part
        The part that goes in.
    station
        Where: a station's or workshop's URI (SGLN).
    step
        The business step, in CBV's words.

    Raises
    ------
    RefusedError
        The part is in it already, or is the thing itself.
    InvalidInputError
        The thing, the part or the station is no URI.
    """
    if canonical(part) == canonical(thing):
        text = f"{thing} cannot be built into itself"
        raise RefusedError(text)
    if canonical(part) in assembly.parts:
        text = f"{part} is in {thing} already; remove it first, or tell of another part"
        raise RefusedError(text)
    return [_associated("ADD", thing, part, station, step, happened_at)]


def remove_part(
    assembly: Assembly,
    *,
    thing: ThingId,
    happened_at: datetime,
    part: ThingId,
    station: ThingId,
    step: RemoveStep = "removing",
) -> list[Associated]:
    """Take a serial part out of a thing.

    Parameters
    ----------
    part
        The part that comes out.
    station
        Where: a station's or workshop's URI (SGLN).
    step
        The business step, in CBV's words.

    Raises
    ------
    RefusedError
        The part is not in it.
    """
    if canonical(part) not in assembly.parts:
        text = f"{part} is not in {thing}; `treadle trace down {thing}` shows what is"
        raise RefusedError(text)
    return [_associated("DELETE", thing, part, station, step, happened_at)]


def replace_part(
    assembly: Assembly,
    *,
    thing: ThingId,
    happened_at: datetime,
    old: ThingId,
    new: ThingId,
    station: ThingId,
) -> list[Associated]:
    """Take one serial part out of a thing and build another one in, at one moment.

    Parameters
    ----------
    old
        The part that comes out.
    new
        The part that goes in.
    station
        Where: a station's or workshop's URI (SGLN).

    Raises
    ------
    RefusedError
        The old part is not in it, or the new one is already.
    """
    out = remove_part(
        assembly, thing=thing, happened_at=happened_at, part=old, station=station, step="replacing"
    )
    into = install_part(
        assembly, thing=thing, happened_at=happened_at, part=new, station=station, step="replacing"
    )
    return out + into


def declare_error(
    assembly: Assembly,
    *,
    thing: ThingId,
    happened_at: datetime,
    event: str,
    reason: ErrorReason,
) -> list[Happening]:
    """Declare that an event of a thing's own history was told in error; its links are undone.

    Parameters
    ----------
    event
        The event's hash ID (`ni:///sha-256;...?ver=CBV2.0`).
    reason
        Why, in CBV's words.

    Raises
    ------
    NotFoundError
        The thing's own history has no such event.
    RefusedError
        It was declared an error already.
    """
    wrong = assembly.told.get(event)
    if wrong is None:
        text = f"{thing} has no event {event} in its own history; `treadle trace story` lists them"
        raise NotFoundError(text)
    if event in assembly.void:
        text = f"{event} was declared an error already"
        raise RefusedError(text)
    declaration = {"declarationTime": happened_at.isoformat(), "reason": reason}
    told = json.dumps(declaration, separators=(",", ":"))
    text = f'{wrong.event[:-1]},"errorDeclaration":{told}}}'
    return [happening(text, wrong.context, wrong.event_hash, wrong.fields["type"])]


def _associated(  # noqa: PLR0917 - what, where and when of one event
    action: str, thing: ThingId, part: ThingId, station: ThingId, step: str, at: datetime
) -> Associated:
    offset = at.strftime("%z") or "+0000"
    fields: dict[str, Any] = {
        "type": "AssociationEvent",
        "eventTime": at.isoformat(timespec="microseconds"),
        "eventTimeZoneOffset": f"{offset[:3]}:{offset[3:5]}",
        "parentID": thing,
        "childEPCs": [part],
        "action": action,
        "bizStep": step,
        "readPoint": {"id": station},
    }
    if faults := check_event(fields):  # what a command states must go out as valid EPCIS
        raise InvalidInputError("; ".join(fault.reason for fault in faults))
    return Associated(
        event=json.dumps(fields, ensure_ascii=False, separators=(",", ":")),
        event_hash=event_hash(fields),
    )
