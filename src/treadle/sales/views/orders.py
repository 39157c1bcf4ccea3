"""What one may ask of orders: which there are, how one stands, its quote as a page to print."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape

from treadle.facts.sales.orders import ORDER_PREFIX, PriceLine
from treadle.kernel import Document, NotFoundError, Store, ThingId
from treadle.sales.state import Order, Stage, fold

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order in a list.

    Attributes
    ----------
    options
        How many the car has.
    promised
        The day of delivery that was promised.
    """

    order: ThingId
    stage: Stage
    model: str
    model_version: str
    market: str
    total: Decimal | None
    currency: str
    options: int
    promised: date | None
    car: ThingId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSheet:
    """An order as it stands.

    Attributes
    ----------
    chosen
        What the customer asked for.
    options
        Everything that the car has.
    added, dropped
        Options that changes of the order brought and took, since it was first placed.
    total
        Taxes and all.
    carbon_kgco2e
        Of all its options [kgCO2e]; None where it is not known of one of them.
    earliest_week
        Weeks from the order until the last of its options is there; None where one does not tell.
    figures_by
        Who says so of carbon and weeks.
    """

    order: ThingId
    stage: Stage
    model: str
    model_version: str
    market: str
    currency: str
    customer: str
    chosen: tuple[str, ...]
    options: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    n_changes: int
    lines: tuple[PriceLine, ...]
    total: Decimal
    carbon_kgco2e: float | None
    earliest_week: int | None
    figures_by: tuple[str, ...]
    valid_until: date | None
    promised: date | None
    plant: str
    car: ThingId | None


def orders(
    store: Store, *, stage: str = "", after: str = "", limit: int = 100
) -> tuple[OrderRow, ...]:
    """Return orders in the order of their numbers.

    Parameters
    ----------
    stage
        Only those that are quoted, ordered, confirmed, frozen, built, delivered or cancelled.
    after
        Those after this one.
    limit
        At most so many.
    """
    found: list[OrderRow] = []
    last = after
    while len(found) < limit:
        things = store.things(prefix=ORDER_PREFIX, after=last, limit=_AT_ONCE)
        for thing in things:
            order = fold(store.history(thing))
            if order.specification is not None and stage in ("", order.stage):
                found.append(_row(thing, order))
                if len(found) == limit:
                    break
        if len(things) < _AT_ONCE:
            break
        last = things[-1]
    return tuple(found)


def _row(thing: ThingId, order: Order) -> OrderRow:
    known = order.specification
    return OrderRow(
        order=thing,
        stage=order.stage,
        model=known.model if known else "",
        model_version=known.model_version if known else "",
        market=known.market if known else "",
        total=known.total if known else None,
        currency=known.currency if known else "",
        options=len(known.options) if known else 0,
        promised=order.promised,
        car=order.car,
    )


def order(store: Store, *, thing: ThingId) -> OrderSheet:
    """Return an order as it stands.

    Parameters
    ----------
    thing
        The order.

    Raises
    ------
    NotFoundError
        Nothing was ever quoted under that number.
    """
    found = fold(store.history(thing))
    known = found.specification
    if known is None:
        raise NotFoundError(
            f"nothing was ever quoted for {thing}; `treadle sales orders` lists all"
        )
    first = frozenset(found.ordered.options if found.ordered else known.options)
    return OrderSheet(
        order=thing,
        stage=found.stage,
        model=known.model,
        model_version=known.model_version,
        market=known.market,
        currency=known.currency,
        customer=found.customer,
        chosen=known.chosen,
        options=known.options,
        added=tuple(o for o in known.options if o not in first),
        dropped=tuple(sorted(first - set(known.options))),
        n_changes=found.n_changes,
        lines=known.lines,
        total=known.total,
        carbon_kgco2e=known.carbon_kgco2e,
        earliest_week=known.earliest_week,
        figures_by=known.figures_by,
        valid_until=found.valid_until,
        promised=found.promised,
        plant=found.plant,
        car=found.car,
    )


def quote_sheet(store: Store, *, now: datetime, thing: ThingId) -> Document:
    """Return a quote or an order as a page to print.

    Parameters
    ----------
    thing
        The order.
    """
    told = order(store, thing=thing)
    number = told.order.removeprefix(ORDER_PREFIX)
    rows = "".join(
        f"<tr class={escape(line.kind)}><td>{escape(line.text)}</td>"
        f"<td>{_money(line.amount)}</td></tr>"
        for line in told.lines
    )
    carbon = "not known" if told.carbon_kgco2e is None else f"{told.carbon_kgco2e:,.0f} kgCO2e"
    weeks = "not known" if told.earliest_week is None else f"{told.earliest_week} weeks"
    until = f"This offer stands until {told.valid_until}." if told.stage == "quoted" else ""
    content = _PAGE.format(
        title=f"{'Quote' if told.stage == 'quoted' else 'Order'} {escape(number)}",
        model=escape(f"{told.model}, version {told.model_version}, {told.market}"),
        stage=escape(told.stage),
        printed=f"{now:%Y-%m-%d}",
        rows=rows,
        currency=escape(told.currency),
        total=_money(told.total),
        carbon=carbon,
        weeks=weeks,
        figures=f"Carbon and weeks: {escape('; '.join(told.figures_by))}. "
        if told.figures_by
        else "",
        options=", ".join(map(escape, told.options)),
        until=until,
    )
    return Document(
        content=content.encode(), media_type="text/html; charset=utf-8", filename=f"{number}.html"
    )


def _money(amount: Decimal) -> str:
    return f"{amount:,}".replace(",", "\u202f")


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body{{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}}
body{{color:#1b1f23}} h1{{font-size:1.6rem;margin:0}} p{{margin:.4rem 0 1.2rem;color:#57606a}}
table{{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}}
td{{padding:.35rem 0;border-bottom:1px solid #d8dee4}}
td:last-child,th:last-child{{text-align:right}} .discount td,.incentive td{{color:#1a7f37}}
tfoot th{{padding:.6rem 0;font-size:1.1rem;text-align:left}}
small{{color:#57606a}} @media print{{body{{margin:0}}}}
</style>
<h1>{title}</h1><p>{model} &middot; {stage} &middot; {printed}</p>
<table><tbody>{rows}</tbody>
<tfoot><tr><th>Total, {currency}</th><th>{total}</th></tr></tfoot></table>
<p>Carbon: {carbon}. Earliest: {weeks}. {until}</p>
<small>{figures}</small><p><small>{options}</small></p>
</html>
"""
