"""Which models are sold where: those whose prices were released."""

from dataclasses import dataclass
from datetime import datetime

from treadle.facts.sales.prices import PRICES_PREFIX, PriceBookReleased
from treadle.kernel import Store

_MANY = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Showroom:
    """A model in a market.

    Attributes
    ----------
    version
        Of its prices, the last one released.
    """

    model: str
    market: str
    currency: str
    version: str
    released: datetime


def showrooms(store: Store) -> tuple[Showroom, ...]:
    """Return every model with prices in every market, as last released."""
    found: list[Showroom] = []
    for thing in store.things(prefix=PRICES_PREFIX, limit=_MANY):
        last: Showroom | None = None
        for event in sorted(store.history(thing), key=lambda e: (e.happened_at, e.position)):
            if isinstance(event.fact, PriceBookReleased):
                last = Showroom(
                    model=event.fact.model,
                    market=event.fact.market,
                    currency=event.fact.currency,
                    version=event.fact.version,
                    released=event.happened,
                )
        if last is not None:
            found.append(last)
    return tuple(sorted(found, key=lambda s: (s.model, s.market)))
