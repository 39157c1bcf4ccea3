"""The configurator as an answer: every option with what choosing it would mean."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from treadle.facts.design.models import Release
from treadle.kernel import InvalidInputError, Store
from treadle.kernel.blob import BlobStore
from treadle.sales.formats.opening import configurator, released
from treadle.sales.rules.configuring import Best, Configurator, Figures, Repair, State
from treadle.sales.rules.figures import carbon_of, weeks_of
from treadle.sales.rules.pricing import applying, lines, total
from treadle.sales.views.configured import (
    Configuration,
    Help,
    OptionRow,
    RuleWords,
    ToChoose,
    Why,
)

_REPAIRS = 5
_SHOWN = 5
_LIMIT_S = 10.0


def configuration(
    store: Store,
    *,
    blobs: BlobStore,
    now: datetime,
    model: str,
    option: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    market: str = "",
    version: str = "",
    day: date | None = None,
    best: Literal["", "cheapest", "lowest-carbon", "soonest"] = "",
) -> Configuration:
    """Return what choices come to: forced, excluded, open, how many cars, and what each would cost.

    A choice that cannot be beside the others is told with the rules against it and what would help.

    Parameters
    ----------
    model
        The name of a released model.
    option
        What is chosen, in the order of choosing.
    without
        What is left out on purpose.
    market
        Whose prices; none where it is left out.
    version
        Of the model; the last one released where none is said.
    day
        The day of ordering; today where none is said.
    best
        Complete the car: the cheapest, the one with the least carbon, or the soonest there.
    """
    release = released(store, model, version)
    day = day or now.date()
    asked = configurator(store, blobs, release, market, day)
    chosen, wish = _possible(asked, asked.literals(option, without))
    if best:
        chosen = _completed(asked, chosen, best)
    return _told(asked, release, chosen, wish)


def why(
    store: Store,
    *,
    blobs: BlobStore,
    now: datetime,
    model: str,
    about: str,
    option: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    market: str = "",
    version: str = "",
    day: date | None = None,
) -> Why:
    """Return why an option is forced or excluded by choices, and what would help.

    Parameters
    ----------
    model
        The name of a released model.
    about
        The option.
    option
        What is chosen.
    without
        What is left out on purpose.
    market
        Whose prices; none where it is left out.
    version
        Of the model; the last one released where none is said.
    day
        The day of ordering; today where none is said.
    """
    release = released(store, model, version)
    asked = configurator(store, blobs, release, market, day or now.date())
    chosen, _ = _possible(asked, asked.literals(option, without))
    v = asked.literals([about])[0]
    state = _state(v, chosen, int(asked.left(chosen).state[v]))
    return _why(asked, [x for x in chosen if abs(x) != v], v, state)


def _possible(asked: Configurator, literals: list[int]) -> tuple[list[int], int]:
    """Return choices that can be together, and the last one that cannot be beside them, or 0."""
    if not asked.left(literals).contradicts:
        return literals, 0
    kept: list[int] = []
    wish = 0
    for literal in literals:
        if asked.left([*kept, literal]).contradicts:
            wish = literal
        else:
            kept.append(literal)
    return kept, wish


def _completed(asked: Configurator, chosen: list[int], best: Best) -> list[int]:
    if best == "cheapest" and asked.book is None:
        raise InvalidInputError("the cheapest car wants prices: say a market")
    found = asked.completed(chosen, best, _LIMIT_S)
    kept = [x for x in chosen if x < 0]
    return chosen if found is None else found + kept


def _told(asked: Configurator, release: Release, chosen: list[int], wish: int) -> Configuration:
    left = asked.left(chosen)
    least, with_each = asked.least(chosen)
    is_whole = asked.is_whole(chosen)
    car = asked.car(chosen)
    has = {asked.rulebook.options[v - 1].name for v in car}
    book = asked.book
    bill = () if book is None else lines(book, asked.day, has.__contains__, asked.title, asked.base)
    conflict = None
    if wish:
        v = abs(wish)
        conflict = _why(asked, chosen, v, _state(v, chosen, int(left.state[v])))
    return Configuration(
        model=release.fact.model,
        version=release.fact.version,
        market=book.market if book else "",
        currency=book.currency if book else "",
        day=asked.day,
        chosen=asked.names([x for x in chosen if x > 0]),
        without=tuple(name[1:] for name in asked.names([x for x in chosen if x < 0])),
        cars_left="" if left.count is None else str(left.count),
        is_whole=is_whole,
        to_choose=()
        if is_whole
        else tuple(ToChoose(of=of, options=names) for of, names in asked.missing(chosen)),
        wish=asked.names([wish])[0] if wish else "",
        conflict=conflict,
        price_from=least.price,
        carbon_from_kgco2e=least.carbon_kgco2e,
        weeks_from=least.weeks,
        lines=bill,
        total=total(bill) if book else None,
        not_known=tuple(_not_known(asked, least)),
        options=tuple(_rows(asked, chosen, left.state.tolist(), least, with_each)),
    )


def _not_known(asked: Configurator, least: Figures) -> list[str]:
    found = []
    if least.price is None:
        found.append("prices: no market was said" if asked.book is None else "prices")
    if least.carbon_kgco2e is None:
        found.append(f"carbon: nobody tells it of {_of(asked, asked.costs.unknown_carbon)}")
    if least.weeks is None:
        found.append(f"weeks: nobody tells them of {_of(asked, asked.costs.unknown_weeks)}")
    return found


def _of(asked: Configurator, unknown: frozenset[int]) -> str:
    names = [asked.rulebook.options[v - 1].name for v in sorted(unknown)]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _rows(
    asked: Configurator,
    chosen: list[int],
    state: list[int],
    least: Figures,
    with_each: dict[int, Figures],
) -> list[OptionRow]:
    book = asked.rulebook
    own = _own_prices(asked)
    instead = asked.instead(chosen)
    with_each = with_each | instead
    depth: list[int] = []
    rows: list[OptionRow] = []
    nothing = Figures(None, None, None)
    for v, option in enumerate(book.options, 1):
        depth.append(depth[option.parent] + 1 if option.parent >= 0 else 0)
        change = with_each[v].less(least) if v in with_each else nothing
        carbon, weeks = carbon_of(option, asked.stated), weeks_of(option, asked.stated)
        rows.append(
            OptionRow(
                name=option.name,
                title=option.title or option.name,
                parent=book.options[option.parent].name if option.parent >= 0 else "",
                depth=depth[-1],
                group=_group(asked, option.group),
                group_number=option.group,
                is_abstract=option.is_abstract,
                state="instead" if v in instead else _state(v, chosen, state[v]),
                price=own.get(option.name),
                price_delta=change.price,
                carbon_delta_kgco2e=change.carbon_kgco2e,
                weeks_delta=change.weeks,
                carbon_kgco2e=carbon.value,
                carbon_source="" if option.is_abstract else carbon.source,
                weeks=None if weeks.value is None else int(weeks.value),
                weeks_source="" if option.is_abstract else weeks.source,
            )
        )
    return rows


def _state(v: int, chosen: list[int], state: int) -> State:
    if v in chosen:
        return "chosen"
    if -v in chosen:
        return "left out"
    return "forced" if state > 0 else "excluded" if state < 0 else "open"


def _group(asked: Configurator, place: int) -> str:
    if place < 0:
        return ""
    group = asked.rulebook.groups[place]
    return f"[{group.least}..{group.most}]" if group.kind == "cardinality" else group.kind


def _own_prices(asked: Configurator) -> dict[str, Decimal]:
    if asked.book is None:
        return {}
    rules = applying(asked.book, asked.day)
    return {r.option: r.amount for r in rules if r.option and not r.when and r.amount >= 0}


def _why(asked: Configurator, chosen: list[int], v: int, state: State) -> Why:
    """Return why a variable is as it is; what would help is asked for its opposite."""
    opposite = -v if state == "forced" else v
    reason = asked.why(chosen, opposite)
    name = asked.rulebook.options[v - 1].name
    if reason is None:
        return Why(option=name, state=state, rules=(), choices=(), help=())
    return Why(
        option=name,
        state=state,
        rules=tuple(
            RuleWords(
                text=rule.text,
                words=asked.in_words(rule),
                reason=rule.reason,
                is_tree=rule.is_tree,
            )
            for rule in reason.rules
        ),
        choices=reason.choices,
        help=tuple(_help(r) for r in asked.repairs(chosen, opposite, _REPAIRS)),
    )


def _help(repair: Repair) -> Help:
    return Help(
        drop=repair.drop,
        price=repair.figures.price,
        carbon_kgco2e=repair.figures.carbon_kgco2e,
        weeks=repair.figures.weeks,
        price_change=repair.change.price,
        carbon_change_kgco2e=repair.change.carbon_kgco2e,
        weeks_change=repair.change.weeks,
    )
