"""The engineer's pages: bills of material, the change board, coverage, baselines side by side.

Nothing is kept between two clicks: the address says what is asked, and a page is one or two
questions at design's front door. They work without scripts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from treadle.kernel import InvalidInputError, RefusedError, ThingId
from treadle.web.frame import Frame, read_moment
from treadle.web.front import operation_called

_BILL = "urn:treadle:bom:"
_BASELINE = "urn:treadle:baseline:"
_SPECIFICATION = "urn:treadle:specification:"
_MOST_BILLS = 200
_PAGE = 400
_BOARD = ("proposed", "reviewed", "approved", "effective")
_COLUMNS = (*_BOARD, "turned down")
_UNITS = {
    "piece": "", "unit": "", "gram": "g", "kilogram": "kg", "litre": "L", "millilitre": "mL",
    "metre": "m", "centimetre": "cm", "squareMetre": "m\u00b2", "squareCentimetre": "cm\u00b2",
    "cubicMetre": "m\u00b3", "cubicCentimetre": "cm\u00b3",
}  # fmt: skip
_SHOWS = (("", "All"), ("gaps", "With a gap"), ("suspect", "With a suspect link"))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A stretch of a long table, and the addresses of those beside it."""

    rows: Sequence[Any]
    first: int
    total: int
    before: str
    after: str

    @property
    def last(self) -> int:
        """The number of the last row shown, counted from 1."""
        return self.first + len(self.rows)


def routes(frame: Frame) -> APIRouter:
    """Return the overview and the four sections, each with an address of its own."""
    router = APIRouter(route_class=frame.route_class(), include_in_schema=False)

    @router.get("/engineer")
    def overview_page(request: Request) -> Response:
        return _overview(frame, request)

    @router.get("/engineer/bom")
    def bom_page(request: Request) -> Response:
        return _bom(frame, request)

    @router.get("/engineer/changes")
    def changes_page(request: Request) -> Response:
        return _changes(frame, request)

    @router.get("/engineer/requirements")
    def requirements_page(request: Request) -> Response:
        return _requirements(frame, request)

    @router.get("/engineer/baselines")
    def baselines_page(request: Request) -> Response:
        return _baselines(frame, request)

    return router


def _overview(frame: Frame, request: Request) -> Response:
    bills = [(bill, _per_column(_board(frame, bill))) for bill in _bills(frame)]
    return frame.page(
        request,
        "engineer.html",
        models=_ask(frame, "models"),
        bills=bills,
        specifications=_ask(frame, "specifications"),
        baselines=_ask(frame, "baselines"),
    )


def _bom(frame: Frame, request: Request) -> Response:
    asked = request.query_params
    bills, bill = _bill(frame, asked)
    options = _listed(asked.getlist("option"))
    also = _listed(asked.getlist("also"))
    car = {key: asked.get(key, "").strip() for key in ("date", "plant", "serial", "vin")}
    values: dict[str, Any] = {
        "bills": bills, "bill": bill, "options": options, "also": also, "car": car,
        "quantity": _quantity, "tree": None, "resolved": None, "leaf": None, "wrong": "",
    }  # fmt: skip
    status = 200
    if bill:
        whole = {"thing": ThingId(_BILL + bill), "also": also}
        if options or any(car.values()):
            try:
                values["resolved"] = _ask(frame, "resolve", **whole, options=options, **_car(car))
            except (InvalidInputError, RefusedError) as error:
                values["wrong"], status = str(error), error.status
        else:
            values["tree"] = _ask(frame, "bom", **whole)
        found = values["resolved"] or values["tree"]
        if found is not None:
            values["leaf"] = _leaf(request, found.rows)
    return frame.page(request, "engineer_bom.html", status=status, **values)


def _changes(frame: Frame, request: Request) -> Response:
    bills, bill = _bill(frame, request.query_params)
    board = _board(frame, bill) if bill else {}
    return frame.page(
        request,
        "engineer_changes.html",
        bills=bills,
        bill=bill,
        board=board,
        n_changes=sum(map(len, board.values())),
    )


def _requirements(frame: Frame, request: Request) -> Response:
    asked = request.query_params
    of, baseline, show = (asked.get(key, "") for key in ("of", "baseline", "show"))
    if show not in dict(_SHOWS):
        raise InvalidInputError(f"{show!r} is no choice of rows: gaps, suspect, or all without it")
    told = _ask(frame, "coverage", specification=of, baseline=baseline)
    suspects: dict[str, list[Any]] = {}
    for link in _ask(frame, "suspects", specification=of):
        suspects.setdefault(link.requirement, []).append(link)
    rows = [row for row in told.rows if _is_shown(row, show)]
    return frame.page(
        request,
        "engineer_requirements.html",
        told=told,
        of=of,
        baseline=baseline,
        shows=[(word, key == show, _address(request, show=key)) for key, word in _SHOWS],
        show=show,
        leaf=_leaf(request, rows),
        suspects=suspects,
        ends=_ends,
        specifications=[
            s.specification.removeprefix(_SPECIFICATION) for s in _ask(frame, "specifications")
        ],
        baselines=_named(_ask(frame, "baselines")),
    )


def _baselines(frame: Frame, request: Request) -> Response:
    asked = request.query_params
    every = _ask(frame, "baselines")
    names = _named(every)
    new = asked.get("new", "") or next(iter(names), "")
    based_on = next((b.based_on for b in every if b.baseline == _BASELINE + new), "")
    old = asked.get("old", "") or based_on or next((n for n in names if n != new), "")
    told = None
    if old and new:
        told = _ask(frame, "compare-baselines", before=old, after=new)
    return frame.page(
        request,
        "engineer_baselines.html",
        baselines=every,
        names=names,
        old=old,
        new=new,
        told=told,
    )


def _ask(frame: Frame, query: str, **question: Any) -> Any:
    operation = operation_called(frame.app, "design", query)
    return frame.app.ask(operation.function, **question)


def _bills(frame: Frame) -> list[str]:
    things = frame.app.store.things(prefix=_BILL, limit=_MOST_BILLS)
    return [thing.removeprefix(_BILL) for thing in things]


def _bill(frame: Frame, asked: Mapping[str, str]) -> tuple[list[str], str]:
    """Return all bills, and the one that is asked for: the first where none is named."""
    bills = _bills(frame)
    wanted = asked.get("bill", "").removeprefix(_BILL)
    return bills, wanted or next(iter(bills), "")


def _board(frame: Frame, bill: str) -> dict[str, list[Any]]:
    """Return the changes of a bill by column; what was turned down or replaced stands last."""
    board: dict[str, list[Any]] = {column: [] for column in _COLUMNS}
    for row in _ask(frame, "changes", thing=ThingId(_BILL + bill)):
        board[row.status if row.status in _BOARD else _COLUMNS[-1]].append(row)
    return board


def _per_column(board: Mapping[str, Sequence[Any]]) -> list[str]:
    return [f"{len(rows)} {column}" for column, rows in board.items() if rows]


def _listed(texts: Sequence[str]) -> tuple[str, ...]:
    """Return names that a field or several have, with commas between them, each once."""
    names = (name.strip() for text in texts for name in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _car(car: Mapping[str, str]) -> dict[str, Any]:
    serial = car["serial"]
    if serial and not (serial.isascii() and serial.isdigit()):
        raise InvalidInputError(f"{serial!r} is no production number; write it in digits")
    return {
        "date": read_moment(car["date"]),
        "plant": car["plant"],
        "serial": int(serial) if serial else None,
        "vin": car["vin"],
    }


def _quantity(value: float, unit: str) -> str:
    """Return a quantity with its unit as people write it; pieces carry none."""
    return f"{value:,.6g} {_UNITS.get(unit, unit)}".rstrip()


def _is_shown(row: Any, show: str) -> bool:
    if show == "suspect":
        return bool(row.suspect_links)
    return not show or not (row.features and row.tests and row.parts)


def _ends(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the other ends of links, each as a thing and what is claimed of it."""
    found = []
    for text in texts:
        thing, _, claim = text.partition(" (")
        found.append((thing, claim.removesuffix(")")))
    return found


def _named(lines: Sequence[Any]) -> list[str]:
    return [line.baseline.removeprefix(_BASELINE) for line in lines]


def _leaf(request: Request, rows: Sequence[Any]) -> Leaf:
    text = request.query_params.get("row", "0")
    first = int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else 0
    first = min(first, max(0, len(rows) - 1)) // _PAGE * _PAGE
    after = first + _PAGE
    return Leaf(
        rows=rows[first:after],
        first=first,
        total=len(rows),
        before=_address(request, row=str(first - _PAGE)) if first else "",
        after=_address(request, row=str(after)) if after < len(rows) else "",
    )


def _address(request: Request, **other: str) -> str:
    """Return this page's address with some words of it otherwise; a new choice begins at row 0."""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in ("row", *other) and v]
    kept += [(k, v) for k, v in other.items() if v]
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")
