"""The record of a software update that UN R156 asks for, written from the thread."""

from typing import Any, Literal

from treadle.design.formats.software_record import as_json, as_page
from treadle.design.rules.baselines import approval_changes
from treadle.design.rules.software_record import (
    Evidence,
    Item,
    Registered,
    SoftwareRecord,
    Target,
    Unit,
    not_told,
)
from treadle.design.state.requirements import Register
from treadle.design.state.software import BaselineLife, baseline_life, car_software, incompatible
from treadle.facts.design.software import Baseline, SoftwareInstalled
from treadle.kernel import Document, Store, ThingId, from_us


def software_record(store: Store, *, name: str, form: Literal["json", "html"] = "json") -> Document:
    """Return the record of a software update (UN R156 paragraph 7.1.2): for programs, or to print.

    What changes for which type approvals, versions and integrity data before and after, target
    vehicles and whether it fits them, what the release relied on; and what nobody told.

    Parameters
    ----------
    name
        The baseline that the update leads to.
    form
        json, or html: one page that needs nothing else.

    Raises
    ------
    NotFoundError
        There is no such baseline.
    """
    told = record(store, name)
    content = as_json(told) if form == "json" else as_page(told)
    media = "application/json" if form == "json" else "text/html; charset=utf-8"
    return Document(content=content, media_type=media, filename=f"{told.baseline}-r156.{form}")


def record(store: Store, name: str) -> SoftwareRecord:
    """Return what a record of an update to a baseline says."""
    life = baseline_life(store, name)
    after = life.baseline
    before = baseline_life(store, after.based_on).baseline if after.based_on else None
    head = store.head()
    update = after.update
    said: dict[str, Any] = {
        "register": tuple(_register(before, after)),
        "targets": tuple(_targets(store, life)),
        "evidence": tuple(_evidence(store, life)),
        "purpose": update.purpose,
        "affects": update.affects,
        "approval_sought": update.approval_sought,
        "execution": update.execution,
        "safety": update.safety,
        "validation": update.validation,
    }
    return SoftwareRecord(
        baseline=after.name,
        vehicle_type=after.vehicle_type,
        state=life.state,
        before=after.based_on,
        released=None if life.released_us is None else from_us(life.released_us),
        released_by=life.released.by if life.released else "",
        file=life.draft,
        thread=f"{head.position} {head.hash.hex()}",
        units=tuple(_units(before, after)),
        software=tuple(_items(before, after, None)),
        not_told=not_told(said),
        **said,
    )


def _units(before: Baseline | None, after: Baseline) -> list[Unit]:
    old = {one.name: one.hardware for one in (before.ecus if before else ())}
    new = {one.name: one.hardware for one in after.ecus}
    return [
        Unit(ecu=name, hardware_before=old.get(name, ()), hardware_after=new.get(name, ()))
        for name in sorted(old.keys() | new.keys())
    ]


def _items(before: Baseline | None, after: Baseline, only: set[str] | None) -> list[Item]:
    names = {one.name for one in (*(before.software if before else ()), *after.software)}
    items: list[Item] = []
    for name in sorted(names if only is None else names & only):
        old, new = before.item(name) if before else None, after.item(name)
        one = new or old
        assert one is not None  # noqa: S101 - its name comes from one of the two
        items.append(
            Item(
                software=name,
                ecu=one.ecu,
                part_number=one.part_number,
                version_before=old.version if old else "",
                sha256_before=old.sha256 if old else "",
                version_after=new.version if new else "",
                sha256_after=new.sha256 if new else "",
                needs=new.needs if new else (),
            )
        )
    return items


def _register(before: Baseline | None, after: Baseline) -> list[Registered]:
    first = before or Baseline(name="", vehicle_type="", ecus=(), software=())
    effects = {(one.regulation, one.type): one.verdict for one in approval_changes(first, after)}
    old = {(one.regulation, one.type): one for one in first.approvals}
    new = {(one.regulation, one.type): one for one in after.approvals}
    found: list[Registered] = []
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        relevant = {*(was.software if was else ()), *(now.software if now else ())}
        found.append(
            Registered(
                regulation=key[0],
                type=key[1],
                approval=(now.number if now else "") or (was.number if was else ""),
                rxswin_before=was.rxswin if was else "",
                rxswin_after=now.rxswin if now else "",
                software=tuple(_items(before, after, relevant)),
                effect=effects.get(key, ""),
                assessment=now.assessment if now else "",
            )
        )
    return found


def _targets(store: Store, life: BaselineLife) -> list[Target]:
    """Return the cars that run the baseline before, or this one already, by their VIN."""
    names = {life.baseline.name, life.baseline.based_on} - {""}
    places = [life.thing]
    if life.baseline.based_on:
        places.append(baseline_life(store, life.baseline.based_on).thing)
    told = [event for place in places for event in store.thread(place)]
    cars = {event.thing for event in told if isinstance(event.fact, SoftwareInstalled)}
    targets = (_target(store, ThingId(car), life.baseline) for car in sorted(cars))
    return [target for target in targets if target.installed in names]


def _target(store: Store, car: ThingId, baseline: Baseline) -> Target:
    runs = car_software(store.history(car))
    then = {name: one.item for name, one in runs.software.items()}
    hashes = {name: item.sha256 for name, item in then.items()}
    same = all(hashes.get(one.name) == one.sha256 for one in baseline.software)
    then |= {one.name: one for one in baseline.software}
    reasons = tuple(incompatible(baseline, tuple(then.values()), runs.hardware))
    state = "not compatible" if reasons else "compatible"
    return Target(
        vehicle=car,
        installed=runs.baseline,
        state="updated" if same else state,
        reasons=reasons,
    )


def _evidence(store: Store, life: BaselineLife) -> list[Evidence]:
    register = Register(store)
    found: list[Evidence] = []
    for one in life.released.relied if life.released else ():
        known = register.find(one.requirement)
        found.append(
            Evidence(
                requirement=known.label if known else one.requirement,
                title=known.fact.title if known else "",
                standing=one.standing,
                verdicts=one.verdicts,
            )
        )
    return found
