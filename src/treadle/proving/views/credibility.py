"""How credible a campaign is: what came of running a sample in other ways."""

from dataclasses import dataclass

from treadle.facts.proving import CredibilityAsked
from treadle.kernel import Store, ThingId
from treadle.proving.state import life_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What changes where one thing is computed in another way.

    Attributes
    ----------
    n
        Variants that were run both ways.
    n_changed
        Variants whose verdict is another one.
    """

    what: str
    n: int
    n_changed: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credibility:
    """How much verdicts depend on the step and on the seed.

    Attributes
    ----------
    sample
        Variants of each scenario, at most.
    """

    run: ThingId
    catalogue: ThingId
    state: str
    error: str
    driver: str
    sample: int
    seed: int
    ways: tuple[Way, ...]


def steadiness(store: Store, *, thing: ThingId) -> Credibility:
    """Return how much verdicts depend on the step and on the seed.

    Parameters
    ----------
    thing
        The measurement; the start of its number will do.

    Raises
    ------
    NotFoundError
        There is no such measurement.
    """
    life = life_of(store, thing, CredibilityAsked)
    figures = life.finished.summary["figures"] if life.finished else ()
    words = ("what", "n", "n_changed", "text")
    return Credibility(
        run=life.run,
        catalogue=life.asked.about,
        state=life.state,
        error=life.error,
        driver=life.asked.options["roles"]["driver"],
        sample=life.asked.options["sample"],
        seed=life.asked.seed,
        ways=tuple(Way(**{word: one[word] for word in words}) for one in figures),
    )
