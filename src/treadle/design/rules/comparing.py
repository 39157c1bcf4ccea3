"""What changes between two versions of a model: in the tree, in the rules, and for the cars.

Cars are compared by the options that they have: an option that a version does not know is not in
its cars, and an abstract one that only one version has is no difference by itself. Kinds of change
after Thüm, Batory, Kästner, "Reasoning about edits to feature models", ICSE 2009: refactoring,
generalisation, specialisation, arbitrary edit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from treadle.engine.choices.asking import Choices, compile_formula
from treadle.engine.choices.completing import Aim, complete
from treadle.engine.choices.formula import Clause, Formula
from treadle.engine.choices.solving import solver
from treadle.facts.rulebook import Option, Rulebook

_RESOLVED = 10_000  # clauses that leaving out an abstract option may make
Kind = Literal["the same cars", "more cars", "fewer cars", "some new, some gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A rule that came or went, and what it does by itself.

    Attributes
    ----------
    text, reason
        In its author's words.
    cars
        How many cars it alone rules out: of the old version where it came, of the new one where it
        went; None where that is not known.
    example
        The options of one of them; empty where there is none.
    """

    text: str
    reason: str
    cars: int | None
    example: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changes from one version to another.

    Attributes
    ----------
    kind
        What it means for cars.
    cars_before, cars_after
        How many there are in each; None where it is not known.
    cars_staying
        How many are the same in both; the rest of the old ones can no longer be built.
    example_gone, example_new
        Options of a car that can no longer be built, of one that can be built from now on.
    added, removed
        Options.
    changed
        What became of options that both have, in words.
    rules_added, rules_removed
        Those of the tree are told by `changed`.
    """

    kind: Kind
    cars_before: int | None
    cars_after: int | None
    cars_staying: int | None
    example_gone: tuple[str, ...]
    example_new: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    rules_added: tuple[RuleChange, ...]
    rules_removed: tuple[RuleChange, ...]


def compare(old: Rulebook, new: Rulebook, stop: Callable[[], bool] = lambda: False) -> Difference:
    """Return what changes; `stop` ends the counting, not the comparison."""
    both = _Both(old, new)
    gone = both.example(old, but_not=new)
    fresh = both.example(new, but_not=old)
    kinds: dict[tuple[bool, bool], Kind] = {
        (False, False): "the same cars",
        (False, True): "more cars",
        (True, False): "fewer cars",
        (True, True): "some new, some gone",
    }
    came = _rules_beside(new, old)
    went = _rules_beside(old, new)
    return Difference(
        kind=kinds[gone is not None, fresh is not None],
        cars_before=None if both.is_loose else _count(both.formula(old), stop),
        cars_after=None if both.is_loose else _count(both.formula(new), stop),
        cars_staying=None if both.is_loose else _count(both.formula(old, new), stop),
        example_gone=gone or (),
        example_new=fresh or (),
        added=tuple(o.name for o in new.options if o.name not in old.number),
        removed=tuple(o.name for o in old.options if o.name not in new.number),
        changed=tuple(_changes(old, new)),
        rules_added=tuple(both.alone(new, place, old, stop) for place in came),
        rules_removed=tuple(both.alone(old, place, new, stop) for place in went),
    )


def _count(formula: Formula, stop: Callable[[], bool]) -> int | None:
    compiled = compile_formula(formula, stop)
    return 0 if compiled.reduced is None else Choices(compiled).after(()).count


def _rules_beside(mine: Rulebook, other: Rulebook) -> list[int]:
    """Return the places of rules that the other has not."""
    known = {rule.text for rule in other.rules if not rule.is_tree}
    return [i for i, r in enumerate(mine.rules) if not r.is_tree and r.text not in known]


class _Both:
    """Two versions over the options of both, each without what only orders options in it alone."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        self.names = list(dict.fromkeys((*old.number, *new.number)))
        self.number = {name: i for i, name in enumerate(self.names, 1)}
        self.variables = len(self.names)
        self._clauses: dict[int, list[tuple[int, Clause]]] = {}
        self.is_loose = False
        for book, other in ((old, new), (new, old)):
            self._clauses[id(book)] = self._read(book, other)

    def _read(self, book: Rulebook, other: Rulebook) -> list[tuple[int, Clause]]:
        """Return a version's clauses; options that only the other has are not in its cars."""
        moved = {v: self.number[name] for name, v in book.number.items()}
        for helper in range(len(book.options) + 1, book.variables + 1):
            self.variables += 1
            moved[helper] = self.variables
        own = [
            (c[-1], tuple(moved[x] if x > 0 else -moved[-x] for x in c[:-1])) for c in book.clauses
        ]
        for option in book.options:
            if option.is_abstract and option.name not in other.number:
                own = self._projected(own, self.number[option.name])
        absent = [o.name for o in other.options if o.name not in book.number]
        return own + [(-1, (-self.number[name],)) for name in absent]

    def _projected(self, own: list[tuple[int, Clause]], v: int) -> list[tuple[int, Clause]]:
        """Return clauses that hold where some value of a variable fits (Davis and Putnam 1960)."""
        having = [c for c in own if v in c[1]]
        lacking = [c for c in own if -v in c[1]]
        if len(having) * len(lacking) > _RESOLVED:
            self.is_loose = True
            return own
        found = [c for c in own if v not in c[1] and -v not in c[1]]
        for rule, clause in having:
            for other_rule, other in lacking:
                both = {*clause, *other} - {v, -v}
                if not any(-x in both for x in both):
                    found.append((max(rule, other_rule), tuple(sorted(both, key=abs))))
        # nobody asks for it any more; a variable that nothing binds would count twice
        return [*found, (-1, (-v,))]

    def formula(self, *books: Rulebook, without: Rulebook | None = None) -> Formula:
        """Return what all of some versions allow."""
        clauses = [clause for book in books for _, clause in self._clauses[id(book)]]
        if without is not None:
            own = set(clauses)
            clauses += self._violated([c for _, c in self._clauses[id(without)] if c not in own])
        extra = max((abs(x) for clause in clauses for x in clause), default=0)
        return Formula(max(self.variables, extra), tuple(clauses), (0,) * len(clauses))

    def _violated(self, clauses: Sequence[Clause]) -> list[Clause]:
        """Return clauses that hold where at least one of these does not."""
        found: list[Clause] = []
        which: list[int] = []
        for clause in dict.fromkeys(clauses):
            if all(abs(x) <= len(self.names) for x in clause):
                which.append(self.variables + 1 + len(which))
                found += [(-which[-1], -x) for x in clause]
        return [*found, tuple(which)]

    def example(self, book: Rulebook, *, but_not: Rulebook) -> tuple[str, ...] | None:
        """Return the smallest car of one version that the other does not allow, if there is one."""
        return self._smallest(self.formula(book, without=but_not))

    def alone(
        self, book: Rulebook, place: int, other: Rulebook, stop: Callable[[], bool]
    ) -> RuleChange:
        """Return what a rule of one version does to the cars of the other."""
        rule = book.rules[place]
        own = [clause for p, clause in self._clauses[id(book)] if p == place]
        theirs = self.formula(other)
        against = self._violated(own)
        example: tuple[str, ...] | None = None
        cars = None
        if against[-1]:
            extended = (*theirs.clauses, *against)
            size = self.variables + len(against[-1])
            example = self._smallest(Formula(size, extended, (0,) * len(extended)))
        if not self.is_loose and not any(abs(x) > len(self.names) for c in own for x in c):
            with_it = (*theirs.clauses, *own)
            whole = _count(theirs, stop)
            left = _count(Formula(self.variables, with_it, (0,) * len(with_it)), stop)
            cars = None if whole is None or left is None else whole - left
        return RuleChange(text=rule.text, reason=rule.reason, cars=cars, example=example or ())

    def _smallest(self, formula: Formula) -> tuple[str, ...] | None:
        """Return the car with the fewest options; None where there is none."""
        with solver(formula.variables, formula.clauses) as solving:
            if not solving.solve():
                return None
        cost = dict.fromkeys(range(1, len(self.names) + 1), 1)
        found = complete(formula, (), [Aim(cost)])
        if found is None:
            return None
        return tuple(name for v, name in enumerate(self.names, 1) if v in found.chosen)


def _changes(old: Rulebook, new: Rulebook) -> list[str]:
    """Return what became of options that both versions have, in words."""
    found: list[str] = []
    for name, v in old.number.items():
        if name not in new.number:
            continue
        was, is_ = old.options[v - 1], new.options[new.number[name] - 1]
        before, after = _stands(old, was), _stands(new, is_)
        if before != after:
            found.append(f"{name}: was {before}, is {after}")
        if was.is_abstract != is_.is_abstract:
            found.append(f"{name}: {'can be chosen now' if was.is_abstract else 'only orders now'}")
        if was.title != is_.title:
            found.append(f"{name}: called {was.title or name!r}, now {is_.title or name!r}")
        for key in sorted({*was.attributes, *is_.attributes}):
            told, now = was.attributes.get(key), is_.attributes.get(key)
            if told != now:
                found.append(f"{name}: {key} was {_said(told)}, is {_said(now)}")
    return found


def _said(value: object) -> str:
    return "not told" if value is None else str(value)


def _stands(book: Rulebook, option: Option) -> str:
    """Return where an option stands in the tree, in words."""
    if option.parent < 0:
        return "at the top"
    group = book.groups[option.group]
    parent = book.options[option.parent].name
    match group.kind:
        case "mandatory" | "optional":
            return f"{group.kind} below {parent}"
        case "cardinality":
            return f"one of {group.least} to {group.most} below {parent}"
        case _:
            words = "one alternative" if group.kind == "alternative" else "one of at least one"
            return f"{words} below {parent}"
