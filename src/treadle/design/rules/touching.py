"""What a change touches: orders that would be built otherwise, parts that come and go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from treadle.design.rules.effective_bill import EffectiveBill
from treadle.design.rules.effectivity import PlannedOrder
from treadle.design.rules.resolving import Resolved, Resolver


@dataclass(frozen=True, slots=True)
class Otherwise:
    """An order that a change touches.

    Attributes
    ----------
    goes, comes
        Parts with the amount in the whole car, without and with the change, where they differ.
    """

    order: str
    goes: tuple[tuple[str, float], ...]
    comes: tuple[tuple[str, float], ...]


def touched_orders(
    before: EffectiveBill, after: EffectiveBill, orders: Sequence[PlannedOrder]
) -> Iterator[Otherwise]:
    """Yield the orders that a change touches, each with the parts that differ.

    Parameters
    ----------
    before, after
        The bill without and with the change.
    """
    builds = [order.build for order in orders]
    pairs = zip(Resolver(before).resolve(builds), Resolver(after).resolve(builds), strict=True)
    for order, (was, now) in zip(orders, pairs, strict=True):
        old, new = _amounts(before, was), _amounts(after, now)
        goes = {part: n for part, n in old.items() if new.get(part) != n}
        comes = {part: n for part, n in new.items() if old.get(part) != n}
        if goes or comes:
            yield Otherwise(order.name, tuple(sorted(goes.items())), tuple(sorted(comes.items())))


def _amounts(effective: EffectiveBill, resolved: Resolved) -> dict[str, float]:
    found: dict[str, float] = {}
    for place, amount in zip(resolved.lines.tolist(), resolved.amounts.tolist(), strict=True):
        part = effective.plain[place].part
        found[part] = float(np.round(found.get(part, 0.0) + amount, 9))
    return found
