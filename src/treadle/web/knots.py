"""What a knot says: the domain's own words, with parts called what their makers call them."""

import json
from collections.abc import Mapping
from typing import Any

from treadle.app import App
from treadle.kernel import Event
from treadle.web.names import Name, Names



def words(app: App, names: Names, event: Event, seen_from: str = "") -> tuple[str, str]:
    """Return a fact's headline and detail, as seen from one of the things that it names."""
    headline, detail = app.describe(event)
    if '"event"' not in event.body[:10]:
        return headline, detail
    told: Mapping[str, Any] = json.loads(event.body)["event"]
    if "errorDeclaration" in told:
        return headline, detail
    return headline, _parts(names, told, seen_from) or detail


def _parts(names: Names, told: Mapping[str, Any], seen_from: str) -> str:
    """Return which parts went in or out, or of what the thing became a part."""
    children = [*told.get("childEPCs", ()), *(q["epcClass"] for q in told.get("childQuantityList", ()))]
    parent = told.get("parentID")
    if not children or parent is None:
        return _made(names, told, seen_from)
    leaves = told.get("action") == "DELETE"
    if seen_from in children:
        return f"{'out of' if leaves else 'into'} {_called(names.of(parent))}"
    first = _called(names.of(children[0]))
    more = f" and {len(children) - 1} more" if len(children) > 1 else ""
    return f"{first}{more}{' out' if leaves else ''}"


def _made(names: Names, told: Mapping[str, Any], seen_from: str) -> str:
    outputs = list(told.get("outputEPCList", ()))
    outputs += [q["epcClass"] for q in told.get("outputQuantityList", ())]
    if not outputs or "inputEPCList" not in told and "inputQuantityList" not in told:
        return ""
    if seen_from in outputs:
        n = len(told.get("inputEPCList", ())) + len(told.get("inputQuantityList", ()))
        return f"made of {n} {'lot or part' if n == 1 else 'lots and parts'}"
    more = f" and {len(outputs) - 1} more" if len(outputs) > 1 else ""
    return f"became {_called(names.of(outputs[0]))}{more}"


def _called(name: Name) -> str:
    """Return a part's own word without what follows a comma, else its sort and number."""
    return name.title.partition(",")[0] or name.short
