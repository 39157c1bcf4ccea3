"""What a customer's choices come to: forced, excluded, open; how many cars; what each would cost.

Every figure is exact: an option's delta is the cheapest car with it beside the cheapest car without
further wishes, whatever it brings along (rules/costs.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeVar

from treadle.engine.choices.expression import parse, said
from treadle.facts.design.figures import NOTHING_STATED, Stated
from treadle.facts.rulebook import OpenRules, Rule, Rulebook
from treadle.facts.sales.prices import PriceBookReleased
from treadle.kernel import InvalidInputError
from treadle.sales.rules.costs import GRAMS, Costs, costs_of
from treadle.sales.rules.pricing import base_of, rounded

if TYPE_CHECKING:
    from treadle.engine.choices.asking import Least, Left

Best = Literal["cheapest", "lowest-carbon", "soonest"]
State = Literal["chosen", "left out", "forced", "excluded", "instead", "open"]
"""What an option is to the customer. `instead`: it cannot be beside another of its alternatives
that was chosen; choosing it takes that one's place."""
N = TypeVar("N", Decimal, float, int)
_REPAIRS_LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Figures:
    """What a car comes to at least.

    Attributes
    ----------
    price
        In the market's currency; None without a price book.
    carbon_kgco2e, weeks
        None where it is not known of every option that could come in.
    """

    price: Decimal | None
    carbon_kgco2e: float | None
    weeks: int | None

    def less(self, other: "Figures") -> "Figures":
        """Return by how much these are more than others."""
        return Figures(
            price=_less(self.price, other.price),
            carbon_kgco2e=_less(self.carbon_kgco2e, other.carbon_kgco2e),
            weeks=_less(self.weeks, other.weeks),
        )


@dataclass(frozen=True, slots=True)
class Repair:
    """Choices that would have to go for a wish, and what the car comes to then.

    Attributes
    ----------
    drop
        Names; those that were left out on purpose begin with `!`.
    change
        Against the car before the wish.
    """

    drop: tuple[str, ...]
    figures: Figures
    change: Figures


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so: rules in their own words, and choices."""

    rules: tuple[Rule, ...]
    choices: tuple[str, ...]


@dataclass
class Configurator:
    """Released rules with the prices of a day, asked for one set of choices after another."""

    rules: OpenRules
    book: PriceBookReleased | None
    day: date
    stated: Stated = NOTHING_STATED
    costs: Costs = field(init=False)

    def __post_init__(self) -> None:
        """Gather what each variable costs."""
        self.costs = costs_of(self.rules, self.book, self.day, self.stated)

    @property
    def rulebook(self) -> Rulebook:
        """The rules."""
        return self.rules.rulebook

    @property
    def base(self) -> frozenset[str]:
        """What the model calls the whole car."""
        return base_of(self.rulebook)

    def title(self, name: str) -> str:
        """Return what customers call an option."""
        return self.rulebook.options[self._number(name) - 1].title or name

    def in_words(self, rule: Rule) -> str:
        """Return a rule as customers read it, with titles for names."""
        return rule.text if rule.is_tree else said(parse(rule.text), self.title)

    def literals(self, options: Iterable[str], without: Iterable[str] = ()) -> list[int]:
        """Return choices as literals, each once; of one alternative the last one counts.

        Raises
        ------
        InvalidInputError
            The model has no such option.
        """
        wanted = [self._number(name) for name in dict.fromkeys(options)]
        last: dict[int, int] = {}
        for v in wanted:
            group = self.rulebook.options[v - 1].group
            if group >= 0 and self.rulebook.groups[group].kind == "alternative":
                last[group] = v
        kept = [v for v in wanted if last.get(self.rulebook.options[v - 1].group, v) == v]
        out = [-self._number(name) for name in dict.fromkeys(without)]
        return kept + [x for x in out if -x not in kept]

    def _number(self, name: str) -> int:
        found = self.rulebook.number.get(name)
        if found is None:
            raise InvalidInputError(f"{name!r} is no option of {self.rulebook.name}")
        return found

    def left(self, chosen: Sequence[int]) -> "Left":
        """Return what choices leave."""
        return self.costs.choices.after(chosen)

    def least(self, chosen: Sequence[int]) -> tuple[Figures, dict[int, Figures]]:
        """Return what a car comes to at least, and with each option that is open."""
        costs, ask = self.costs, self.costs.choices.least
        price = None if costs.price is None else ask(chosen, costs.price)
        carbon = ask(chosen, costs.carbon)
        weeks = ask(chosen, costs.weeks, latest=True)
        state = self.left(chosen).state
        open_carbon = any(state[v] >= 0 for v in costs.unknown_carbon)
        open_weeks = any(state[v] >= 0 for v in costs.unknown_weeks)

        def figures(v: int) -> Figures:
            return Figures(
                _money(price, v, costs),
                None if open_carbon else _kilograms(carbon, v),
                None if open_weeks else _of(weeks, v),
            )

        found = {v: figures(v) for v in range(1, len(self.rulebook.options) + 1) if state[v] == 0}
        return figures(0), found

    def instead(self, chosen: Sequence[int]) -> dict[int, Figures]:
        """Return what a car comes to at least with options that would take a chosen one's place."""
        book = self.rulebook
        found: dict[int, Figures] = {}
        for v in chosen:
            group = book.options[v - 1].group if v > 0 else -1
            if group < 0 or book.groups[group].kind != "alternative":
                continue
            _, with_each = self.least([x for x in chosen if x != v])
            others = (m + 1 for m in book.groups[group].members if m + 1 != v)
            found |= {m: with_each[m] for m in others if m in with_each}
        return found

    def why(self, chosen: Sequence[int], literal: int) -> Reason | None:
        """Return why a literal cannot hold beside choices; None where it can."""
        told = self.rules.explainer.contradiction(chosen, [literal])
        if told is None:
            return None
        rules = [self.rulebook.rules[place] for place in told.rules]
        return Reason(tuple(rules), self.names(told.chosen))

    def repairs(self, chosen: Sequence[int], wanted: int, most: int = 5) -> list[Repair]:
        """Return what would have to go for a wish, the cheapest first."""
        before, _ = self.least(chosen)
        found: list[Repair] = []
        for dropped in self.rules.explainer.repairs(chosen, [wanted], _REPAIRS_LOOKED_AT):
            kept = [x for x in chosen if x not in dropped]
            figures, _ = self.least([*kept, wanted])
            found.append(Repair(self.names(dropped), figures, figures.less(before)))
        found.sort(key=_dearness)
        return found[:most]

    def completed(self, chosen: Sequence[int], best: Best, limit_s: float) -> list[int] | None:
        """Return the best whole car; where several are, the other figures decide, then its size."""
        from treadle.engine.choices.completing import (  # noqa: PLC0415 - spares every start OR-Tools
            Aim,
            complete,
        )

        costs = self.costs
        price = Aim(costs.price or {})
        carbon, weeks = Aim(costs.carbon), Aim(costs.weeks, latest=True)
        first = {"cheapest": price, "lowest-carbon": carbon, "soonest": weeks}[best]
        size = Aim(dict.fromkeys(range(1, len(self.rulebook.options) + 1), 1))
        aims = [first, *(aim for aim in (price, carbon) if aim is not first), size]
        found = complete(costs.choices.compiled.formula, chosen, aims, limit_s)
        if found is None:
            return None
        return [v for v in range(1, len(self.rulebook.options) + 1) if v in found.chosen]

    def names(self, literals: Iterable[int]) -> tuple[str, ...]:
        """Return literals as names; those that were left out begin with `!`."""
        options = self.rulebook.options
        return tuple(options[x - 1].name if x > 0 else f"!{options[-x - 1].name}" for x in literals)

    def missing(self, chosen: Sequence[int]) -> list[tuple[str, tuple[str, ...]]]:
        """Return what is still to choose where everything open is left out: of what, and which."""
        state = self.left(chosen).state
        book = self.rulebook
        found: list[tuple[str, tuple[str, ...]]] = []
        for group in book.groups:
            if group.kind in ("mandatory", "optional") or state[group.parent + 1] <= 0:
                continue
            has = sum(int(state[m + 1] > 0) for m in group.members)
            could = tuple(book.options[m].name for m in group.members if state[m + 1] == 0)
            if has < group.least and could:
                found.append((book.options[group.parent].name, could))
        if not found and not self.is_whole(chosen):
            found = self._undecided(state.tolist())
        return found

    def _undecided(self, state: list[int]) -> list[tuple[str, tuple[str, ...]]]:
        """Return rules that are not kept where everything open is left out."""
        names = self.rulebook.options
        found: dict[int, set[str]] = {}
        for *clause, place in self.rulebook.clauses:
            if any(abs(x) > len(names) for x in clause):
                continue
            if not any((state[abs(x)] > 0) == (x > 0) for x in clause):
                could = {names[x - 1].name for x in clause if x > 0 and state[x] == 0}
                found.setdefault(place, set()).update(could)
        return [(self.rulebook.rules[p].text, tuple(sorted(own))) for p, own in found.items()]

    def car(self, chosen: Sequence[int]) -> list[int]:
        """Return what a car has where everything open is left out."""
        state = self.left(chosen).state
        return [v for v in range(1, len(self.rulebook.options) + 1) if state[v] > 0]

    def is_whole(self, chosen: Sequence[int]) -> bool:
        """Return whether there is a car where everything open is left out."""
        has = set(self.car(chosen))
        all_of_it = [v if v in has else -v for v in range(1, len(self.rulebook.options) + 1)]
        return not self.left(all_of_it).contradicts


def _of(least: "Least | None", v: int) -> int | None:
    if least is None:
        return None
    return least.with_true.get(v) if v else least.of_all


def _money(least: "Least | None", v: int, costs: Costs) -> Decimal | None:
    value = _of(least, v)
    return None if value is None else rounded(value * costs.step, costs.currency)


def _kilograms(least: "Least | None", v: int) -> float | None:
    value = _of(least, v)
    return None if value is None else value / GRAMS


def _less(mine: N | None, other: N | None) -> N | None:
    return None if mine is None or other is None else mine - other


def _dearness(repair: Repair) -> tuple[Decimal, int, tuple[str, ...]]:
    price = repair.figures.price
    return (Decimal(0) if price is None else price, len(repair.drop), repair.drop)
