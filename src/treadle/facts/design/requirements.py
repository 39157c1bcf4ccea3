"""What is told of requirements: stated, withdrawn, waived; linked, confirmed; and verdicts given.

What changed from one version of a specification to the next follows from the versions, in the order
in which they were made, whatever the order in which they came (state/requirements.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from treadle.kernel import Fact, ThingId, named

REQUIREMENT_PREFIX = "urn:treadle:requirement:"
"""A requirement is its ReqIF identifier, which no other thing ever has."""
SPECIFICATION_PREFIX = "urn:treadle:specification:"
"""A specification is what its exchange is called here; it comes in versions."""
TEST_PREFIX = "urn:treadle:test:"
"""A test that Treadle does not run itself: a bench, a proving ground, a review."""
FEATURE_PREFIX = "urn:treadle:feature:"
"""A feature of a model: `urn:treadle:feature:<model>:<feature>`."""

LinkKind = Literal["realised_by", "verified_by", "implemented_by", "refined_by"]
"""To a feature; to a catalogue, campaign, gate or test; to a part or software; to a requirement."""
Verdict = Literal["PASS", "FAIL", "INCONCLUSIVE"]


@named("design.specification_taken")
@dataclass(frozen=True, kw_only=True)
class SpecificationTaken(Fact):
    """A version of a specification came, as a ReqIF document or archive.

    Attributes
    ----------
    name
        What it is called here.
    blob
        The file as it came.
    title, tool
        What its header says.
    requirements
        The hash of what each requirement says, by its identifier.
    n_relations, n_attachments
        Relations between requirements; other files of the archive.
    """

    name: str
    blob: str
    title: str
    tool: str
    requirements: dict[str, str]
    n_relations: int = 0
    n_attachments: int = 0

    def identity(self) -> str:
        """Return name and file: the same file is taken once."""
        return f"design.specification:{self.name}:{self.blob}"


@named("design.requirement_stated")
@dataclass(frozen=True, kw_only=True)
class RequirementStated(Fact):
    """What a requirement says, for the first time or anew.

    Attributes
    ----------
    identifier
        Its own, of ReqIF.
    specification
        Where it says so.
    content
        The hash of what it says: type, values, long name; not who wrote it when.
    number
        What people call it (ReqIF.ForeignID); empty where it is only its identifier.
    title, text
        In plain text, for people; the file has it with its layout.
    attributes
        All values by the name of the attribute, in plain text.
    is_heading
        It orders others and asks for nothing.
    """

    identifier: str
    specification: ThingId
    content: str
    number: str
    title: str
    text: str
    type: str
    attributes: dict[str, str] = field(default_factory=dict)
    is_heading: bool = False

    def identity(self) -> str:
        """Return where and what: it is stated once, however often the file comes."""
        return f"design.requirement:{self.identifier}:{self.specification}:{self.content}"

    def mentions(self) -> Iterable[ThingId]:
        """Return the specification."""
        return (self.specification,)


@named("design.requirement_withdrawn")
@dataclass(frozen=True, kw_only=True)
class RequirementWithdrawn(Fact):
    """A requirement was withdrawn by hand; one that a new version leaves out is so by itself."""

    reason: str


@named("design.requirement_waived")
@dataclass(frozen=True, kw_only=True)
class RequirementWaived(Fact):
    """It was granted that a requirement need not be met, until a date, that day included."""

    until: date
    reason: str
    by: str


@named("design.requirement_linked")
@dataclass(frozen=True, kw_only=True)
class RequirementLinked(Fact):
    """A requirement was linked to what realises, verifies, implements or refines it.

    Attributes
    ----------
    to
        The other end.
    claim
        Which part of it: a criterion, a requirement or a scenario of a catalogue.
    content, stamp
        What the requirement said then, and where the other end stood.
    """

    to: ThingId
    kind: LinkKind
    claim: str = ""
    content: str
    stamp: str = ""

    def mentions(self) -> Iterable[ThingId]:
        """Return the other end."""
        return (self.to,)


@named("design.link_confirmed")
@dataclass(frozen=True, kw_only=True)
class LinkConfirmed(Fact):
    """Somebody looked at a link after an end had changed, and it still holds."""

    to: ThingId
    kind: LinkKind
    claim: str = ""
    content: str
    stamp: str = ""
    by: str = ""

    def mentions(self) -> Iterable[ThingId]:
        """Return the other end."""
        return (self.to,)


@named("design.link_removed")
@dataclass(frozen=True, kw_only=True)
class LinkRemoved(Fact):
    """A link was taken away."""

    to: ThingId
    kind: LinkKind
    claim: str = ""
    reason: str

    def mentions(self) -> Iterable[ThingId]:
        """Return the other end."""
        return (self.to,)


@named("design.verdict_given")
@dataclass(frozen=True, kw_only=True)
class VerdictGiven(Fact):
    """A test that Treadle does not run itself gave a verdict.

    Attributes
    ----------
    claim
        Which part of the test; empty: the whole.
    software
        What was tested: versions by the name of the software.
    evidence
        Where the report is: an address, or a blob.
    """

    verdict: Verdict
    claim: str = ""
    software: dict[str, str] = field(default_factory=dict)
    evidence: str = ""
    by: str = ""


def requirement_id(identifier: str) -> ThingId:
    """Return a requirement's thing, by its identifier or its URI."""
    is_whole = identifier.startswith(REQUIREMENT_PREFIX)
    return ThingId(identifier if is_whole else REQUIREMENT_PREFIX + identifier)


def specification_id(name: str) -> ThingId:
    """Return a specification's thing, by its name or its URI."""
    return ThingId(name if name.startswith(SPECIFICATION_PREFIX) else SPECIFICATION_PREFIX + name)
