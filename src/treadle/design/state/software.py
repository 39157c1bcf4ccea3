"""What is known of baselines and of the software in a car."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from treadle.design.rules.versions import need
from treadle.facts.design.software import (
    Baseline,
    BaselineDrafted,
    BaselineReleased,
    BaselineWithdrawn,
    Occasion,
    SoftwareInstalled,
    SoftwareItem,
    baseline_id,
)
from treadle.kernel import Event, NotFoundError, Store, ThingId

State = Literal["draft", "released", "superseded", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineLife:
    """A baseline as it stands.

    Attributes
    ----------
    draft
        The blob of the file that says what is in it.
    superseded_by
        The baseline that was released in its place.
    """

    thing: ThingId
    baseline: Baseline
    draft: str
    state: State
    drafted_us: int
    released_us: int | None = None
    released: BaselineReleased | None = None
    superseded_by: str = ""
    reason: str = ""


def baseline_life(store: Store, name: str) -> BaselineLife:
    """Return a baseline by its name or its URI.

    Raises
    ------
    NotFoundError
        Nobody drafted it.
    """
    found = life(store.thread(baseline_id(name)), baseline_id(name))
    if found is None:
        text = f"there is no baseline {name}; `treadle design baselines` lists them, "
        raise NotFoundError(text + "`treadle design take-baseline FILE` drafts one")
    return found


def life(events: Iterable[Event], thing: ThingId) -> BaselineLife | None:
    """Add up what is told of a baseline: its own history and what mentions it."""
    told = list(events)
    own = sorted((e for e in told if e.thing == thing), key=lambda e: e.position)
    draft: Event | None = None
    released: Event | None = None
    withdrawn: BaselineWithdrawn | None = None
    for event in own:
        match event.fact:
            case BaselineDrafted():
                draft = event
            case BaselineReleased():
                released = event
            case BaselineWithdrawn() as withdrawn:
                pass
            case _:
                pass
    if draft is None or not isinstance(draft.fact, BaselineDrafted):
        return None
    name = draft.fact.baseline.name
    after = [
        e.thing for e in told if isinstance(e.fact, BaselineReleased) and e.fact.supersedes == name
    ]
    fact = released.fact if released is not None else None
    state: State = "draft" if released is None else "released"
    state = "superseded" if after else state
    return BaselineLife(
        thing=thing,
        baseline=draft.fact.baseline,
        draft=draft.fact.blob,
        state="withdrawn" if withdrawn else state,
        drafted_us=draft.happened_at,
        released_us=None if released is None else released.happened_at,
        released=fact if isinstance(fact, BaselineReleased) else None,
        superseded_by=baseline_id(after[-1]) if after else "",
        reason=withdrawn.reason if withdrawn else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A software in a car, since when and by which baseline."""

    item: SoftwareItem
    baseline: str
    occasion: Occasion
    at_us: int


@dataclass(slots=True, kw_only=True)
class CarSoftware:
    """The software in a car.

    Attributes
    ----------
    software
        By name, as it is now.
    hardware
        The part number of each control unit that was told.
    baseline
        The one that was installed last.
    """

    software: dict[str, Installed] = field(default_factory=dict)
    hardware: dict[str, str] = field(default_factory=dict)
    baseline: str = ""
    n_installed: int = 0


def car_software(
    events: Iterable[Event], *, as_of: int | None = None, only: Occasion | None = None
) -> CarSoftware:
    """Add up what software was installed in a car, in the order in which it happened.

    Parameters
    ----------
    as_of
        Up to this moment [us since 1970].
    only
        `built`: as it left the plant.
    """
    car = CarSoftware()
    told = sorted(events, key=lambda e: (e.happened_at, e.position))
    for event in told:
        fact = event.fact
        if not isinstance(fact, SoftwareInstalled) or (as_of and event.happened_at > as_of):
            continue
        if only is not None and fact.occasion != only:
            continue
        for item in fact.software:
            car.software[item.name] = Installed(
                item=item,
                baseline=fact.baseline,
                occasion=fact.occasion,
                at_us=event.happened_at,
            )
        car.hardware |= fact.hardware
        car.baseline = fact.baseline
        car.n_installed += 1
    return car


def incompatible(
    baseline: Baseline, software: Sequence[SoftwareItem], hardware: dict[str, str] | None = None
) -> list[str]:
    """Return what does not fit together, a sentence each; empty where all does.

    Parameters
    ----------
    software
        All that runs together.
    hardware
        What one car has, by control unit; of a baseline alone what it may have.
    """
    versions = {one.name: one.version for one in software}
    units: dict[str, Sequence[str]] = {ecu.name: ecu.hardware for ecu in baseline.ecus}
    wrong: list[str] = []
    if hardware is not None:
        for ecu in baseline.ecus:
            has = hardware.get(ecu.name, "")
            if ecu.hardware and has not in ecu.hardware:
                told = f"is {has}" if has else "is not known; tell it with --hardware UNIT=NUMBER"
                text = f"the hardware of {ecu.name} {told}; it may be {', '.join(ecu.hardware)}"
                wrong.append(text)
        units |= {name: (number,) for name, number in hardware.items() if name in units}
    wrong += [
        f"{one.name} {one.version} needs {text}: {why}"
        for one in software
        for text in one.needs
        if (why := need(text).holds(versions, units))
    ]
    return wrong
