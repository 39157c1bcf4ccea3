"""The configurator: one screen on which a customer puts a car together; every choice is a link.

Nothing is kept between two clicks: the address says all that was chosen, so it can be shared, kept
as a bookmark and gone back to, and the page works without scripts.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from treadle.kernel import InvalidInputError, RefusedError, ThingId
from treadle.web.frame import HEADERS, Frame, same_origin
from treadle.web.front import domain_called, operation_called
from treadle.web.words import thing_url

_ONE_OF = ("alternative",)
_BESTS = (("cheapest", "Cheapest"), ("lowest-carbon", "Least carbon"), ("soonest", "Soonest"))
_SPELLED = 1e6
_MINUS = "\u2212"
_RAISED = str.maketrans(
    "0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)
_ORDER = "urn:treadle:order:"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address says of a car."""

    model: str
    market: str = ""
    option: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def url(self, **more: str) -> str:
        """Return the address of this car."""
        asked: list[tuple[str, str]] = [("market", self.market)] if self.market else []
        asked += [("option", name) for name in self.option]
        asked += [("without", name) for name in self.without]
        asked += [(key, value) for key, value in more.items() if value]
        return f"/configure/{self.model}" + (f"?{urlencode(asked)}" if asked else "")

    def with_(self, name: str) -> "Chosen":
        """Return this car with one option more."""
        out = tuple(n for n in self.without if n != name)
        return Chosen(self.model, self.market, (*_without(self.option, name), name), out)

    def less(self, *names: str) -> "Chosen":
        """Return this car without some wishes; `!name` takes back that it was left out."""
        gone = {n for n in names if not n.startswith("!")}
        back = {n[1:] for n in names if n.startswith("!")}
        return Chosen(
            self.model,
            self.market,
            tuple(n for n in self.option if n not in gone),
            tuple(n for n in self.without if n not in back),
        )


@dataclass(frozen=True, slots=True)
class Item:
    """An option on the page."""

    name: str
    title: str
    state: str
    is_one_of: bool
    url: str
    why_url: str
    price: str
    carbon: str
    weeks: str
    is_asked: bool


@dataclass(slots=True)
class Section:
    """The options of one parent."""

    anchor: str
    title: str
    hint: str
    is_open: bool
    items: list[Item] = field(default_factory=list)


def routes(frame: Frame) -> APIRouter:
    """Return the page of showrooms, the configurator, and what takes a quote."""
    router = APIRouter(route_class=frame.route_class(), include_in_schema=False)

    @router.get("/configure")
    def showrooms_page(request: Request) -> Response:
        found = _ask(frame, "showrooms", {})
        return frame.page(request, "showrooms.html", showrooms=found)

    @router.get("/configure/{model}")
    def configurator_page(request: Request, model: str) -> Response:
        return _page(frame, request, model)

    @router.post("/configure/{model}/quote")
    async def quote_wanted(request: Request, model: str) -> Response:
        same_origin(request)
        async with request.form() as form:
            texts = [(k, v) for k, v in form.multi_items() if isinstance(v, str)]
        return await run_in_threadpool(_quoted, frame, model, texts)

    return router


def _page(frame: Frame, request: Request, model: str) -> Response:
    asked = request.query_params
    rooms = [room for room in _ask(frame, "showrooms", {}) if room.model == model]
    market = asked.get("market") or (rooms[0].market if len(rooms) == 1 else "")
    wish = {
        "model": model,
        "market": market,
        "option": tuple(asked.getlist("option")),
        "without": tuple(asked.getlist("without")),
        "best": asked.get("best", ""),
    }
    if wish["best"] not in ("", *(word for word, _ in _BESTS)):
        raise InvalidInputError(f"{wish['best']!r} is no aim: cheapest, lowest-carbon or soonest")
    told = _ask(frame, "configuration", wish)
    if wish["best"] and told.is_whole:
        whole = Chosen(model, market, _wishes(told), told.without)
        return RedirectResponse(whole.url(), 303, headers=HEADERS)
    chosen = Chosen(model, market, told.chosen, told.without)
    about = asked.get("about", "")
    why = None
    if about:
        question = {k: v for k, v in wish.items() if k != "best"}
        why = _ask(frame, "why", {**question, "about": about})
    sections = _sections(told, chosen, about)
    open_ = [s for s in sections if s.is_open]
    values: dict[str, Any] = {
        "told": told,
        "title": told.options[0].title,
        "chosen": chosen,
        "sections": sections,
        "n_steps": len([s for s in sections if s.hint]),
        "n_done": len([s for s in sections if s.hint and not s.is_open]),
        "next": open_[0] if open_ else None,
        "cars": cars_in_words(told.cars_left),
        "money": _money,
        "change": _change,
        "why": why,
        "titles": {o.name: o.title for o in told.options},
        "help": _help(told, chosen, why),
        "signed": signed,
        "sources": _sources(told),
        "markets": [
            (room.market, Chosen(model, room.market, chosen.option, chosen.without).url())
            for room in rooms
        ],
        "bests": [
            (word, chosen.url(best=key)) for key, word in _BESTS if key != "cheapest" or market
        ],
        "order": _number(chosen, frame),
        "share": str(request.base_url).rstrip("/") + chosen.url(),
    }
    return frame.page(request, "configurator.html", **values)


def _ask(frame: Frame, query: str, question: Mapping[str, Any]) -> Any:
    operation = operation_called(frame.app, "sales", query)
    return frame.app.ask(operation.function, **question)


def _wishes(told: Any) -> tuple[str, ...]:
    """Return a whole car as wishes: what was chosen for the customer is a wish from now on."""
    return tuple(o.name for o in told.options if o.state == "chosen" and not o.is_abstract)


def _sections(told: Any, chosen: Chosen, about: str) -> list[Section]:
    rows = {o.name: o for o in told.options}
    missing = {c.of for c in told.to_choose}
    found: dict[str, Section] = {}
    for option in told.options:
        parent = rows.get(option.parent)
        has_own = any(o.parent == option.name for o in told.options)
        if parent is None or (option.group == "mandatory" and has_own):
            continue
        if parent.depth and parent.state not in ("chosen", "forced"):
            continue
        section = found.get(parent.name)
        if section is None:
            section = found[parent.name] = Section(
                anchor=f"s-{hashlib.sha256(parent.name.encode()).hexdigest()[:8]}",
                title=parent.title if parent.depth else "Extras",
                hint=_hint(option.group),
                is_open=parent.name in missing,
            )
        section.items.append(_item(option, chosen, about))
    return list(found.values())


def _hint(group: str) -> str:
    if group == "alternative":
        return "one of these"
    if group == "or":
        return "one or more"
    return f"{group.strip('[]').replace('..', ' to ')} of these" if group.startswith("[") else ""


def _item(option: Any, chosen: Chosen, about: str) -> Item:
    is_wished = option.name in chosen.option
    if is_wished:
        url = chosen.less(option.name).url()
    elif option.state == "left out":
        url = chosen.less(f"!{option.name}").url()
    else:
        url = chosen.with_(option.name).url()
    return Item(
        name=option.name,
        title=option.title,
        state=option.state,
        is_one_of=option.group in _ONE_OF,
        url=url,
        why_url="" if option.state not in ("forced", "excluded") else chosen.url(about=option.name),
        price=_change(option.price_delta),
        carbon=signed(option.carbon_delta_kgco2e, "kg"),
        weeks=signed(option.weeks_delta, "wk"),
        is_asked=option.name == about,
    )


def _help(told: Any, chosen: Chosen, why: Any) -> list[tuple[Any, str]]:
    """Return what would help, each with the address of the car then."""
    source = told.conflict or why
    if source is None:
        return []
    wish = told.wish or (why.option if why else "")
    found = []
    for each in source.help:
        car = chosen.less(*each.drop)
        if source.state == "forced":
            car = Chosen(car.model, car.market, car.option, (*_without(car.without, wish), wish))
        else:
            car = car.with_(wish)
        found.append((each, car.url()))
    return found


def _without(names: Iterable[str], name: str) -> tuple[str, ...]:
    return tuple(n for n in names if n != name)


def _number(chosen: Chosen, frame: Frame) -> str:
    """Return a number for a quote: the day, and what this car is."""
    car = hashlib.sha256(chosen.url().encode()).hexdigest()[:6].upper()
    return f"{frame.app.clock():%y%m%d}-{car}"


def _quoted(frame: Frame, model: str, texts: list[tuple[str, str]]) -> Response:
    told = dict(texts)
    number = told.get("order", "").strip()
    if not number or not all(c.isalnum() or c in "-_." for c in number):
        raise InvalidInputError("a quote has a number of letters, digits and dashes")
    wish: dict[str, Any] = {
        "model": model,
        "market": told.get("market", ""),
        "option": tuple(v for k, v in texts if k == "option"),
        "without": tuple(v for k, v in texts if k == "without"),
    }
    if not wish["market"]:
        raise RefusedError("a car is quoted by the prices of a market; choose one on the page")
    operation = operation_called(frame.app, "sales", "quote")
    domain = domain_called(frame.app, "sales")
    order = ThingId(_ORDER + number)
    frame.app.do(domain, operation.function, order, **wish)
    return RedirectResponse(thing_url(order), 303, headers=HEADERS)


def _money(amount: Decimal | None) -> str:
    return "not known" if amount is None else f"{amount:,.0f}".replace(",", "\u202f")


def _change(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    sign = "+" if amount > 0 else _MINUS if amount < 0 else "\u00b1"
    return sign + f"{abs(amount):,.0f}".replace(",", "\u202f")


def signed(value: float | None, unit: str) -> str:
    """Return a change with its sign and unit; nothing where it is none, or is not known."""
    if value is None or not round(value):
        return ""
    return f"{'+' if value > 0 else _MINUS}{abs(value):,.0f} {unit}".replace(",", "\u202f")


def _sources(told: Any) -> list[tuple[str, str, int]]:
    """Return who says what the car's options bring: what, in which words, of how many options."""
    has = [o for o in told.options if o.state in ("chosen", "forced") and not o.is_abstract]
    found: list[tuple[str, str, int]] = []
    for what, words in (("carbon_source", "Carbon"), ("weeks_source", "Weeks")):
        counted = Counter(getattr(option, what) for option in has)
        found += [
            (words, source.capitalize()[:1] + source[1:], n) for source, n in counted.most_common()
        ]
    return found


def cars_in_words(digits: str) -> str:
    """Return a number of cars as people say it: 3.1 million, 5.3 x 10 to the power of 210."""
    if not digits:
        return "not known"
    number = int(digits)
    if number < _SPELLED:
        return f"{number:,}".replace(",", "\u202f")
    for size, word in ((12, "trillion"), (9, "billion"), (6, "million")):
        if len(digits) > size and len(digits) <= size + 3:
            return f"{number // 10 ** (size - 1) / 10:g} {word}"
    power = str(len(digits) - 1).translate(_RAISED)
    return f"{digits[0]}.{digits[1]} \u00d7 10{power}"
