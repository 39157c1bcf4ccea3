"""Facts of a toy language, to try the kernel with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from treadle.kernel import Entry, Event, Fact, LinkChange, Projection, Row, ThingId, named, to_us

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@named("toy.said")
@dataclass(frozen=True, kw_only=True)
class Said(Fact):
    """Somebody said a word."""

    word: str = ""


@named("toy.told")
@dataclass(frozen=True, kw_only=True)
class Told(Fact):
    """Something with an identity, that moves things and may take back what was told."""

    key: str | None = None
    about: tuple[str, ...] = ()
    moves: tuple[tuple[str, ...], ...] = ()
    amounts: tuple[float, ...] = ()
    takes_back: tuple[str, ...] = ()
    aka: tuple[str, ...] = ()

    def identity(self) -> str | None:
        return self.key

    def also_known_as(self) -> Iterable[str]:
        return self.aka

    def mentions(self) -> Iterable[ThingId]:
        return map(ThingId, self.about)

    def links(self) -> Iterator[LinkChange]:
        for n, (change, child, parent) in enumerate(self.moves):
            amount = self.amounts[n] if self.amounts else None
            assert change in ("add", "delete", "delete_all")
            yield LinkChange(
                "add" if change == "add" else "delete" if change == "delete" else "delete_all",
                child,
                parent,
                "in",
                amount,
            )

    def voids(self) -> Iterable[str]:
        return self.takes_back


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def told(
    hours: float,
    *moves: tuple[str, ...],
    key: str | None = None,
    amounts: tuple[float, ...] = (),
    takes_back: tuple[str, ...] = (),
    about: tuple[str, ...] = (),
    aka: tuple[str, ...] = (),
) -> Entry:
    thing = ThingId(moves[0][2] if moves else "urn:x:nobody")
    fact = Told(key=key, moves=moves, amounts=amounts, takes_back=takes_back, about=about, aka=aka)
    return Entry.of(thing, fact, to_us(at(hours)))


def lower(thing: str) -> str:
    """The canonical spelling of toy things: case does not matter."""
    return thing.lower()


def _words(event: Event) -> Iterator[Row]:
    fact = event.fact
    if isinstance(fact, Said) and fact.word:
        yield {"thing": event.thing, "word": fact.word, "position": event.position}


WORDS = Projection(
    name="toy_word",
    columns={"thing": "text", "word": "text", "position": "integer"},
    key=("thing", "word"),
    indexes=(("word",),),
    facts=("toy.said.v1",),
    rows=_words,
)
