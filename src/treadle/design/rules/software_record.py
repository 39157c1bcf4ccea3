"""What a record of a software update holds, paragraph by paragraph of UN Regulation No. 156.

E/ECE/TRANS/505/Rev.3/Add.155, paragraph 7.1.2: what a manufacturer records and stores for each
update that is applied to a type of vehicle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

FORM = "treadle.software_record.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A software with what proves its integrity; empty versions: it is not there."""

    software: str
    ecu: str
    part_number: str
    version_before: str
    sha256_before: str
    version_after: str
    sha256_after: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A control unit and the part numbers that it may be, before and after."""

    ecu: str
    hardware_before: tuple[str, ...]
    hardware_after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """An RXSWIN before and after, with all its relevant software (paragraph 7.1.2.3)."""

    regulation: str
    type: str
    approval: str
    rxswin_before: str
    rxswin_after: str
    software: tuple[Item, ...]
    effect: str
    assessment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A vehicle that the update is for, and whether it fits its last known configuration.

    Attributes
    ----------
    installed
        The baseline that is known to run in it.
    state
        `updated`, `compatible`, `not compatible`.
    """

    vehicle: str
    installed: str
    state: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A requirement that the release relied on, and the verdicts (paragraph 7.1.2.5 (i))."""

    requirement: str
    title: str
    standing: str
    verdicts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareRecord:
    """The record of an update: from the baseline before to this one.

    Attributes
    ----------
    file
        The hash of the file that says what is in the baseline.
    thread
        Position and hash of the last event of the thread that this was written from.
    not_told
        What the regulation asks for and nobody told, or Treadle does not keep.
    """

    baseline: str
    vehicle_type: str
    state: str
    before: str
    released: datetime | None
    released_by: str
    file: str
    thread: str
    units: tuple[Unit, ...]
    software: tuple[Item, ...]
    register: tuple[Registered, ...]
    targets: tuple[Target, ...]
    purpose: str
    affects: tuple[str, ...]
    approval_sought: str
    execution: str
    safety: str
    validation: str
    evidence: tuple[Evidence, ...]
    not_told: tuple[str, ...]

    @property
    def approved_systems(self) -> Sequence[str]:
        """The type approvals that the update touches (paragraph 7.1.2.5 (c))."""
        return [f"{one.regulation} ({one.type})" for one in self.register if one.effect]


def not_told(record: dict[str, object]) -> tuple[str, ...]:
    """Return what paragraph 7.1.2 asks for and a record does not have, each with its paragraph."""
    asked = (
        ("purpose", "7.1.2.5 (a): the purpose of the update"),
        ("affects", "7.1.2.5 (b): the systems and functions that it may affect"),
        ("approval_sought", "7.1.2.5 (f): whether an approval was sought"),
        ("execution", "7.1.2.5 (g): how and under what conditions it may be executed"),
        ("safety", "7.1.2.5 (h): that it is conducted safely and securely"),
        ("validation", "7.1.2.5 (i): that it passed verification and validation, in words"),
        ("evidence", "7.1.2.5 (i): verdicts that the release relied on"),
        ("register", "7.1.2.3: an RXSWIN; the baseline names no type approval"),
        ("targets", "7.1.2.4: a target vehicle; no car is known to run the baseline before"),
    )
    missing = [words for name, words in asked if not record.get(name)]
    return (*missing, "7.1.2.1: the processes of the management system; they are kept elsewhere")
