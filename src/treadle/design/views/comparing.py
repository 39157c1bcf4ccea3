"""What changes from one version of a feature model to another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from treadle.design.rules.effectivity import PlannedOrder
from treadle.design.state.planned import planned_orders
from treadle.design.views.models import released
from treadle.facts.rulebook import OpenRules, Option, open_rules
from treadle.kernel import Store, ThingId
from treadle.kernel.blob import BlobStore

_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDifference:
    """A rule that came or went.

    Attributes
    ----------
    change
        added or removed.
    cars
        How many cars it alone rules out: old ones where it came, new ones where it went; empty
        where that is not known.
    example
        The options of one of them.
    """

    change: str
    text: str
    reason: str
    cars: str
    example: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MustChange:
    """An order that the new rules do not allow as it stands.

    Attributes
    ----------
    options
        Those of its options that stand against them; those that are no longer there first.
    rules
        The rules that they stand against, in their own words.
    """

    order: ThingId
    options: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changes from one version of a model to another.

    Attributes
    ----------
    kind
        the same cars, more cars, fewer cars, or some new and some gone.
    cars_before, cars_after
        How many there are; empty where it is not known.
    cars_gone
        Those that can no longer be built.
    cars_new
        Those that can be built from now on.
    example_gone, example_new
        Options of one of them.
    added, removed
        Options.
    changed
        What became of options that both have, in words.
    must_change
        Orders that are not built yet and can no longer be built as they stand.
    n_planned
        Orders of the model that are not built yet.
    """

    model: str
    old: str
    new: str
    kind: str
    cars_before: str
    cars_after: str
    cars_gone: str
    cars_new: str
    example_gone: tuple[str, ...]
    example_new: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    rules: tuple[RuleDifference, ...]
    must_change: tuple[MustChange, ...]
    n_planned: int


def compare_models(
    store: Store,
    *,
    blobs: BlobStore,
    model: str,
    old: str,
    new: str = "",
    limit_s: float = _LIMIT_S,
) -> Comparison:
    """Return what changes from one version of a model to another, for options, rules and cars.

    Parameters
    ----------
    model
        Its name.
    old
        The version before.
    new
        The version after; the last one released where none is said.
    limit_s
        How long to count at most [s].
    """
    from treadle.design.rules.comparing import compare  # noqa: PLC0415 - solvers, only where asked

    before, after = released(store, model, old).fact, released(store, model, new).fact
    until = monotonic() + limit_s
    rules = open_rules(blobs, after.rulebook, after.diagram)
    planned = planned_orders(store, before.model)
    told = compare(
        open_rules(blobs, before.rulebook, before.diagram).rulebook,
        rules.rulebook,
        stop=lambda: monotonic() > until,
    )
    gone = _less(told.cars_before, told.cars_staying)
    return Comparison(
        model=model,
        old=before.version,
        new=after.version,
        kind=told.kind,
        cars_before=_digits(told.cars_before),
        cars_after=_digits(told.cars_after),
        cars_gone=_digits(gone),
        cars_new=_digits(_less(told.cars_after, told.cars_staying)),
        example_gone=told.example_gone,
        example_new=told.example_new,
        added=told.added,
        removed=told.removed,
        changed=told.changed,
        rules=tuple(
            RuleDifference(
                change=change,
                text=rule.text,
                reason=rule.reason,
                cars=_digits(rule.cars),
                example=rule.example,
            )
            for change, listed in (("added", told.rules_added), ("removed", told.rules_removed))
            for rule in listed
        ),
        must_change=tuple(_must_change(rules, planned.orders)),
        n_planned=len(planned.orders),
    )


def _must_change(rules: OpenRules, orders: Sequence[PlannedOrder]) -> Iterator[MustChange]:
    """Yield orders whose car the rules do not allow: what it has, and what it has not."""
    book = rules.rulebook
    for order in orders:
        has = order.build.options
        gone = sorted(has - book.number.keys())
        whole = [v if o.name in has else -v for v, o in enumerate(book.options, 1) if _told(o, has)]
        why = rules.explainer.contradiction(whole)
        if why is None and not gone:
            continue
        against = () if why is None else why.chosen
        yield MustChange(
            order=ThingId(order.name),
            options=(*gone, *(book.options[x - 1].name for x in against if x > 0)),
            rules=() if why is None else tuple(book.rules[i].text for i in why.rules),
        )


def _told(option: Option, has: frozenset[str]) -> bool:
    """Whether an order says anything of an option: what only orders others may be as it must."""
    return option.name in has or not option.is_abstract


def _less(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else whole - part


def _digits(number: int | None) -> str:
    return "" if number is None else str(number)
