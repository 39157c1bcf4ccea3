"""What one may ask of software: baselines, their difference, and what runs in a car."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from treadle.design.rules.baselines import (
    ApprovalChange,
    SoftwareChange,
    approval_changes,
    software_changes,
)
from treadle.design.state.requirements import Register, at
from treadle.design.state.software import (
    BaselineLife,
    CarSoftware,
    State,
    baseline_life,
    car_software,
    incompatible,
    life,
)
from treadle.facts.design.requirements import specification_id
from treadle.facts.design.software import (
    BASELINE_PREFIX,
    SoftwareInstalled,
    SoftwareItem,
    TypeApproval,
)
from treadle.kernel import NotFoundError, Store, ThingId, from_us

_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineLine:
    """A baseline in a list."""

    baseline: ThingId
    vehicle_type: str
    state: State
    based_on: str
    software: int
    cars: int
    drafted: datetime
    released: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareLine:
    """A software of a baseline."""

    software: str
    ecu: str
    version: str
    part_number: str
    sha256: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLine:
    """A type approval that a baseline rests under."""

    regulation: str
    type: str
    number: str
    rxswin: str
    software: tuple[str, ...]
    assessment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliedLine:
    """What a release relies on, of one requirement."""

    requirement: ThingId
    standing: str
    verdicts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineSheet:
    """A baseline with all that is in it.

    Attributes
    ----------
    wrong
        What does not fit together; a draft with such cannot be released.
    """

    baseline: ThingId
    vehicle_type: str
    state: State
    reason: str
    based_on: str
    superseded_by: str
    drafted: datetime
    released: datetime | None
    software: tuple[SoftwareLine, ...]
    approvals: tuple[ApprovalLine, ...]
    relied: tuple[ReliedLine, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineDifference:
    """What changed from a baseline to another one.

    Attributes
    ----------
    approvals
        The type approvals that it touches.
    requirements_added, requirements_removed
        Which requirements are asked for now, and no longer.
    """

    before: str
    after: str
    software: tuple[SoftwareChange, ...]
    approvals: tuple[ApprovalChange, ...]
    requirements_added: tuple[str, ...]
    requirements_removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RxswinLine:
    """A type approval of a car and whether its software is what the RXSWIN stands for.

    Attributes
    ----------
    as_built
        The RXSWIN with which it left the plant; empty where nobody told.
    consistent
        Every relevant software in the car has the version and hash that the RXSWIN stands for
        (UN R156 paragraph 7.1.1.4).
    deviations
        What has not.
    """

    regulation: str
    type: str
    number: str
    as_built: str
    now: str
    baseline: str
    consistent: bool
    deviations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarSoftwareLine:
    """A software in a car."""

    software: str
    ecu: str
    hardware: str
    version_built: str
    version: str
    sha256: str
    baseline: str
    since: datetime


def baselines(store: Store) -> tuple[BaselineLine, ...]:
    """Return the baselines, the newest first."""
    lines = []
    for one in _all(store):
        cars = {e.thing for e in store.thread(one.thing) if isinstance(e.fact, SoftwareInstalled)}
        lines.append(
            BaselineLine(
                baseline=one.thing,
                vehicle_type=one.baseline.vehicle_type,
                state=one.state,
                based_on=one.baseline.based_on,
                software=len(one.baseline.software),
                cars=len(cars),
                drafted=from_us(one.drafted_us),
                released=None if one.released_us is None else from_us(one.released_us),
            )
        )
    return tuple(sorted(lines, key=lambda line: line.drafted, reverse=True))


def baseline(store: Store, *, name: str) -> BaselineSheet:
    """Return a baseline: its software, its type approvals, and what its release relies on.

    Parameters
    ----------
    name
        Which.

    Raises
    ------
    NotFoundError
        There is none.
    """
    one = baseline_life(store, name)
    told = one.baseline
    return BaselineSheet(
        baseline=one.thing,
        vehicle_type=told.vehicle_type,
        state=one.state,
        reason=one.reason,
        based_on=told.based_on,
        superseded_by=one.superseded_by,
        drafted=from_us(one.drafted_us),
        released=None if one.released_us is None else from_us(one.released_us),
        software=tuple(_software_line(item) for item in told.software),
        approvals=tuple(_approval_line(approval) for approval in told.approvals),
        relied=tuple(
            ReliedLine(requirement=r.requirement, standing=r.standing, verdicts=r.verdicts)
            for r in (one.released.relied if one.released else ())
        ),
        wrong=tuple(incompatible(told, told.software)),
    )


def compare_baselines(store: Store, *, before: str, after: str) -> BaselineDifference:
    """Return what changed from a baseline to another one, and the type approvals it touches.

    Parameters
    ----------
    before
        The baseline to come from.
    after
        The baseline to go to.

    Raises
    ------
    NotFoundError
        There is no such baseline.
    """
    old, new = baseline_life(store, before).baseline, baseline_life(store, after).baseline
    register = Register(store)
    asked_old = _asked(register, old.requirements, old.specifications)
    asked_new = _asked(register, new.requirements, new.specifications)
    changes = software_changes(old, new)
    return BaselineDifference(
        before=old.name,
        after=new.name,
        software=tuple(change for change in changes if change.change != "same"),
        approvals=tuple(approval_changes(old, new)),
        requirements_added=tuple(sorted(asked_new - asked_old)),
        requirements_removed=tuple(sorted(asked_old - asked_new)),
    )


def rxswin(
    store: Store, *, thing: ThingId, as_of: datetime | None = None
) -> tuple[RxswinLine, ...]:
    """Return a car's RXSWINs, as built and as updated, and whether its software is theirs.

    Parameters
    ----------
    thing
        The car.
    as_of
        The date to ask for; as last known where none is given.

    Raises
    ------
    NotFoundError
        Nobody told of software in it.
    """
    history = store.history(store.resolve(thing) or thing)
    car = _told(car_software(history, as_of=at(as_of)), thing)
    built = car_software(history, as_of=at(as_of), only="built")
    was = _approvals(store, built.baseline)
    now = _approvals(store, car.baseline)
    there = baseline_life(store, car.baseline).baseline
    lines = []
    for key in sorted(was.keys() | now.keys()):
        approval = now.get(key) or was[key]
        deviations = _deviations(approval, car, there.software) if key in now else ()
        if key not in now:
            deviations = (f"{car.baseline} knows nothing of this type approval",)
        lines.append(
            RxswinLine(
                regulation=approval.regulation,
                type=approval.type,
                number=approval.number,
                as_built=was[key].rxswin if key in was else "",
                now=now[key].rxswin if key in now else "",
                baseline=car.baseline,
                consistent=not deviations,
                deviations=tuple(deviations),
            )
        )
    return tuple(lines)


def installed_software(
    store: Store, *, thing: ThingId, as_of: datetime | None = None
) -> tuple[CarSoftwareLine, ...]:
    """Return the software that runs in a car, as built and as updated.

    Parameters
    ----------
    thing
        The car.
    as_of
        The date to ask for; as last known where none is given.

    Raises
    ------
    NotFoundError
        Nobody told of software in it.
    """
    history = store.history(store.resolve(thing) or thing)
    car = _told(car_software(history, as_of=at(as_of)), thing)
    built = car_software(history, as_of=at(as_of), only="built").software
    return tuple(
        CarSoftwareLine(
            software=name,
            ecu=one.item.ecu,
            hardware=car.hardware.get(one.item.ecu, ""),
            version_built=built[name].item.version if name in built else "",
            version=one.item.version,
            sha256=one.item.sha256,
            baseline=one.baseline,
            since=from_us(one.at_us),
        )
        for name, one in sorted(car.software.items())
    )


def _all(store: Store) -> list[BaselineLife]:
    found: list[BaselineLife] = []
    last = ""
    while page := store.things(prefix=BASELINE_PREFIX, after=last, limit=_PAGE):
        lives = (life(store.thread(thing), thing) for thing in page)
        found += [one for one in lives if one is not None]
        last = page[-1]
    return found


def _told(car: CarSoftware, thing: ThingId) -> CarSoftware:
    if not car.n_installed:
        text = f"nobody told of software in {thing}; `treadle design install-software` does"
        raise NotFoundError(text)
    return car


def _approvals(store: Store, name: str) -> dict[tuple[str, str], TypeApproval]:
    if not name:
        return {}
    told = baseline_life(store, name).baseline.approvals
    return {(one.regulation, one.type): one for one in told}


def _deviations(
    approval: TypeApproval, car: CarSoftware, software: Sequence[SoftwareItem]
) -> tuple[str, ...]:
    wanted = {one.name: one for one in software}
    found: list[str] = []
    for name in approval.software:
        has, should = car.software.get(name), wanted[name]
        if has is None:
            found.append(f"{name} is not in the car")
        elif has.item.version != should.version:
            found.append(f"{name} is {has.item.version}, not {should.version}")
        elif has.item.sha256 != should.sha256:
            found.append(f"{name} {should.version} has another hash than the baseline says")
    return tuple(found)


def _asked(
    register: Register, requirements: Sequence[str], specifications: Sequence[str]
) -> set[str]:
    whole = {
        one.identifier for name in specifications for one in register.all(specification_id(name))
    }
    return whole | set(requirements)


def _software_line(item: SoftwareItem) -> SoftwareLine:
    return SoftwareLine(
        software=item.name,
        ecu=item.ecu,
        version=item.version,
        part_number=item.part_number,
        sha256=item.sha256,
        needs=item.needs,
    )


def _approval_line(approval: TypeApproval) -> ApprovalLine:
    return ApprovalLine(
        regulation=approval.regulation,
        type=approval.type,
        number=approval.number,
        rxswin=approval.rxswin,
        software=approval.software,
        assessment=approval.assessment,
    )
