"""What people call things of design, and what the knots of their life say."""

from collections.abc import Callable

from treadle.design.views.knots import knot
from treadle.design.views.material_knots import material_knot
from treadle.facts.design.changes import CHANGE_PREFIX
from treadle.facts.design.figures import FIGURES_PREFIX
from treadle.facts.design.material import BOM_PREFIX
from treadle.facts.design.models import MODEL_PREFIX, ModelReleased
from treadle.facts.design.requirements import (
    REQUIREMENT_PREFIX,
    SPECIFICATION_PREFIX,
    TEST_PREFIX,
)
from treadle.facts.design.software import BASELINE_PREFIX, SOFTWARE_PREFIX
from treadle.kernel import Event, Name, Store

_SORTS = {
    MODEL_PREFIX: "Model",
    BOM_PREFIX: "Bill of material",
    FIGURES_PREFIX: "Figures",
    CHANGE_PREFIX: "Change",
    SPECIFICATION_PREFIX: "Specification",
    REQUIREMENT_PREFIX: "Requirement",
    TEST_PREFIX: "Test",
    BASELINE_PREFIX: "Baseline",
    SOFTWARE_PREFIX: "Software",
}


def names(_: Store) -> Callable[[str], Name | None]:
    """Return how people call a thing of design: by the name that it was given."""

    def name(thing: str) -> Name | None:
        for prefix, sort in _SORTS.items():
            if thing.startswith(prefix):
                return Name(thing=thing, sort=sort, number=thing.removeprefix(prefix))
        return None

    return name


def describe(event: Event, label: Callable[[str], str]) -> tuple[str, str]:
    """Return an event's headline and detail, as a knot on the thread shows them."""
    match event.fact:
        case ModelReleased(version=version, options=options, rules=rules, cars=cars):
            many = f", {_rounded(cars)} cars" if cars else ""
            return f"Version {version} released", f"{options:,} options, {rules:,} rules{many}"
        case _:
            return knot(event.fact, label) or material_knot(event.fact) or (event.stored_as, "")


def _rounded(digits: str) -> str:
    """Return a large number as people say it: 5.3e210 for 211 digits."""
    longest = 9
    if len(digits) <= longest:
        return f"{int(digits):,}"
    return f"{digits[0]}.{digits[1]}e{len(digits) - 1}"
