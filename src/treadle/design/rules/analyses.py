"""What can be said of a model as a whole: core, dead, false-optional, redundant, how many cars.

Definitions after Benavides, Segura, Ruiz-Cortes, "Automated analysis of feature models 20 years
later", Information Systems 35 (2010).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from treadle.engine.choices.asking import Choices, Compiled
from treadle.engine.choices.formula import Clause
from treadle.engine.choices.solving import Solver, solver
from treadle.facts.rulebook import Rulebook

_AT_ONCE = 64  # rules that are switched at once while redundant ones are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What is so in every car that a model allows.

    Attributes
    ----------
    cars
        The exact number of different cars, abstract options counted as any other; None where it is
        not known.
    core
        Options of every car.
    dead
        Options of no car.
    false_optional
        Options that look as if one could do without them, but no car has their parent without them;
        dead ones below dead parents count, as they do in the published figures.
    redundant
        Places of rules that say nothing which the others do not say; None where time was up.
    commonality
        The share of all cars that have an option; empty where it is not known.
    """

    cars: int | None
    core: tuple[str, ...]
    dead: tuple[str, ...]
    false_optional: tuple[str, ...]
    redundant: tuple[int, ...] | None
    commonality: dict[str, float]


def analyse(
    rulebook: Rulebook, choices: Choices, stop: Callable[[], bool] = lambda: False
) -> Analysis:
    """Return what can be said of a model that is not void; `stop` ends looking for redundancy."""
    names = [option.name for option in rulebook.options]
    state = choices.state
    core = [name for v, name in enumerate(names, 1) if state[v] > 0]
    dead = [name for v, name in enumerate(names, 1) if state[v] < 0]
    cars, commonality = None, {}
    if choices.counts:
        cars, having = choices.shares()
        false = [v for v in _looks_optional(rulebook) if having[v] == having[_parent(rulebook, v)]]
        commonality = {name: having[v] / cars for v, name in enumerate(names, 1)}
    else:
        false = _false_optional(rulebook, choices.compiled)
    return Analysis(
        cars=cars,
        core=tuple(core),
        dead=tuple(dead),
        false_optional=tuple(names[v - 1] for v in false),
        redundant=redundant(rulebook, stop),
        commonality=commonality,
    )


def _parent(rulebook: Rulebook, v: int) -> int:
    return rulebook.options[v - 1].parent + 1


def _looks_optional(rulebook: Rulebook) -> list[int]:
    """Return the variables of options that are no mandatory child."""
    return [
        v
        for v, option in enumerate(rulebook.options, 1)
        if option.parent >= 0 and rulebook.groups[option.group].kind != "mandatory"
    ]


def _false_optional(rulebook: Rulebook, compiled: Compiled) -> list[int]:
    """Return them without counting: no solution has the parent and not the option."""
    asked = np.array(_looks_optional(rulebook), dtype=np.int64)
    parents = np.array([_parent(rulebook, v) for v in asked.tolist()], dtype=np.int64)
    found: list[int] = []
    is_open = np.ones(len(asked), dtype=np.bool_)
    with solver(compiled.formula.variables, compiled.formula.clauses) as solving:
        for i, (v, parent) in enumerate(zip(asked.tolist(), parents.tolist(), strict=True)):
            if not is_open[i]:
                continue
            if solving.solve((parent, -v)):
                has = solving.model()
                is_open &= ~(has[parents] & ~has[asked])
            else:
                found.append(v)
    return found


def redundant(
    rulebook: Rulebook, stop: Callable[[], bool] = lambda: False
) -> tuple[int, ...] | None:
    """Return the places of constraints that follow from all other rules, each looked at by itself.

    None where `stop` said stop.
    """
    own: dict[int, list[Clause]] = {}
    fixed: list[Clause] = []
    for clause in rulebook.clauses:
        if rulebook.rules[clause[-1]].is_tree:
            fixed.append(clause[:-1])
        else:
            own.setdefault(clause[-1], []).append(clause[:-1])
    places = [place for place, rule in enumerate(rulebook.rules) if not rule.is_tree]
    found = [place for place in places if place not in own]  # always true: no clause at all
    asked = [place for place in places if place in own and not _has_helpers(own[place], rulebook)]
    for start in range(0, len(asked), _AT_ONCE):
        if stop():
            return None
        some = asked[start : start + _AT_ONCE]
        others = [clause for p, clauses in own.items() if p not in set(some) for clause in clauses]
        switch = {place: rulebook.variables + 1 + i for i, place in enumerate(some)}
        switched = [(*clause, -switch[p]) for p in some for clause in own[p]]
        with solver(rulebook.variables + len(some), (*fixed, *others, *switched)) as solving:
            found += [place for place in some if _follows(solving, own[place], switch, place)]
    return tuple(sorted(found))


def _has_helpers(clauses: Sequence[Clause], rulebook: Rulebook) -> bool:
    """Whether a rule was cut by helpers: its clauses say more than it, so it is left out."""
    return any(abs(x) > len(rulebook.options) for clause in clauses for x in clause)


def _follows(
    solving: Solver, clauses: Sequence[Clause], switch: dict[int, int], place: int
) -> bool:
    others = [on for p, on in switch.items() if p != place]
    return not any(solving.solve((*others, *(-x for x in clause))) for clause in clauses)
