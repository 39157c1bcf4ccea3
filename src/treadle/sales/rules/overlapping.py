"""What of a price book would hold twice for one car on one day: nobody could say what is meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from treadle.engine.choices.expression import Expression, Implies, Name, clauses, names, parse
from treadle.facts.rulebook import Rulebook
from treadle.facts.sales.prices import PriceBookReleased, PriceRule, RateDiscount, Tax
from treadle.sales.rules.pricing import base_of, condition, is_list_price, percent, takes_off

if TYPE_CHECKING:
    from treadle.engine.choices.solving import Solver


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two entries of a price book that hold for one car on one day.

    Attributes
    ----------
    words
        What they say, and where.
    day
        The first day on which both hold; None where they always do.
    example
        What such a car has of the options that they speak about.
    """

    words: str
    day: date | None
    example: tuple[str, ...]


def overlaps(book: PriceBookReleased, rulebook: Rulebook) -> list[Overlap]:
    """Return what holds twice: prices of one option, lines of one name, shares off one price."""
    from treadle.engine.choices.solving import (  # noqa: PLC0415 - spares every start the solvers
        solver,
    )

    known = rulebook.formula()
    with solver(rulebook.variables, known.clauses) as solving:
        cars = _Cars(rulebook, solving)
        return [*_taxes(book), *_rules(book, cars), *_shares(book, cars, base_of(rulebook))]


@dataclass
class _Cars:
    """The cars of a model, asked whether one of them meets several conditions."""

    rulebook: Rulebook
    solving: "Solver"
    switches: dict[Expression, int] = field(default_factory=dict)

    def one(self, wanted: Sequence[Expression]) -> tuple[str, ...] | None:
        """Return what a car for which all hold has of the options that they name, or None."""
        if not self.solving.solve([self._switch(each) for each in wanted]):
            return None
        model = self.solving.model()
        asked = frozenset[str]().union(*map(names, wanted))
        return tuple(name for name, v in self.rulebook.number.items() if name in asked and model[v])

    def _switch(self, wanted: Expression) -> int:
        """Return a variable where which is true the condition holds."""
        if wanted not in self.switches:
            own = self.switches[wanted] = self.solving.fresh()
            numbers = {**{name: self.rulebook.number[name] for name in names(wanted)}, "\n": own}
            for clause in clauses(Implies(Name("\n"), wanted), numbers, self.solving.fresh):
                self.solving.add(clause)
        return self.switches[wanted]


def _taxes(book: PriceBookReleased) -> Iterator[Overlap]:
    for first, second in combinations(book.taxes, 2):
        if first.name == second.name and _meet(first, second):
            rates = f"{percent(first.rate)} and {percent(second.rate)}"
            words = f"the tax {first.name} is {rates}"
            yield Overlap(words=words, day=_from(first, second), example=())


def _rules(book: PriceBookReleased, cars: _Cars) -> Iterator[Overlap]:
    alike: dict[tuple[str, str, str], list[PriceRule]] = {}
    for rule in book.prices:
        if rule.option and is_list_price(rule):
            key = ("price", rule.option, "")
        else:
            key = ("line" if rule.taxed else "incentive", rule.option, rule.name)
        alike.setdefault(key, []).append(rule)
    for (kind, option, name), rules in alike.items():
        for first, second in combinations(rules, 2):
            if not _meet(first, second):
                continue
            car = cars.one((condition(first), condition(second)))
            if car is not None:
                subject = f"{option} costs" if kind == "price" else f"{name or option} is"
                words = (
                    f"{subject} {abs(first.amount)} ({first.place}) and {abs(second.amount)} "
                    f"({second.place})"
                )
                yield Overlap(words=words, day=_from(first, second), example=car)


def _shares(book: PriceBookReleased, cars: _Cars, base: frozenset[str]) -> Iterator[Overlap]:
    for first, second in combinations(book.discounts, 2):
        asked = (parse(first.when), parse(second.when))
        if not _meet(first, second) or cars.one(asked) is None:
            continue
        for rule in book.prices:
            both = takes_off(first, rule, base) and takes_off(second, rule, base)
            if not both or not _meet(first, second, rule):
                continue
            car = cars.one((*asked, condition(rule)))
            if car is not None:
                words = (
                    f"{first.name} takes {percent(first.rate)} ({first.place}) and {second.name} "
                    f"{percent(second.rate)} ({second.place}) off {rule.option or rule.name}"
                )
                yield Overlap(words=words, day=_from(first, second, rule), example=car)
                break


_Dated = PriceRule | RateDiscount | Tax


def _from(*of: _Dated) -> date | None:
    return max((each.since for each in of if each.since), default=None)


def _meet(*of: _Dated) -> bool:
    since = _from(*of)
    until = min((each.until for each in of if each.until), default=None)
    return since is None or until is None or since < until
