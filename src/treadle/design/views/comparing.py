"""What changes from one version of a feature model to another."""

from dataclasses import dataclass
from time import monotonic

from treadle.design.views.models import released
from treadle.facts.rulebook import open_rules
from treadle.kernel import Store
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
    told = compare(
        open_rules(blobs, before.rulebook, before.diagram).rulebook,
        open_rules(blobs, after.rulebook, after.diagram).rulebook,
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
            for change, rules in (("added", told.rules_added), ("removed", told.rules_removed))
            for rule in rules
        ),
    )


def _less(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else whole - part


def _digits(number: int | None) -> str:
    return "" if number is None else str(number)
