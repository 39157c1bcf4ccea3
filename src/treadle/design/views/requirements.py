"""What one may ask of requirements: what they say, how they stand, what hangs on them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from treadle.design.state.requirements import LinkState, Register, Requirement, at, day_of
from treadle.design.state.software import baseline_life
from treadle.design.state.verdicts import Standing, Verdicts, Word, standing
from treadle.facts.design.requirements import (
    LinkKind,
    SpecificationTaken,
    specification_id,
)
from treadle.facts.design.software import SoftwareItem
from treadle.kernel import Document, NotFoundError, Store, ThingId, from_us
from treadle.kernel.blob import BlobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationLine:
    """A specification in a list."""

    specification: ThingId
    title: str
    versions: int
    requirements: int
    made: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """A requirement in a list.

    Attributes
    ----------
    standing
        passed, failed, inconclusive, stale, missing, waived, withdrawn; `none` of a heading.
    reason
        Why it has not passed.
    """

    requirement: ThingId
    number: str
    title: str
    standing: Word
    reason: str
    since: datetime
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A link of a requirement.

    Attributes
    ----------
    suspect
        Why it has to be looked at; empty where both ends are as they were when it was confirmed.
    verdict
        The last that was given on the other end.
    """

    kind: LinkKind
    to: ThingId
    claim: str
    confirmed: datetime
    suspect: str
    verdict: str
    given_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLine:
    """A moment at which a requirement came to say something else."""

    change: str
    at: datetime
    specification: ThingId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementSheet:
    """A requirement with all that hangs on it."""

    requirement: ThingId
    number: str
    title: str
    text: str
    type: str
    attributes: dict[str, str]
    standing: Word
    reason: str
    waived_until: date | None
    links: tuple[LinkLine, ...]
    history: tuple[TurnLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """A requirement's row of the coverage matrix: which ends it has of each sort."""

    requirement: ThingId
    number: str
    title: str
    features: tuple[str, ...]
    tests: tuple[str, ...]
    parts: tuple[str, ...]
    refined_by: tuple[str, ...]
    standing: Word
    reason: str
    suspect_links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How far requirements are realised, verified and implemented.

    Attributes
    ----------
    n_asked
        Requirements that ask for something: neither headings nor withdrawn.
    n_realised
        Linked to a feature, of those.
    n_verified
        Linked to a test, of those.
    n_implemented
        Linked to a part or a software, of those.
    n_suspect
        Links that have to be looked at.
    standings
        How many stand how.
    """

    n_asked: int
    n_realised: int
    n_verified: int
    n_implemented: int
    n_suspect: int
    standings: dict[str, int]
    rows: tuple[CoverageRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectLink:
    """A link of which an end changed since it was confirmed."""

    requirement: ThingId
    number: str
    kind: LinkKind
    to: ThingId
    claim: str
    reason: str
    confirmed: datetime


def specifications(store: Store) -> tuple[SpecificationLine, ...]:
    """Return the specifications that came."""
    register = Register(store)
    lines = []
    for thing in register.specifications():
        versions = register.versions(thing)
        last = versions[-1].fact
        if isinstance(last, SpecificationTaken):
            lines.append(
                SpecificationLine(
                    specification=thing,
                    title=last.title,
                    versions=len(versions),
                    requirements=len(last.requirements),
                    made=versions[-1].happened,
                )
            )
    return tuple(lines)


def requirements(
    store: Store,
    *,
    now: datetime,
    specification: str = "",
    standing_is: Word | None = None,
    as_of: datetime | None = None,
) -> tuple[RequirementLine, ...]:
    """Return requirements and how each stands.

    Parameters
    ----------
    specification
        Of this one; of all where it is left out.
    standing_is
        Only those that stand so.
    as_of
        The date to ask for; as last known where none is given.
    """
    lines = [
        RequirementLine(
            requirement=one.thing,
            number=one.label,
            title=one.fact.title,
            standing=found.word,
            reason=found.reason,
            since=from_us(one.since_us),
            links=len(one.links),
        )
        for one, found in _standings(store, specification, as_of, now)
    ]
    return tuple(line for line in lines if standing_is in {None, line.standing})


def requirement(
    store: Store, *, now: datetime, thing: ThingId, as_of: datetime | None = None
) -> RequirementSheet:
    """Return what a requirement says, its links, its verdicts and its history.

    Parameters
    ----------
    thing
        The requirement; its identifier will do.
    as_of
        The date to ask for; as last known where none is given.

    Raises
    ------
    NotFoundError
        There is none.
    """
    register, verdicts = Register(store, at(as_of)), Verdicts(store, at(as_of))
    one = register.requirement(thing)
    found = standing(register, verdicts, one, day_of(as_of, now))
    return RequirementSheet(
        requirement=one.thing,
        number=one.label,
        title=one.fact.title,
        text=one.fact.text,
        type=one.fact.type,
        attributes=dict(one.fact.attributes),
        standing=found.word,
        reason=found.reason,
        waived_until=one.waiver.until if one.waiver else None,
        links=tuple(_link_line(register, verdicts, one, link) for link in one.links),
        history=tuple(
            TurnLine(change=turn.change, at=from_us(turn.at_us), specification=turn.specification)
            for turn in one.turns
        ),
    )


def coverage(
    store: Store,
    *,
    now: datetime,
    specification: str = "",
    baseline: str = "",
    as_of: datetime | None = None,
) -> Coverage:
    """Return how far requirements are realised, verified and implemented, and with what verdicts.

    Parameters
    ----------
    specification
        Of this one; of all where it is left out.
    baseline
        Verdicts count only for the software of this baseline.
    as_of
        The date to ask for; as last known where none is given.
    """
    software = baseline_life(store, baseline).baseline.software if baseline else None
    register = Register(store, at(as_of))
    rows = [
        _row(register, one, found)
        for one, found in _standings(
            store, specification, as_of, now, register=register, software=software
        )
        if found.word not in {"none", "withdrawn"}
    ]
    return Coverage(
        n_asked=len(rows),
        n_realised=sum(bool(row.features) for row in rows),
        n_verified=sum(bool(row.tests) for row in rows),
        n_implemented=sum(bool(row.parts) for row in rows),
        n_suspect=sum(row.suspect_links for row in rows),
        standings=dict(sorted(Counter(str(row.standing) for row in rows).items())),
        rows=tuple(rows),
    )


def suspects(store: Store, *, specification: str = "") -> tuple[SuspectLink, ...]:
    """Return the links that have to be looked at, since an end changed after they were confirmed.

    Parameters
    ----------
    specification
        Of this one; of all where it is left out.
    """
    register = Register(store)
    thing = specification_id(specification) if specification else None
    return tuple(
        SuspectLink(
            requirement=one.thing,
            number=one.label,
            kind=link.kind,
            to=link.to,
            claim=link.claim,
            reason=reason,
            confirmed=from_us(link.confirmed_us),
        )
        for one in register.all(thing)
        for link in one.links
        if (reason := register.suspect(one, link))
    )


def export_requirements(
    store: Store, *, blobs: BlobStore, specification: str, as_of: datetime | None = None
) -> Document:
    """Return a version of a specification as ReqIF 1.2: all that came, written anew.

    Types, values, XHTML, relations, hierarchies, extensions of tools, attributes that nobody here
    knows, and the attachments of an archive.

    Parameters
    ----------
    specification
        Which.
    as_of
        The version of that date; the newest where none is given.

    Raises
    ------
    NotFoundError
        It never came, or not yet then.
    """
    from treadle.design.formats.reqif import archive  # noqa: PLC0415 - only where one is read

    versions = Register(store, at(as_of)).versions(specification_id(specification))
    last = versions[-1].fact if versions else None
    if not isinstance(last, SpecificationTaken):
        text = f"there is no specification {specification}; `treadle design specifications` lists "
        raise NotFoundError(text + "what there is")
    package = archive.read_package(blobs.get(last.blob), f"{last.name}.reqif")
    ending = "reqifz" if package.is_archive else "reqif"
    return Document(
        content=archive.write_package(package),
        media_type="application/zip" if package.is_archive else "application/xml",
        filename=f"{last.name}.{ending}",
    )


def _standings(
    store: Store,
    specification: str,
    as_of: datetime | None,
    now: datetime,
    *,
    register: Register | None = None,
    software: Sequence[SoftwareItem] | None = None,
) -> list[tuple[Requirement, Standing]]:
    register = register or Register(store, at(as_of))
    verdicts = Verdicts(store, at(as_of))
    thing = specification_id(specification) if specification else None
    day = day_of(as_of, now)
    every = register.all(thing)
    verdicts.ready(link.to for one in every for link in one.links)
    return [(one, standing(register, verdicts, one, day, software)) for one in every]


def _row(register: Register, one: Requirement, found: Standing) -> CoverageRow:
    def ends(kind: LinkKind) -> tuple[str, ...]:
        named = (f"{x.to} ({x.claim})" if x.claim else x.to for x in one.links if x.kind == kind)
        return tuple(named)

    return CoverageRow(
        requirement=one.thing,
        number=one.label,
        title=one.fact.title,
        features=ends("realised_by"),
        tests=ends("verified_by"),
        parts=ends("implemented_by"),
        refined_by=ends("refined_by"),
        standing=found.word,
        reason=found.reason,
        suspect_links=sum(bool(register.suspect(one, link)) for link in one.links),
    )


def _link_line(
    register: Register, verdicts: Verdicts, one: Requirement, link: LinkState
) -> LinkLine:
    given = verdicts.of(link.to, link.claim) if link.kind == "verified_by" else []
    return LinkLine(
        kind=link.kind,
        to=link.to,
        claim=link.claim,
        confirmed=from_us(link.confirmed_us),
        suspect=register.suspect(one, link),
        verdict=given[-1].verdict if given else "",
        given_by=given[-1].by if given else "",
    )
