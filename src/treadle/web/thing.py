"""The thread page: a thing's life as one line, its facts, and what is in it at any date."""

from dataclasses import dataclass
from datetime import datetime
from math import isnan
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from treadle.kernel import Event, Link, NotFoundError, ThingId, from_us
from treadle.kernel.operation import operations
from treadle.web.fact_sheet import sheet
from treadle.web.frame import Frame, read_moment
from treadle.web.life import STEPS, Life, Window, live
from treadle.web.names import CAR_PREFIX, grouped
from treadle.web.reports import told
from treadle.web.thread_picture import LEFT, RIGHT, WIDTH
from treadle.web.tree_picture import Branch, Growth, branches, grow, members_of
from treadle.web.ways import ways
from treadle.web.words import exact, sentence

_MOST_ABOVE = 400
"""Where more hold it than this, the recall page is the place to look."""
_STEPS_UP = 12
_NEVER_HOLD = frozenset((
    "Place", "Company", "Document", "Paper", "Scenario", "Catalogue", "Run", "Campaign",
    "Release gate", "Credibility measurement", "Failure search", "Failure probability",
    "Order", "Prices", "Model", "Bill of material", "Figures", "Change", "Specification",
    "Requirement", "Test", "Baseline", "Software",
))  # fmt: skip
"""Sorts of things of which nobody asks what is in them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a thread page asks for."""

    id: str
    since: str = ""
    until: str = ""
    at: float | None = None
    as_of: str = ""
    fact: int | None = None

    def life(self, frame: Frame) -> Life:
        """Return the life that was asked for."""
        return live(
            frame.app,
            ThingId(self.id),
            since=read_moment(self.since, "the start"),
            until=read_moment(self.until, "the end"),
            place=None if self.at is None or isnan(self.at) else self.at / STEPS,
            as_of=read_moment(self.as_of),
            fact=self.fact,
        )


def routes(frame: Frame) -> APIRouter:
    """Return the thread page and the parts of it that renew themselves."""
    router = APIRouter(route_class=frame.route_class(), include_in_schema=False)

    @router.get("/thing")
    def thing_page(
        request: Request,
        asked: Annotated[Asked, Depends()],
        opened: Annotated[list[str] | None, Query(alias="open")] = None,
    ) -> Response:
        life = asked.life(frame)
        values = _thread(life) | _below(frame, life, opened or [])
        return frame.page(request, "thing.html", **values, **_head(frame, life))

    @router.get("/thing/thread")
    def thread_part(
        asked: Annotated[Asked, Depends()],
    ) -> Response:
        life = asked.life(frame)
        response = frame.part("thread_part.html", **_thread(life))
        response.headers["HX-Replace-Url"] = _address(life, life.window)
        return response

    @router.get("/thing/below")
    def below_part(
        asked: Annotated[Asked, Depends()],
        opened: Annotated[list[str] | None, Query(alias="open")] = None,
    ) -> Response:
        life = asked.life(frame)
        values = _below(frame, life, opened or [])
        response = frame.part("below_part.html", life=life, **values)
        response.headers["HX-Replace-Url"] = _address(life, life.window)
        return response

    @router.get("/thing/branch")
    def branch_part(above: str, line: str, as_of: str = "", level: int = 2) -> Response:
        return frame.part("branch_part.html", **_branch(frame, above, line, as_of, level))

    return router


def _address(life: Life, window: Window) -> str:
    asked = {"id": life.thing, "since": window.since, "until": window.until}
    if life.fact is not None and life.fact.happened_at == life.at:
        asked["fact"] = str(life.fact.position)
    elif life.at < life.now:
        asked["as_of"] = exact(from_us(life.at))
    return "/thing?" + urlencode({k: v for k, v in asked.items() if v})


def _thread(life: Life) -> dict[str, Any]:
    return {
        "life": life,
        "picture": life.picture(),
        "around": life.around(),
        "steps": STEPS,
        "at_x": LEFT + life.scale.place(life.at) * (WIDTH - LEFT - RIGHT),
        "line": {"left": LEFT, "width": WIDTH - LEFT - RIGHT},
        "dyes": list(dict.fromkeys(m.dye for m in life.moments)),
        "from_us": from_us,
    }


def _head(frame: Frame, life: Life) -> dict[str, Any]:
    first, last = (life.events[0], life.events[-1]) if life.events else (None, None)
    return {
        "first": first,
        "last": last,
        "first_place": _place(first, life.thing),
        "last_place": _place(last, life.thing),
        "n_errors": sum(m.void for m in life.moments),
        "pictures": _pictures(frame, life),
        "leads": ways(frame.app, life),
        "sealed": (sealed := _sealed(frame, last)),
        "sealed_at": from_us(sealed.made_at) if sealed else None,
    }


def _pictures(frame: Frame, life: Life) -> list[tuple[str, str, bool]]:
    """Return the pictures that its domain draws of a thing: words, address, whether it moves."""
    own = next((event for event in life.events if event.thing == life.thing), None)
    domain = next((d for d in frame.app.domains if own and d.name == own.domain), None)
    if own is None or domain is None:
        return []
    drawn = None if domain.pictures is None else domain.pictures(own)
    found: list[tuple[str, str, bool]] = []
    for offered in operations(domain):
        asks = {p.name for p in offered.parameters if p.required}
        draws = offered.gives_scene or offered.gives_mosaic or offered.gives_report
        if draws and asks == {"thing"} and (drawn is None or offered.function in drawn):
            url = f"/d/{domain.name}/{offered.word}?{urlencode({'thing': life.thing})}"
            words = "Watch it move" if offered.gives_scene else sentence(offered.name)
            found.append((words, url, offered.gives_scene))
    return found


def _place(event: Event | None, thing: str) -> str:
    """Return where a fact happened, unless that is the thing that the page is about."""
    if event is None:
        return ""
    fields = getattr(event.fact, "fields", {})
    place = fields.get("readPoint") or fields.get("bizLocation") or {}
    told = str(place.get("id", ""))
    return "" if told == thing else told


def _sealed(frame: Frame, last: Event | None) -> Any:
    checkpoints = frame.app.store.checkpoints()
    if last is None or not checkpoints or checkpoints[-1].position < last.position:
        return None
    return checkpoints[-1]


def _below(frame: Frame, life: Life, opened: list[str]) -> dict[str, Any]:
    """Return what the slider governs: the fact, what is in the thing, what it is in."""
    as_of = from_us(life.at)
    links = frame.app.store.reach([life.thing], "down", ever=True)
    growth = Growth.of(links, as_of, lambda t: frame.app.name(t).sort == "Lot")
    name = frame.app.name(life.thing)
    return {
        "name": name,
        "as_of": as_of,
        "is_now": life.at >= life.now,
        "tree": grow(growth, life.thing, opened),
        "has_parts": bool(links),
        "may_hold": bool(links) or name.sort not in _NEVER_HOLD,
        "fact": sheet(frame.app, life.fact) if life.fact else None,
        "digest": _digest(frame, life.fact) if life.fact else None,
        "others": life.same_moment(),
        **_above(frame, life),
    }


def _digest(frame: Frame, event: Event) -> dict[str, Any] | None:
    """Return what the fact tells in figures and tables; None where its fields are enough."""
    digest = frame.app.digest(event)
    domain = next((d for d in frame.app.domains if d.name == event.domain), None)
    return None if digest is None or domain is None else told(digest, domain)


def _above(frame: Frame, life: Life) -> dict[str, Any]:
    """Return what a thing is in: one step up each while there is one; else how many hold it."""
    if life.thing.startswith(CAR_PREFIX):
        return {"above": [], "holders": [], "n_holders": 0, "may_be_in": False}
    chain: list[Any] = []
    at, here = from_us(life.at), life.thing
    holders: list[str] = []
    for _ in range(_STEPS_UP):
        links = _one_up(frame, here, at)
        holders = list(dict.fromkeys(link.parent for link in links))
        if len(holders) != 1 or holders[0] in (life.thing, *(c.parent for c in chain)):
            break
        chain.append(links[0])
        here = ThingId(holders[0])
    return {
        "above": chain,
        "holders": grouped(holders[:_MOST_ABOVE]),
        "n_holders": len(holders),
        "may_be_in": True,
    }


def _one_up(frame: Frame, thing: ThingId, at: datetime) -> list[Link]:
    """Return the links to what holds a thing; through a process to what came of it."""
    store = frame.app.store
    links = store.reach([thing], "up", as_of=at, depth=1)
    steps = {ThingId(link.parent) for link in links if link.kind == "input"}
    direct = [link for link in links if link.kind != "input"]
    return direct + (store.reach(sorted(steps), "up", as_of=at, depth=1) if steps else [])


def _branch(frame: Frame, above: str, key: str, as_of: str, level: int) -> dict[str, Any]:
    moment = read_moment(as_of) or frame.app.clock()
    root = above if key.startswith("group:") else key
    if frame.app.store.resolve(ThingId(root)) is None:
        text = f"the thread holds no {root}; open its page from the search field"
        raise NotFoundError(text)
    links = frame.app.store.reach([ThingId(root)], "down", ever=True)
    growth = Growth.of(links, moment, lambda t: frame.app.name(t).sort == "Lot")
    lines: tuple[Branch, ...]
    lines = members_of(growth, root, key) if root == above else branches(growth, root)
    opened = f"{above} {key}" if root == above else key
    return {"lines": lines, "level": level, "opened": opened, "as_of": moment, "life": None}
