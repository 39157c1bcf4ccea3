"""What is told of software: baselines drafted, released, withdrawn; software installed in cars."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from treadle.kernel import Fact, ThingId, named

BASELINE_PREFIX = "urn:treadle:baseline:"
"""A baseline is what software a type of car runs, version by version, under one name."""
SOFTWARE_PREFIX = "urn:treadle:software:"
"""A software is its name, of whatever version."""

Occasion = Literal["built", "updated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecu:
    """An electronic control unit; `hardware` are the part numbers that it may be, none: any."""

    name: str
    hardware: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareItem:
    """A software in a version, on a control unit.

    Attributes
    ----------
    sha256
        Its integrity data: the SHA-256 of what is installed, 64 hexadecimal digits.
    part_number
        What purchasing and workshops call it.
    build
        What proving calls it: the identity of the driver that a campaign tells.
    needs
        What it is compatible with: `brake-control >= 1.2, < 2`, `ADC hardware HW-A1 | HW-A2`.
    place
        Where it stands in its file.
    """

    name: str
    ecu: str
    version: str
    sha256: str
    part_number: str = ""
    build: str = ""
    needs: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeApproval:
    """A type approval that software is relevant to (UN R156 paragraph 2.2).

    Attributes
    ----------
    regulation
        As `UN R157`.
    type
        The type of system or vehicle that is approved.
    number
        Of the approval, as `E4*157R01/01*0001*00`.
    rxswin
        The identifier that stands for this software at the authority.
    software
        The names of the relevant software.
    assessment
        Why a change of that software leaves the approval as it is; needed where it changes and the
        RXSWIN does not (paragraphs 7.1.2.5 (d), (e) and 7.2.1.2.1).
    """

    regulation: str
    type: str
    rxswin: str
    software: tuple[str, ...]
    number: str = ""
    assessment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a record of an update tells in words (UN R156 paragraph 7.1.2.5)."""

    purpose: str = ""
    affects: tuple[str, ...] = ()
    approval_sought: str = ""
    execution: str = ""
    safety: str = ""
    validation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What software a type of car runs.

    Attributes
    ----------
    vehicle_type
        Whose.
    based_on
        The baseline that it follows; empty for the first.
    requirements, specifications
        Which requirements it has to meet: one by one, and all of a specification.
    """

    name: str
    vehicle_type: str
    based_on: str = ""
    ecus: tuple[Ecu, ...]
    software: tuple[SoftwareItem, ...]
    approvals: tuple[TypeApproval, ...] = ()
    requirements: tuple[str, ...] = ()
    specifications: tuple[str, ...] = ()
    update: Update = field(default_factory=Update)

    def item(self, name: str) -> SoftwareItem | None:
        """Return a software of it by name."""
        return next((one for one in self.software if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relied:
    """What a release relies on, of one requirement.

    Attributes
    ----------
    content
        What the requirement said.
    standing
        `passed`, or `waived`.
    verdicts
        The runs and tests that gave the verdicts; of a waiver its reason.
    """

    requirement: ThingId
    content: str
    standing: str
    verdicts: tuple[str, ...]


@named("design.baseline_drafted")
@dataclass(frozen=True, kw_only=True)
class BaselineDrafted(Fact):
    """A baseline was drafted, or drafted anew; `blob` is the file that says so."""

    baseline: Baseline
    blob: str

    def identity(self) -> str:
        """Return name and file: the same draft is told once."""
        return f"design.baseline:{self.baseline.name}:{self.blob}"

    def mentions(self) -> Iterable[ThingId]:
        """Return its software and the baseline before it."""
        yield from (software_id(one.name) for one in self.baseline.software)
        if self.baseline.based_on:
            yield baseline_id(self.baseline.based_on)


@named("design.baseline_released")
@dataclass(frozen=True, kw_only=True)
class BaselineReleased(Fact):
    """A baseline may go into cars; all that its requirements ask for was there."""

    draft: str
    relied: tuple[Relied, ...]
    supersedes: str = ""
    by: str = ""

    def mentions(self) -> Iterable[ThingId]:
        """Return the requirements that it relies on, and the baseline that it supersedes."""
        yield from (one.requirement for one in self.relied)
        if self.supersedes:
            yield baseline_id(self.supersedes)


@named("design.baseline_withdrawn")
@dataclass(frozen=True, kw_only=True)
class BaselineWithdrawn(Fact):
    """A baseline may go into no further car."""

    reason: str
    by: str = ""


@named("design.software_installed")
@dataclass(frozen=True, kw_only=True)
class SoftwareInstalled(Fact):
    """Software of a baseline was installed in a car, at the plant or later.

    Attributes
    ----------
    occasion
        `built`: it left the plant so. `updated`: after.
    software
        What was installed: name, version and hash, by control unit.
    hardware
        The part number of each control unit that was told.
    """

    baseline: str
    occasion: Occasion
    software: tuple[SoftwareItem, ...]
    hardware: dict[str, str] = field(default_factory=dict)

    def mentions(self) -> Iterable[ThingId]:
        """Return the baseline and the software."""
        yield baseline_id(self.baseline)
        yield from (software_id(one.name) for one in self.software)


def baseline_id(name: str) -> ThingId:
    """Return a baseline's thing, by its name or its URI."""
    return ThingId(name if name.startswith(BASELINE_PREFIX) else BASELINE_PREFIX + name)


def software_id(name: str) -> ThingId:
    """Return a software's thing, by its name or its URI."""
    return ThingId(name if name.startswith(SOFTWARE_PREFIX) else SOFTWARE_PREFIX + name)
