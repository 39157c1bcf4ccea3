"""What was released, opened: a model's rules, with the prices and the figures of a day."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from treadle.facts.design.figures import figures_id, stated
from treadle.facts.design.models import Release, model_id, release_of
from treadle.facts.rulebook import OpenRules, open_rules
from treadle.facts.sales.prices import PriceBookReleased, book_of, prices_id
from treadle.kernel import Event, NotFoundError, Store
from treadle.kernel.blob import BlobStore
from treadle.sales.rules.configuring import Configurator


def released(store: Store, model: str, version: str = "") -> Release:
    """Return a version of a model.

    Raises
    ------
    NotFoundError
        There is none.
    """
    thing = model_id(model)
    found = release_of(thing, store.history(thing), version=version)
    if found is None:
        which = f"version {version} of {model}" if version else f"model {model}"
        text = f"no {which} was released; `treadle design models` lists those that were"
        raise NotFoundError(text)
    return found


def configurator(
    store: Store, blobs: BlobStore, release: Release, market: str, day: date
) -> Configurator:
    """Return released rules with the prices of a market and the figures of a day.

    Raises
    ------
    NotFoundError
        No prices were released for that market.
    """
    book = None
    if market:
        book = book_of(store.history(prices_id(release.fact.model, market)))
        if book is None:
            raise NotFoundError(
                f"no prices of {release.fact.model} were released for {market}; "
                "release them with `treadle sales release-prices`"
            )
    rules = open_rules(blobs, release.fact.rulebook, release.fact.diagram)
    told = store.history(figures_id(release.fact.model))
    return _configurator(rules, _Book(book), day, _Figures(told))


class _Book:
    """A price book that is the same to a cache where its file is."""

    def __init__(self, book: PriceBookReleased | None) -> None:
        self.book = book
        self._key = () if book is None else (book.model, book.market, book.version, book.source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Book) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


class _Figures:
    """Figures that are the same to a cache where the facts are."""

    def __init__(self, history: Sequence[Event]) -> None:
        self.history = history
        self._key = tuple(event.hash for event in history)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Figures) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=64)
def _configurator(rules: OpenRules, book: _Book, day: date, figures: _Figures) -> Configurator:
    return Configurator(rules, book.book, day, stated(figures.history, day))
