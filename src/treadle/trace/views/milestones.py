"""The milestones of a car's life, kept as a projection: made, complete, shipped, sold, scrapped."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from treadle.facts.trace import Observed
from treadle.kernel import Event, Projection, Row, Store
from treadle.trace.rules.vin import VIN_PREFIX, model_year_code

_BY_STEP = {
    "commissioning": "made",
    "shipping": "shipped",
    "departing": "shipped",
    "retail_selling": "sold",
    "decommissioning": "scrapped",
    "destroying": "scrapped",
}
_PAGE = 500
_COMPLETE = "completeness_verified"


def _rows(event: Event) -> Iterator[Row]:
    if not event.thing.startswith(VIN_PREFIX):  # spares decoding what is not about a car
        return
    fact = event.fact
    if not isinstance(fact, Observed) or fact.is_error_declaration:
        return
    fields = fact.fields
    names = [_BY_STEP.get(fields.get("bizStep", ""))]
    if fields.get("disposition") == _COMPLETE:
        names.append("complete")
    for car in fields.get("epcList", ()):
        if car.startswith(VIN_PREFIX):
            for name in filter(None, names):
                yield {
                    "car": car,
                    "milestone": name,
                    "happened_at": event.happened_at,
                    "model_year_code": model_year_code(car.removeprefix(VIN_PREFIX)),
                    "identity": event.identity,
                }


MILESTONES = Projection(
    name="trace_milestone",
    columns={
        "car": "text",
        "milestone": "text",
        "happened_at": "integer",
        "model_year_code": "text",
        "identity": "text",
    },
    key=("car", "milestone", "happened_at"),
    indexes=(("milestone", "model_year_code"),),
    facts=(Observed.stored_as,),
    rows=_rows,
)
"""One row a car and milestone; many at different times are kept, whatever order they came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A car's milestones [us since 1970]; None where nobody told.

    Attributes
    ----------
    built
        When it was complete: the last verified completeness before it was first shipped, else
        when it was first shipped. What is in a car "as built" is what was in it then.
    """

    made: int | None
    built: int | None
    shipped: int | None


def lives(store: Store, cars: Sequence[str]) -> dict[str, Life]:
    """Return the milestones of cars."""
    told: dict[str, dict[str, list[int]]] = {car: {} for car in cars}
    for first in range(0, len(cars), _PAGE):
        rows = store.rows(MILESTONES, one_of={"car": cars[first : first + _PAGE]})
        void = store.void_among([row["identity"] for row in rows])
        for row in rows:
            if row["identity"] not in void:
                times = told[row["car"]].setdefault(row["milestone"], [])
                times.append(row["happened_at"])
    return {car: _life(times) for car, times in told.items()}


def _life(times: Mapping[str, Sequence[int]]) -> Life:
    shipped = min(times.get("shipped", ()), default=None)
    complete = [t for t in times.get("complete", ()) if shipped is None or t <= shipped]
    return Life(
        made=min(times.get("made", ()), default=None),
        built=max(complete, default=shipped),
        shipped=shipped,
    )


def count_model_years(store: Store, codes: Iterable[str]) -> int:
    """Return how many cars were made under any of some model-year codes."""
    cars = {
        row["car"]
        for code in set(codes)
        for row in store.rows(MILESTONES, equals={"milestone": "made", "model_year_code": code})
    }
    return len(cars)
