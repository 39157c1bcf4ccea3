"""Requirements in and out: a ReqIF file becomes facts, and is written again whole."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from treadle.facts.design.requirements import (
    RequirementStated,
    SpecificationTaken,
    requirement_id,
    specification_id,
)
from treadle.kernel import Entry, Intake, InvalidInputError, Rejected, to_us
from treadle.kernel.blob import blob_id
from treadle.kernel.event import WHEN_TAKEN

if TYPE_CHECKING:
    from treadle.design.formats.reqif.archive import Package
    from treadle.design.formats.reqif.statements import Statement


def take_requirements(content: bytes, *, specification: str, at: datetime | None = None) -> Intake:
    """Take in a version of a specification: ReqIF 1.2, a document or an archive with attachments.

    What it states anew becomes a fact of each requirement; what it says no longer is withdrawn with
    it. The file itself is kept byte for byte.

    Parameters
    ----------
    specification
        What it is called here, in all its versions.
    at
        When this version was made; as the file says where it is not said.

    Raises
    ------
    InvalidInputError
        It is no ReqIF; with its line.
    """
    from treadle.design.formats.reqif.archive import read_package  # noqa: PLC0415 - ReqIF's classes, only where one is read

    name = specification.strip()
    if not name:
        raise InvalidInputError("a specification has a name: --specification brakes")
    thing = specification_id(name)
    package = read_package(content)
    rejected, remarks = _look_over(package)
    if rejected:
        return Intake(n_in=len(rejected), n_facts=0, entries=(), rejected=tuple(rejected))
    stated = _stated(package)
    first = next(iter(package.documents.values()))
    moment = WHEN_TAKEN if at is None and (at := _made(package)) is None else to_us(at)
    facts = {
        one.identifier: RequirementStated(
            identifier=one.identifier,
            specification=thing,
            content=one.content,
            number=one.number,
            title=one.title,
            text=one.text,
            type=one.type,
            attributes=one.attributes,
            is_heading=one.is_heading,
        )
        for one in stated
    }
    taken = SpecificationTaken(
        name=name,
        blob=blob_id(content),
        title=first.header_text("TITLE"),
        tool=first.header_text("REQ-IF-TOOL-ID") or first.header_text("SOURCE-TOOL-ID"),
        requirements={identifier: fact.content for identifier, fact in facts.items()},
        n_relations=sum(len(d.content.relations or ()) for d in package.documents.values()),
        n_attachments=len(package.attachments),
    )
    entries = [Entry.of(requirement_id(i), fact, moment) for i, fact in facts.items()]
    return Intake(
        n_in=len(entries),
        n_facts=len(entries),
        entries=(*entries, Entry.of(thing, taken, moment)),
        remarks=tuple(remarks),
    )


def _look_over(package: "Package") -> tuple[list[Rejected], list[str]]:
    """Return what a package is refused for, and what is worth telling of it."""
    from treadle.design.formats.reqif.checking import faults  # noqa: PLC0415 - ReqIF's classes, only where one is read
    from treadle.design.formats.reqif.statements import attachments_of  # noqa: PLC0415 - ReqIF's classes, only where one is read

    rejected: list[Rejected] = []
    remarks: list[str] = []
    for file, document in package.documents.items():
        for fault in faults(document):
            place = f"{file}:{fault.line}"
            if fault.refused:
                rejected.append(Rejected(place=place, reason=fault.text))
            else:
                remarks.append(f"{place}: {fault.text}")
        if rejected:
            continue
        missing = sorted(attachments_of(document) - set(package.attachments))
        remarks += [f"{file} refers to '{one}', which did not come with it" for one in missing]
        if document.extensions is not None:
            tools = len(document.extensions.children)
            remarks.append(f"{file}: extensions of {tools} tools are kept, not understood")
    return rejected, remarks


def _stated(package: "Package") -> "list[Statement]":
    from treadle.design.formats.reqif.statements import statements  # noqa: PLC0415 - ReqIF's classes, only where one is read

    found: dict[str, Statement] = {}
    for file, document in package.documents.items():
        for one in statements(document):
            known = found.setdefault(one.identifier, one)
            if known.content != one.content:
                text = f"{file}: {one.identifier} says something else here than in another document"
                raise InvalidInputError(text + " of the archive; take them in one by one")
    return list(found.values())


def _made(package: "Package") -> datetime | None:
    """Return when the newest document of a package was made, as their headers say."""
    made = [_moment(d.header_text("CREATION-TIME")) for d in package.documents.values()]
    return max((moment for moment in made if moment is not None), default=None)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # in UTC outside the years 1 to 9999
        return None
