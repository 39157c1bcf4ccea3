"""What may be told of requirements, and what is refused: links, waivers, verdicts of tests."""

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from treadle.design.state.requirements import LinkState, Register, Requirement
from treadle.facts.design.models import MODEL_PREFIX
from treadle.facts.design.requirements import (
    FEATURE_PREFIX,
    REQUIREMENT_PREFIX,
    TEST_PREFIX,
    LinkConfirmed,
    LinkKind,
    LinkRemoved,
    RequirementLinked,
    RequirementWaived,
    RequirementWithdrawn,
    Verdict,
    VerdictGiven,
)
from treadle.facts.proving import CATALOGUE_PREFIX
from treadle.kernel import Event, InvalidInputError, RefusedError, Store, ThingId
from treadle.kernel.work import RUN_PREFIX

_ENDS: dict[LinkKind, tuple[tuple[str, ...], str]] = {
    "realised_by": (
        (FEATURE_PREFIX, MODEL_PREFIX),
        "a feature (urn:treadle:feature:<model>:<feature>) or a model",
    ),
    "verified_by": (
        (CATALOGUE_PREFIX, RUN_PREFIX, TEST_PREFIX),
        "a catalogue, a campaign or gate (urn:treadle:run:...), or a test (urn:treadle:test:...)",
    ),
    "implemented_by": ((), "a part number, or a software (urn:treadle:software:...)"),
    "refined_by": ((REQUIREMENT_PREFIX,), "a requirement (urn:treadle:requirement:...)"),
}
"""What the other end of a link may be: what its URI begins with, and that in words."""


def link(
    told: Sequence[Event],  # noqa: ARG001 - as every command; the register reads more than it
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as above
    store: Store,
    to: ThingId,
    kind: LinkKind,
    claim: str = "",
) -> list[RequirementLinked]:
    """Link a requirement to what realises, verifies, implements or refines it.

    Parameters
    ----------
    to
        The other end: a feature or model; a catalogue, campaign, gate or test; a part number or a
        software; a requirement.
    kind
        What it is to the requirement.
    claim
        Which part of a catalogue or test: a criterion, a requirement or a scenario of it.

    Raises
    ------
    NotFoundError
        There is no such requirement.
    RefusedError
        It is linked so already, or withdrawn.
    InvalidInputError
        Such an end cannot be linked so.
    """
    register = Register(store)
    requirement = _standing(register, thing)
    prefixes, words = _ENDS[kind]
    if (prefixes and not to.startswith(prefixes)) or not urlsplit(to).scheme:
        raise InvalidInputError(f"'{to}' cannot be what a requirement is {_said(kind)}: {words}")
    if to == requirement.thing:
        raise RefusedError(f"{requirement.label} cannot be linked to itself")
    if kind == "refined_by":
        register.requirement(to)
    if _link(requirement, to, kind, claim) is not None:
        text = f"{requirement.label} is {_said(kind)} {to} already; `confirm-link` says that it "
        raise RefusedError(text + "still holds")
    return [
        RequirementLinked(
            to=to,
            kind=kind,
            claim=claim,
            content=requirement.content,
            stamp=register.stamp(to),
        )
    ]


def confirm_link(
    told: Sequence[Event],  # noqa: ARG001 - as above
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as above
    store: Store,
    to: ThingId,
    kind: LinkKind,
    by: str,
    claim: str = "",
) -> list[LinkConfirmed]:
    """Say that a link still holds, after an end of it changed.

    Parameters
    ----------
    to
        The other end.
    kind
        What it is to the requirement.
    by
        Who looked at it.
    claim
        As it was linked.

    Raises
    ------
    RefusedError
        There is no such link, or nothing changed.
    """
    register = Register(store)
    requirement = _standing(register, thing)
    known = _link(requirement, to, kind, claim)
    if known is None:
        text = f"{requirement.label} is not {_said(kind)} {to}; `treadle design requirement` shows "
        raise RefusedError(text + "its links")
    if not register.suspect(requirement, known):
        text = f"nothing changed since {requirement.label} and {to} were linked or confirmed"
        raise RefusedError(text)
    return [
        LinkConfirmed(
            to=to,
            kind=kind,
            claim=claim,
            content=requirement.content,
            stamp=register.stamp(to),
            by=by,
        )
    ]


def remove_link(
    told: Sequence[Event],  # noqa: ARG001 - as above
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as above
    store: Store,
    to: ThingId,
    kind: LinkKind,
    reason: str,
    claim: str = "",
) -> list[LinkRemoved]:
    """Take a link of a requirement away.

    Parameters
    ----------
    to
        The other end.
    kind
        What it was to the requirement.
    reason
        Why it does not hold.
    claim
        As it was linked.

    Raises
    ------
    RefusedError
        There is no such link.
    """
    requirement = Register(store).requirement(thing)
    if _link(requirement, to, kind, claim) is None:
        text = f"{requirement.label} is not {_said(kind)} {to}; `treadle design requirement` shows "
        raise RefusedError(text + "its links")
    return [LinkRemoved(to=to, kind=kind, claim=claim, reason=reason)]


def waive_requirement(
    told: Sequence[Event],  # noqa: ARG001 - as above
    *,
    thing: ThingId,
    happened_at: datetime,
    store: Store,
    until: date,
    reason: str,
    by: str,
) -> list[RequirementWaived]:
    """Grant that a requirement need not be met until a date, that day included.

    Parameters
    ----------
    until
        The last day.
    reason
        Why it may be so.
    by
        Who grants it.

    Raises
    ------
    RefusedError
        It is withdrawn, or that day is over.
    InvalidInputError
        No reason, or nobody who grants it.
    """
    requirement = _standing(Register(store), thing)
    if until < happened_at.date():
        text = f"a waiver of {requirement.label} until {until} is over before it begins"
        raise RefusedError(f"{text} ({happened_at:%Y-%m-%d}); give a later day")
    if not reason.strip() or not by.strip():
        raise InvalidInputError(f"a waiver of {requirement.label} has a reason and a name: --by")
    return [RequirementWaived(until=until, reason=reason.strip(), by=by.strip())]


def withdraw_requirement(
    told: Sequence[Event],  # noqa: ARG001 - as above
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as above
    store: Store,
    reason: str,
) -> list[RequirementWithdrawn]:
    """Withdraw a requirement; a later version of its specification may take it up again.

    Parameters
    ----------
    reason
        Why nobody has to meet it any more.

    Raises
    ------
    RefusedError
        It is withdrawn already.
    """
    _standing(Register(store), thing)
    return [RequirementWithdrawn(reason=reason)]


def give_verdict(
    told: Sequence[Event],  # noqa: ARG001 - as above
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as above
    verdict: Verdict,
    claim: str = "",
    software: dict[str, str] | None = None,
    evidence: str = "",
    by: str = "",
) -> list[VerdictGiven]:
    """Tell the verdict of a test that Treadle does not run itself: a bench, a track, a review.

    Campaigns and release gates tell theirs by themselves.

    Parameters
    ----------
    verdict
        PASS, FAIL or INCONCLUSIVE.
    claim
        Which part of the test; the whole where it is left out.
    software
        What was tested: name and version. A baseline counts a verdict only for its own versions.
    evidence
        Where the report is.
    by
        Who tested.

    Raises
    ------
    InvalidInputError
        The thing is no test.
    """
    if not thing.startswith(TEST_PREFIX) or thing == TEST_PREFIX:
        raise InvalidInputError(f"{thing} is no test; one is called {TEST_PREFIX}<name>")
    return [
        VerdictGiven(
            verdict=verdict, claim=claim, software=software or {}, evidence=evidence, by=by
        )
    ]


def _standing(register: Register, thing: ThingId) -> Requirement:
    """Return a requirement that is not withdrawn."""
    requirement = register.requirement(thing)
    if requirement.is_withdrawn:
        raise RefusedError(f"{requirement.label} is withdrawn; no version of it says it any more")
    return requirement


def _link(requirement: Requirement, to: str, kind: LinkKind, claim: str) -> LinkState | None:
    key = (to, kind, claim)
    return next((one for one in requirement.links if (one.to, one.kind, one.claim) == key), None)


def _said(kind: LinkKind) -> str:
    return kind.replace("_", " ")
