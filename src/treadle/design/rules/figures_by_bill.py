"""What an option brings by the bill of material: the carbon of its parts, and when they are there.

An option has a figure of its own only where what it brings is the same beside every other option:
a part for `Estate` is Estate's, one for `!Estate` is the whole car's and Estate takes it away, one
for `Estate & Towbar` is nobody's alone. Whoever has such a part, or one of which no figure is
known, has no figure by the bill: a sum is whole or it is not told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from treadle.design.rules.bill_structure import condition, in_order
from treadle.design.rules.effective_bill import EffectiveBill, Guarded
from treadle.design.rules.effectivity import Build, fits_but_options, within
from treadle.engine.choices.expression import Constant, Expression, Name, Not, Or, holds, names
from treadle.facts.design.changes import Effectivity
from treadle.facts.design.figures import Known
from treadle.facts.design.material import CAR, Line
from treadle.facts.rulebook import Rulebook

Share = dict[str, float]
"""How often something is in a car: `""` in each, and more often with each of these options."""
_EVERY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What an option brings.

    Attributes
    ----------
    kgco2e, weeks
        None where that cannot be told.
    parts
        How many different ones.
    why_not
        Why one of them cannot be told; empty where both are.
    """

    option: str
    kgco2e: float | None
    weeks: int | None
    parts: int
    why_not: str


@dataclass(slots=True)
class _Sum:
    """What was gathered for one option."""

    kgco2e: float = 0.0
    weeks: int | None = None
    parts: set[str] = field(default_factory=set)
    no_carbon: str = ""
    no_weeks: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """How often an assembly is in a car, and for which options that cannot be said."""

    share: Share
    unclear: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Unclear:
    """Why it cannot be said of a line which cars have it, and the options that it hangs on."""

    text: str
    asked: frozenset[str] = frozenset()


def by_bill(
    effective: EffectiveBill, rulebook: Rulebook, parts: Mapping[str, Known], build: Build
) -> list[Brought]:
    """Return what each option brings that the bill names, in the order of the model.

    An assembly with a carbon figure counts as that; without one it is the sum of what is in it.

    Parameters
    ----------
    parts
        What is known of parts, by part number.
    build
        When and where cars are built.
    """
    root = rulebook.options[0].name if [o.parent for o in rulebook.options].count(-1) == 1 else ""
    sums: dict[str, _Sum] = {}
    for line, place in _reached(effective, rulebook, build, parts):
        known = parts.get(line.part, Known())
        for option in dict.fromkeys((*place.share, *place.unclear)):
            told = sums.setdefault(root if option == _EVERY else option, _Sum())
            told.parts.add(line.part)
            _add(told, line, known, place.share.get(option, 0.0), place.unclear.get(option, ""))
    return [_brought(name, sums[name]) for name in rulebook.number if name in sums]


def _add(told: _Sum, line: Line, known: Known, amount: float, unclear: str) -> None:
    missing = f"nobody told {{}} of {line.part}"
    if unclear:
        told.no_carbon = told.no_carbon or unclear
        told.no_weeks = told.no_weeks or unclear
        return
    if known.carbon is None or known.carbon.kgco2e is None:
        told.no_carbon = told.no_carbon or missing.format("the carbon")
    elif known.carbon.per != line.unit:
        text = f"{line.part} is told by {known.carbon.per} and built in by {line.unit}"
        told.no_carbon = told.no_carbon or text
    else:
        told.kgco2e += amount * known.carbon.kgco2e
    if amount > 0 and (known.weeks is None or known.weeks.weeks is None):
        told.no_weeks = told.no_weeks or missing.format("the weeks")
    elif amount > 0 and known.weeks is not None:
        told.weeks = max(told.weeks or 0, known.weeks.weeks or 0)


def _brought(option: str, told: _Sum) -> Brought:
    return Brought(
        option=option,
        kgco2e=None if told.no_carbon else round(told.kgco2e, 6),
        weeks=None if told.no_weeks else told.weeks,
        parts=len(told.parts),
        why_not=told.no_carbon or told.no_weeks,
    )


def _reached(
    effective: EffectiveBill, rulebook: Rulebook, build: Build, parts: Mapping[str, Known]
) -> Iterator[tuple[Line, _Place]]:
    """Yield the lines whose figures count, each with how often it is in a car."""
    exclusive = _exclusive(rulebook)
    live = _live(effective, build)
    below: dict[str, list[int]] = {}
    for place in live:
        below.setdefault(effective.plain[place].assembly, []).append(place)
    there = {CAR: _Place({_EVERY: 1.0}, {})}
    for assembly in in_order(effective.plain):
        above = there.get(assembly)
        if above is None:
            continue
        for place in below.get(assembly, ()):
            line = effective.plain[place]
            own = _place(line, above, exclusive, live[place])
            known = parts.get(line.part)
            if line.part in below and (known is None or known.carbon is None):
                there[line.part] = _both(there.get(line.part), own)
            else:
                yield line, own


def _live(effective: EffectiveBill, build: Build) -> dict[int, _Unclear | None]:
    """Return the lines that a car built then and there may have, with what is unclear of each."""
    found: dict[int, _Unclear | None] = {}
    for place, guarded in enumerate(effective.lines):
        line = guarded.line
        is_there, unclear = _by_changes(effective, guarded, build)
        if line.plants and not build.plant:
            unclear = unclear or _Unclear(f"{line.key} is for {' and '.join(line.plants)} alone")
        elif line.plants and build.plant not in line.plants:
            is_there = False
        if is_there and within(line.since, line.until, build.at):
            found[place] = unclear
    for places in effective.slots.values():
        there = [p for p in places if p in found]
        if len({effective.plain[p].priority for p in there}) > 1:
            asked = frozenset[str]().union(*(_asked(effective, p) for p in there))
            for p in there:
                found[p] = _Unclear(f"{effective.plain[p].key} has an alternate", asked)
    return found


def _by_changes(
    effective: EffectiveBill, guarded: Guarded, build: Build
) -> tuple[bool, _Unclear | None]:
    """Return whether changes leave a line there, and which of them cannot say so."""
    is_there, unclear = True, None
    brings = [] if guarded.by is None else [guarded.by]
    for k in (*brings, *guarded.without):
        change = effective.changes[k]
        if _asks_cars(change.effectivity):
            asked = names(condition(change.effectivity.condition))
            asked |= unclear.asked if unclear else frozenset()
            unclear = _Unclear(f"{change.number} is for some cars alone", asked)
        elif fits_but_options(change.effectivity, build) != (k in brings):
            is_there = False
    return is_there, unclear


def _asked(effective: EffectiveBill, place: int) -> frozenset[str]:
    """Return the options that decide of a line: its own, and those of its changes."""
    guarded = effective.lines[place]
    changes = [*([] if guarded.by is None else [guarded.by]), *guarded.without]
    texts = [effective.changes[k].effectivity.condition for k in changes]
    return frozenset[str]().union(
        *(names(condition(text)) for text in (guarded.line.condition, *texts))
    )


def _asks_cars(of: Effectivity) -> bool:
    return bool(of.condition or of.vins) or (of.first_serial, of.last_serial) != (None, None)


def _place(
    line: Line, above: _Place, exclusive: Mapping[str, int], unclear: _Unclear | None
) -> _Place:
    """Return how often a line is in a car."""
    said = condition(line.condition)
    share = None if unclear else _linear(said, exclusive)
    both = None if share is None else _product(above.share, share)
    if both is None:
        lost = names(said) | (above.share.keys() - {_EVERY})
        lost |= unclear.asked if unclear else frozenset()
        always = _EVERY in above.share and (unclear or holds(said, lambda _: False))
        text = unclear.text if unclear else f"{line.key} is for {line.condition or 'every car'}"
        every = {_EVERY: text} if always else {}
        return _Place({}, {**above.unclear, **dict.fromkeys(sorted(lost), text), **every})
    amounts = {name: n * line.quantity for name, n in both.items()}
    # In an assembly of which it is not clear who has it, no more is clear of its lines.
    why = next(iter(above.unclear.values()), "")
    inside = dict.fromkeys(sorted(names(said)), why) if why else {}
    return _Place(amounts, {**inside, **above.unclear})


def _both(one: _Place | None, other: _Place) -> _Place:
    """Return how often a part is in a car that is built in at two places."""
    if one is None:
        return other
    share = dict(one.share)
    for name, n in other.share.items():
        share[name] = share.get(name, 0.0) + n
    return _Place(share, {**one.unclear, **other.unclear})


def _linear(said: Expression, exclusive: Mapping[str, int]) -> Share | None:
    """Return a condition as a sum over options, exact in every car; None where it is none."""
    match said:
        case Constant(value):
            return {_EVERY: 1.0} if value else {}
        case Name(name):
            return {name: 1.0}
        case Not(of):
            inner = _linear(of, exclusive)
            return None if inner is None else _less({_EVERY: 1.0}, inner)
        case Or(parts):
            own = [part.name for part in parts if isinstance(part, Name)]
            groups = {exclusive.get(name, -1) for name in own}
            if len(own) < len(parts) or len(set(own)) < len(own) or len(groups) > 1:
                return None
            return None if -1 in groups else dict.fromkeys(own, 1.0)
        case _:
            return None


def _product(one: Share, other: Share) -> Share | None:
    for first, second in ((one, other), (other, one)):
        if not first or not second:
            return {}
        if first.keys() == {_EVERY}:
            return {name: n * first[_EVERY] for name, n in second.items()}
    if one.keys() == other.keys() and len(one) == 1:
        (name,) = one
        return {name: one[name] * other[name]}
    return None


def _less(one: Share, other: Share) -> Share:
    found = {name: one.get(name, 0.0) - other.get(name, 0.0) for name in {**one, **other}}
    return {name: n for name, n in found.items() if n}


def _exclusive(rulebook: Rulebook) -> dict[str, int]:
    """Return the options of which a car has one at most, each with the number of its group."""
    return {
        rulebook.options[m].name: number
        for number, group in enumerate(rulebook.groups)
        if group.most == 1
        for m in group.members
    }
