"""What a knot says: the domain's own words, with parts called what their makers call them."""

import json
from collections.abc import Mapping
from typing import Any

from treadle.app import App
from treadle.kernel import Event


def words(app: App, event: Event, seen_from: str = "") -> tuple[str, str]:
    """Return a fact's headline and detail, as seen from one of the things that it names."""
    headline, detail = app.describe(event)
    if '"event"' not in event.body[:10]:
        return headline, detail
    told: Mapping[str, Any] = json.loads(event.body)["event"]
    if "errorDeclaration" in told:
        return headline, detail
    return headline, _parts(app, told, seen_from) or detail


def _parts(app: App, told: Mapping[str, Any], seen_from: str) -> str:
    """Return which parts went in or out, or of what the thing became a part."""
    children = _things(told, "child", "EPCs")
    parent = told.get("parentID")
    if not children or parent is None:
        return _made(app, told, seen_from)
    leaves = told.get("action") == "DELETE"
    if seen_from in children:
        return f"{'out of' if leaves else 'into'} {_called(app, parent).lower()}"
    return _first_and_more(app, children) + (" out" if leaves else "")


def _made(app: App, told: Mapping[str, Any], seen_from: str) -> str:
    """Return what came of a transformation, or of what the thing was made."""
    inputs, outputs = _things(told, "input"), _things(told, "output")
    if not inputs or not outputs:
        return ""
    if seen_from in outputs:
        return f"from {_first_and_more(app, inputs).lower()}"
    return f"became {_first_and_more(app, outputs).lower()}"


def _things(told: Mapping[str, Any], side: str, serials: str = "EPCList") -> list[str]:
    quantities = told.get(f"{side}QuantityList", ())
    return [*told.get(f"{side}{serials}", ()), *(q["epcClass"] for q in quantities)]


def _first_and_more(app: App, things: list[str]) -> str:
    more = f" and {len(things) - 1} more" if len(things) > 1 else ""
    return _called(app, things[0]) + more


def _called(app: App, thing: str) -> str:
    """Return a part's own word without what follows a comma, else its sort and number."""
    name = app.name(thing)
    title = name.title.partition(",")[0]
    return title[:1].upper() + title[1:] if title else name.short
