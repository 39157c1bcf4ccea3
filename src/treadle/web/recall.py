"""The recall page: what is suspect, which cars have it, and how many need not be called."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from treadle.kernel import InvalidInputError, Link, Name, NotFoundError, ThingId
from treadle.web.frame import HEADERS, Frame, read_moment
from treadle.web.front import operation_called
from treadle.web.home import find
from treadle.web.names import CAR_PREFIX, grouped
from treadle.web.words import exact

WAYS = (
    ("lot", "A lot or a part"),
    ("range", "A range of serials"),
    ("station", "A station's work"),
)
SHOWN = 200
"""Rows on the page; the file has all."""
_DOTS = 1200
"""So many cars are drawn one by one; more become a bar."""
_ACROSS, _PITCH = ((240, 100), (60, 60), (0, 30)), 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is suspect, as the address says it."""

    way: str = ""
    suspect: str = ""
    first: str = ""
    last: str = ""
    station: str = ""
    since: str = ""
    until: str = ""
    as_of: str = ""

    @property
    def chosen(self) -> str:
        """Which of the three ways is meant: as said, else by what is filled in."""
        if self.way in dict(WAYS):
            return self.way
        return "range" if self.first or self.last else "station" if self.station else "lot"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked yet."""
        return not {"lot": self.suspect, "range": self.first or self.last, "station": self.station}[
            self.chosen
        ]

    def question(self) -> dict[str, Any]:
        """Return the question to ask; what the chosen way does not need is left out."""
        question: dict[str, Any] = {"as_of": read_moment(self.as_of, "the as-of date")}
        match self.chosen:
            case "lot":
                question["suspect"] = ThingId(self.suspect)
            case "range":
                question |= {"first": ThingId(self.first), "last": ThingId(self.last)}
            case _:
                question |= {
                    "station": ThingId(self.station),
                    "since": read_moment(self.since, "the start"),
                    "until": read_moment(self.until, "the end"),
                }
        return question

    def address(self) -> str:
        """Return the query part of the address that asks the same."""
        names = {
            "lot": ("suspect",),
            "range": ("first", "last"),
            "station": ("station", "since", "until"),
        }[self.chosen]
        told = {name: getattr(self, name) for name in (*names, "as_of")}
        return urlencode({"way": self.chosen} | {k: v for k, v in told.items() if v})


def asked_for(request: Request) -> Asked:
    """Return what an address asks for."""
    told = {f.name: request.query_params.get(f.name, "").strip() for f in fields(Asked)}
    return Asked(**told)


def routes(frame: Frame) -> APIRouter:
    """Return the recall page and its file."""
    router = APIRouter(route_class=frame.route_class(), include_in_schema=False)

    @router.get("/recall")
    def recall_page(request: Request) -> Response:
        given = asked_for(request)
        values: dict[str, Any] = {"asked": given, "which": [], "sentence": "", "found": None}
        status = 200
        if not given.is_empty:
            try:
                settled, which = _settle(frame, given)
                values |= {"asked": settled, "which": which}
                if not which:
                    values |= _found(frame, settled)
            except (InvalidInputError, NotFoundError) as error:
                values["sentence"], status = str(error), error.status
        return frame.page(request, "recall.html", status=status, ways_to_ask=WAYS, **values)

    @router.get("/recall.csv")
    def recall_file(request: Request) -> Response:
        given, which = _settle(frame, asked_for(request))
        if which or given.is_empty:
            text = "say what is suspect by its full identifier; the recall page finds it for you"
            raise InvalidInputError(text)
        answer = _ask(frame, given)
        headers = HEADERS | {"Content-Disposition": 'attachment; filename="recall.csv"'}
        return Response(_csv(answer), media_type="text/csv; charset=utf-8", headers=headers)

    return router


def _ask(frame: Frame, asked: Asked) -> Any:
    operation = operation_called(frame.app, "trace", "recall")
    return frame.app.ask(operation.function, **asked.question())


def _settle(frame: Frame, asked: Asked) -> tuple[Asked, list[tuple[str, list[Name]]]]:
    """Return what is asked with short numbers made whole, and the choices where several fit."""
    names = {"lot": ("suspect",), "range": ("first", "last"), "station": ("station",)}[asked.chosen]
    which: list[tuple[str, list[Name]]] = []
    for name in names:
        text = getattr(asked, name)
        if not text or frame.app.store.resolve(ThingId(text)) is not None:
            continue
        found = [n for n in find(frame, text, limit=30) if n.sort not in ("Document", "Process")]
        if len(found) == 1:
            asked = replace(asked, **{name: found[0].thing})
        elif found:
            which.append((name, found))
    return asked, which


def _found(frame: Frame, asked: Asked) -> dict[str, Any]:
    answer = _ask(frame, asked)
    cars = sorted(answer.cars, key=lambda c: (not c.as_maintained, c.car))
    shown = cars[:SHOWN]
    return {
        "found": answer,
        "cars": shown,
        "paths": paths(frame, [(c.car, c.items[0]) for c in shown if c.items]),
        "n_more": len(cars) - len(shown),
        "address": asked.address(),
        "dots": dots(answer.n_model_year, answer.n_as_maintained),
        "spared": max(answer.n_model_year - answer.n_as_maintained, 0),
        "words": _words(frame, asked),
        "elsewhere": grouped(answer.elsewhere),
        "exact": exact,
    }


def _words(frame: Frame, asked: Asked) -> str:
    match asked.chosen:
        case "lot":
            return frame.app.name(asked.suspect).full
        case "range":
            first, last = frame.app.name(asked.first), frame.app.name(asked.last)
            return f"{first.full} to {last.number}"
        case _:
            return f"What was made at {frame.app.name(asked.station).short.lower()}"


def paths(frame: Frame, ends: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the way from a suspect item up to each car: item, ..., car."""
    items = list(dict.fromkeys(ThingId(item) for _, item in ends))
    holders: dict[str, list[Link]] = {}
    for link in frame.app.store.reach(items, "up", ever=True) if items else ():
        holders.setdefault(link.child, []).append(link)
    return {car: _way(holders, item, car) for car, item in ends}


def _way(holders: dict[str, list[Link]], item: str, car: str) -> list[str]:
    """Return the shortest way up from an item to a car."""
    came: dict[str, str] = {item: ""}
    line = [item]
    for here in line:
        if here == car:
            break
        for link in holders.get(here, ()):
            if link.parent not in came and (
                link.parent == car or not link.parent.startswith(CAR_PREFIX)
            ):
                came[link.parent] = here
                line.append(link.parent)
    if car not in came:
        return []
    way, here = [], car
    while here:
        way.append(here)
        here = came[here]
    return way[::-1]


def dots(n_all: int, n_ours: int) -> dict[str, Any] | None:
    """Return how to draw the cars of the model years, ours apart from those left alone."""
    if n_all <= 0:
        return None
    ours = min(n_ours, n_all)
    if n_all > _DOTS:
        return {"bar": round(max(ours / n_all * 1000, 2 if ours else 0), 1), "cells": ()}
    across = next(across for least, across in _ACROSS if n_all >= least)
    cells = [((n % across) * _PITCH, n // across * _PITCH, n < ours) for n in range(n_all)]
    rows = (n_all - 1) // across + 1
    return {"cells": cells, "width": across * _PITCH, "height": rows * _PITCH, "bar": None}


def _csv(answer: Any) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["vin", "has_it", "had_it_as_built", "since", "until", "items_now", "items_ever", "items"]
    )
    for row in _csv_rows(answer.cars):
        writer.writerow(row)
    return out.getvalue()


def _csv_rows(cars: Sequence[Any]) -> Iterator[list[Any]]:
    for car in cars:
        yield [
            car.car.removeprefix(CAR_PREFIX),
            "yes" if car.as_maintained else "no",
            "yes" if car.as_built else "no",
            exact(car.since) if car.since else "",
            exact(car.until) if car.until else "",
            car.n_items,
            car.n_items_ever,
            " ".join(car.items),
        ]
