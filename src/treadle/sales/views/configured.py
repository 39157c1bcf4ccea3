"""What the configurator answers with: options, what is left to choose, reasons, help."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from treadle.facts.sales.orders import PriceLine
from treadle.sales.rules.configuring import State


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRow:
    """An option, and what choosing it would mean.

    Attributes
    ----------
    parent
        The option that it belongs to; empty of the whole car.
    depth
        Steps below the whole car.
    group
        mandatory, optional, or, alternative, or a least and a most: how it hangs below its parent.
    group_number
        Options of one parent with one number are one group.
    is_abstract
        It only orders others: nobody chooses it by itself.
    state
        chosen or left out by the customer, forced or excluded by that, open, or instead: it would
        take the place of another alternative that was chosen.
    price
        Its own price, before taxes; None where it has none of its own.
    price_delta
        What the cheapest car with it costs more than the cheapest car without this wish, taxes and
        all; None where it is neither open nor instead, or no prices were released.
    carbon_delta_kgco2e
        The same of its carbon [kgCO2e]; None where that is not known.
    weeks_delta
        The same of the weeks until it is there [weeks]; None where that is not known.
    carbon_kgco2e, weeks
        Its own carbon [kgCO2e] and weeks; None where nobody tells them.
    carbon_source, weeks_source
        Who says so: somebody who stated it, with the day; the model's attributes; not known.
    """

    name: str
    title: str
    parent: str
    depth: int
    group: str
    group_number: int
    is_abstract: bool
    state: State
    price: Decimal | None
    price_delta: Decimal | None
    carbon_delta_kgco2e: float | None
    weeks_delta: int | None
    carbon_kgco2e: float | None
    carbon_source: str
    weeks: int | None
    weeks_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToChoose:
    """Something that a whole car still wants.

    Attributes
    ----------
    of
        The option or the rule that wants it.
    options
        One of them, or more where the group says so.
    """

    of: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """A rule in its own words, and why there is one.

    Attributes
    ----------
    words
        As customers read it.
    is_tree
        It is how options hang together, not a rule across them.
    """

    text: str
    words: str
    reason: str
    is_tree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Choices that would have to go for a wish, and what the car comes to then, at least.

    Attributes
    ----------
    drop
        What would go; what was left out on purpose begins with `!`.
    price, carbon_kgco2e, weeks
        Of the cheapest, leanest, soonest car then; None where not known.
    price_change, carbon_change_kgco2e, weeks_change
        Against now.
    """

    drop: tuple[str, ...]
    price: Decimal | None
    carbon_kgco2e: float | None
    weeks: int | None
    price_change: Decimal | None
    carbon_change_kgco2e: float | None
    weeks_change: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why an option is as it is, or why a wish cannot be.

    Attributes
    ----------
    state
        forced, excluded, open, chosen, left out.
    rules
        The rules that make it so; without any one of them it would not be.
    choices
        The customer's choices that do.
    help
        Choices that would have to go for it to be otherwise, the cheapest first.
    """

    option: str
    state: State
    rules: tuple[RuleWords, ...]
    choices: tuple[str, ...]
    help: tuple[Help, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a customer's choices come to.

    Attributes
    ----------
    chosen, without
        What counts of the choices: of one alternative the last.
    cars_left
        How many different cars they leave, as digits; empty where it is not known.
    is_whole
        Nothing is left to choose: this is a car that can be ordered as it stands.
    to_choose
        What is left.
    wish
        A choice that cannot be beside the others: it was not taken in; empty where all can.
    conflict
        Why it cannot, and what would help.
    price_from
        What the cheapest such car costs, taxes and all; None without prices.
    carbon_from_kgco2e, weeks_from
        Of the leanest and the soonest; None where an option does not tell.
    lines
        What the car as it stands costs, line by line; empty without prices.
    total
        Their sum; None without prices.
    not_known
        What could not be told, in words.
    """

    model: str
    version: str
    market: str
    currency: str
    day: date
    chosen: tuple[str, ...]
    without: tuple[str, ...]
    cars_left: str
    is_whole: bool
    to_choose: tuple[ToChoose, ...]
    wish: str
    conflict: Why | None
    price_from: Decimal | None
    carbon_from_kgco2e: float | None
    weeks_from: int | None
    lines: tuple[PriceLine, ...]
    total: Decimal | None
    not_known: tuple[str, ...]
    options: tuple[OptionRow, ...]
