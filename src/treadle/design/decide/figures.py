"""What may be told of figures: what options bring by the bill of material."""

from collections.abc import Sequence
from datetime import datetime

from treadle.design.formats.open_bills import open_bill
from treadle.design.rules.effectivity import Build
from treadle.design.rules.figures_by_bill import Brought, by_bill
from treadle.facts.design.figures import (
    FIGURES_PREFIX,
    Figure,
    FiguresStated,
    Known,
    figures_id,
    stated,
)
from treadle.facts.design.material import bom_id
from treadle.kernel import Event, InvalidInputError, RefusedError, Store, ThingId
from treadle.kernel.blob import BlobStore

_BY_BILL = "bill of material "
_COVERS = "the parts by the bill, without putting them together"
_SHOWN = 3


def state_figures_by_bill(
    told: Sequence[Event],
    *,
    thing: ThingId,
    happened_at: datetime,
    store: Store,
    blobs: BlobStore,
    bill: str,
    plant: str = "",
) -> list[FiguresStated]:
    """State the carbon and the weeks of options that follow from those of their parts.

    Only where every part that an option brings is known; an option of which somebody stated a
    figure of its own keeps it.

    Parameters
    ----------
    thing
        The figures of a model: urn:treadle:figures:<model>.
    bill
        The bill of material of the model.
    plant
        Where cars are built; lines for some plants alone are left open without it.

    Raises
    ------
    RefusedError
        The bill is of another model, or nothing follows from what is known.
    """
    if not thing.startswith(FIGURES_PREFIX):
        text = f"{thing} is no figures; those of a model are called {FIGURES_PREFIX}<model>"
        raise InvalidInputError(text)
    opened = open_bill(store, blobs, ThingId(bill))
    if opened.rules is None or figures_id(opened.released.model) != thing:
        raise RefusedError(
            f"the bill {bill} is of the model {opened.released.model or '(none)'}, not of "
            f"{thing.removeprefix(FIGURES_PREFIX)}"
        )
    known = stated(told, happened_at.date())
    build = Build(at=happened_at, plant=plant)
    rows = by_bill(opened.effective, opened.rules.rulebook, known.parts, build)
    name = opened.thing.removeprefix(bom_id(""))
    source = f"{_BY_BILL}{name} {opened.released.version}" + (f", {plant}" if plant else "")
    figures: list[Figure] = []
    for row in rows:
        own = known.options.get(row.option, Known())
        carbon = None if _is_own(own.carbon) else row.kgco2e
        weeks = None if _is_own(own.weeks) else row.weeks
        if (carbon, weeks) != (None, None):
            figures.append(_figure(row, carbon, weeks, source, happened_at))
    if not figures:
        raise RefusedError(f"nothing follows from the bill {bill}: {_why(rows)}")
    before = {n: (k.carbon, k.weeks) for n, k in known.options.items()}
    if all(f in before.get(f.option, ()) for f in figures):
        return []
    model = thing.removeprefix(FIGURES_PREFIX)
    return [FiguresStated(model=model, source="", figures=tuple(figures))]


def _is_own(figure: Figure | None) -> bool:
    return figure is not None and not figure.source.startswith(_BY_BILL)


def _figure(
    row: Brought, carbon: float | None, weeks: int | None, source: str, at: datetime
) -> Figure:
    return Figure(
        option=row.option,
        kgco2e=carbon,
        weeks=weeks,
        covers=_COVERS if carbon is not None else "",
        source=f"{source}, {row.parts} parts",
        as_of=at.date(),
    )


def _why(rows: Sequence[Brought]) -> str:
    reasons = list(dict.fromkeys(row.why_not for row in rows if row.why_not))
    more = f"; and {len(reasons) - _SHOWN} more" if len(reasons) > _SHOWN else ""
    told = "; ".join(reasons[:_SHOWN]) + more
    return told or "what could follow was stated by somebody"
