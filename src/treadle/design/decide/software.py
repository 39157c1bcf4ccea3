"""What may happen to baselines and to the software in cars, and what is refused by name."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from treadle.design.rules.baselines import unassessed
from treadle.design.state.requirements import Register, Requirement
from treadle.design.state.software import (
    BaselineLife,
    baseline_life,
    car_software,
    incompatible,
)
from treadle.design.state.verdicts import Verdicts, standing
from treadle.facts.design.requirements import requirement_id, specification_id
from treadle.facts.design.software import (
    Baseline,
    BaselineReleased,
    BaselineWithdrawn,
    Occasion,
    Relied,
    SoftwareInstalled,
    baseline_id,
)
from treadle.kernel import Event, InvalidInputError, RefusedError, Store, ThingId

_CAR = "urn:treadle:vin:"
_SHOWN = 20
"""Reasons that a refusal lists; the rest is counted."""


def release_baseline(
    told: Sequence[Event],  # noqa: ARG001 - as every command; the store tells more than it
    *,
    thing: ThingId,
    happened_at: datetime,
    store: Store,
    by: str = "",
) -> list[BaselineReleased]:
    """Release a baseline: from now on it may go into cars.

    Every requirement that it names has to have passed, on this very software, or be waived; all of
    it has to fit together; and where software of a type approval changed, its RXSWIN did, or the
    baseline says why it need not.

    Parameters
    ----------
    by
        Who releases it.

    Raises
    ------
    RefusedError
        It is no draft, or something is missing, failed or stale; each by name.
    """
    life = baseline_life(store, thing)
    if life.state != "draft":
        text = f"{life.baseline.name} is {life.state}; only a draft can be released"
        raise RefusedError(f"{text}; give the next version a name of its own")
    relied, wrong = _relied(store, life.baseline, happened_at)
    wrong += incompatible(life.baseline, life.baseline.software)
    wrong += _before(store, life.baseline)
    if wrong:
        more = f" (and {len(wrong) - _SHOWN} more)" if len(wrong) > _SHOWN else ""
        text = f"{life.baseline.name} cannot be released: {'; '.join(wrong[:_SHOWN])}{more}"
        raise RefusedError(text)
    return [
        BaselineReleased(
            draft=life.draft, relied=tuple(relied), supersedes=life.baseline.based_on, by=by
        )
    ]


def withdraw_baseline(
    told: Sequence[Event],  # noqa: ARG001 - as above
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as above
    store: Store,
    reason: str,
    by: str = "",
) -> list[BaselineWithdrawn]:
    """Withdraw a baseline: it may go into no further car. Cars that have it keep it.

    Parameters
    ----------
    reason
        Why.
    by
        Who withdraws it.

    Raises
    ------
    RefusedError
        It is withdrawn already.
    """
    life = baseline_life(store, thing)
    if life.state == "withdrawn":
        raise RefusedError(f"{life.baseline.name} is withdrawn already: {life.reason}")
    if not reason.strip():
        raise InvalidInputError(f"withdrawing {life.baseline.name} has a reason: --reason")
    return [BaselineWithdrawn(reason=reason.strip(), by=by)]


def install_software(
    told: Sequence[Event],
    *,
    thing: ThingId,
    happened_at: datetime,  # noqa: ARG001 - as above
    store: Store,
    baseline: str,
    occasion: Occasion,
    hardware: dict[str, str] | None = None,
    only: tuple[str, ...] = (),
) -> list[SoftwareInstalled]:
    """Tell that the software of a baseline was installed in a car.

    Parameters
    ----------
    baseline
        Its name; it has to be released.
    occasion
        `built`: in the plant; `updated`: after that.
    hardware
        The part number of a control unit, once told it is known: ADC=HW-A1.
    only
        Names of software, where not all of the baseline was installed.

    Raises
    ------
    RefusedError
        The baseline may go into no car, or does not fit this one (UN R156 paragraph 7.1.1.7).
    """
    if not thing.startswith(_CAR):
        raise InvalidInputError(f"{thing} is no car; one is called {_CAR}<VIN>")
    life = baseline_life(store, baseline)
    if life.state not in {"released", "superseded"}:
        text = f"{life.baseline.name} is {'a draft' if life.state == 'draft' else life.state}"
        raise RefusedError(f"{text} and may go into no car")
    car = car_software(told)
    unknown = sorted(set(only) - {one.name for one in life.baseline.software})
    if unknown:
        raise InvalidInputError(f"{life.baseline.name} has no software {', '.join(unknown)}")
    units = {ecu.name for ecu in life.baseline.ecus}
    if strange := sorted(set(hardware or {}) - units):
        text = f"{life.baseline.name} has no control unit {', '.join(strange)}; it has "
        raise InvalidInputError(text + ", ".join(sorted(units)))
    items = [one for one in life.baseline.software if not only or one.name in only]
    known = car.hardware | (hardware or {})
    then = {name: one.item for name, one in car.software.items()} | {one.name: one for one in items}
    if wrong := incompatible(life.baseline, tuple(then.values()), known):
        raise RefusedError(f"{life.baseline.name} does not fit {thing}: {'; '.join(wrong)}")
    return [
        SoftwareInstalled(
            baseline=life.baseline.name,
            occasion=occasion,
            software=tuple(items),
            hardware=hardware or {},
        )
    ]


def _relied(
    store: Store, baseline: Baseline, happened_at: datetime
) -> tuple[list[Relied], list[str]]:
    """Return what a release can rely on, and what is missing, requirement by requirement."""
    register, verdicts = Register(store), Verdicts(store)
    relied: list[Relied] = []
    wrong: list[str] = []
    for name, requirement in _asked(register, baseline):
        if requirement is None:
            wrong.append(f"there is no requirement or specification {name}")
            continue
        found = standing(register, verdicts, requirement, happened_at.date(), baseline.software)
        if found.word in {"passed", "waived"}:
            told = (found.reason,) if found.word == "waived" else found.verdicts
            relied.append(
                Relied(
                    requirement=requirement.thing,
                    content=requirement.content,
                    standing=found.word,
                    verdicts=told,
                )
            )
        elif found.word != "none":
            title = f" ({requirement.fact.title})" if requirement.fact.title else ""
            wrong.append(f"{requirement.label}{title} {_is(found.word)}: {found.reason}")
    if not relied and not wrong:
        wrong.append("it names no requirement; a release has to say what it meets")
    return relied, wrong


def _asked(register: Register, baseline: Baseline) -> Iterable[tuple[str, Requirement | None]]:
    """Yield each requirement that a baseline has to meet, once; None where there is none such."""
    seen: set[ThingId] = set()
    for name in baseline.requirements:
        thing = requirement_id(name)
        seen.add(thing)
        yield name, register.find(thing)
    for name in baseline.specifications:
        stated = register.all(specification_id(name))
        if not stated:
            yield name, None
        for one in stated:
            if one.thing not in seen and not one.is_withdrawn:
                seen.add(one.thing)
                yield one.identifier, one


def _before(store: Store, baseline: Baseline) -> list[str]:
    """Return what stands against following the baseline before."""
    if not baseline.based_on:
        return []
    before: BaselineLife = baseline_life(store, baseline_id(baseline.based_on))
    wrong = unassessed(before.baseline, baseline)
    if before.state == "draft":
        wrong.append(f"{baseline.based_on}, which it is based on, is a draft")
    if before.baseline.vehicle_type != baseline.vehicle_type:
        text = f"{baseline.based_on} is of {before.baseline.vehicle_type}, not of "
        wrong.append(text + baseline.vehicle_type)
    return wrong


def _is(word: str) -> str:
    return {"missing": "has no verdict", "failed": "failed"}.get(word, f"is {word}")
