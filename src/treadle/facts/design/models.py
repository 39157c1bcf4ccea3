"""What is told of feature models: a version of the rules was released."""

from collections.abc import Iterable
from dataclasses import dataclass

from treadle.kernel import Event, Fact, ThingId, named

MODEL_PREFIX = "urn:treadle:model:"
"""A model is a line of cars whose options and rules hang together; it has versions."""


@named("design.model_released")
@dataclass(frozen=True, kw_only=True)
class ModelReleased(Fact):
    """A version of a feature model was released: from now on cars are ordered by its rules.

    Attributes
    ----------
    model
        Its name.
    version
        As its engineers call it.
    source
        The blob of the file that it was read from.
    form
        What that file is: uvl, dimacs, toml, csv.
    rulebook
        The blob of the compiled rules (facts/rulebook.py).
    diagram
        The blob of their counting form; empty where compiling did not finish.
    options, rules
        How many.
    cars
        The exact number of different cars, as decimal digits; empty where it is not known.
    reason
        Why this version came.
    """

    model: str
    version: str
    source: str
    form: str
    rulebook: str
    diagram: str
    options: int
    rules: int
    cars: str
    reason: str = ""

    def identity(self) -> str | None:
        """Return what makes a release the same: model, version, rules."""
        return f"design.model:{self.model}:{self.version}:{self.rulebook}:{self.source}"

    def mentions(self) -> Iterable[ThingId]:
        """Return nothing: a model is about no car yet."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A version of a model as the thread has it."""

    model: ThingId
    released_us: int
    fact: ModelReleased


def release_of(
    model: ThingId, history: Iterable[Event], *, version: str = "", until_us: int | None = None
) -> Release | None:
    """Return a version of a model, or the last one released, at a date where one is said.

    Parameters
    ----------
    until_us
        Microseconds since 1970; as last known where none is said.
    """
    found: Release | None = None
    for event in sorted(history, key=lambda e: (e.happened_at, e.position)):
        fact = event.fact
        if not isinstance(fact, ModelReleased) or (version and fact.version != version):
            continue
        if until_us is None or event.happened_at <= until_us:
            found = Release(model=model, released_us=event.happened_at, fact=fact)
    return found


def model_id(text: str) -> ThingId:
    """Return a model's thing, by its name or its URI."""
    return ThingId(text if text.startswith(MODEL_PREFIX) else MODEL_PREFIX + text)
