"""Where a thing's page leads to beside its thread: an order's deviations, a requirement's cars."""

from urllib.parse import urlencode

from treadle.app import App
from treadle.web.life import Life
from treadle.web.names import CAR_PREFIX

_ORDER = "urn:treadle:order:"
_REQUIREMENT = "urn:treadle:requirement:"
_BILL = "urn:treadle:bom:"
_BILLS = 50
_ASSIGNED, _INSTALLED, _ORDERED = "car_assigned", "software_installed", "car_ordered"


def ways(app: App, life: Life) -> list[tuple[str, str]]:
    """Return questions that one asks of such a thing: words and address."""
    told = [(event.stored_as.split(".")[1], event.thing) for event in life.events]
    if life.thing.startswith(_REQUIREMENT):
        number = life.thing.removeprefix(_REQUIREMENT)
        return [("How it stands", _url("requirement", thing=number)),
                ("Cars at risk", _url("cars-at-risk", requirement=number))]  # fmt: skip
    if life.thing.startswith(_ORDER):
        ordered = any(what == _ORDERED for what, _ in told)
        found = _deviations(app, life.thing) if ordered else []
        return [
            *found,
            ("As a page to print", "/d/sales/quote-sheet?" + urlencode({"thing": life.thing})),
        ]
    if not life.thing.startswith(CAR_PREFIX):
        return []
    orders = dict.fromkeys(thing for what, thing in told if what == _ASSIGNED)
    found = [way for order in orders for way in _deviations(app, order)]
    if any(what == _INSTALLED for what, _ in told):
        found.append(("Its software", _url("installed-software", thing=life.thing)))
    return found


def _deviations(app: App, order: str) -> list[tuple[str, str]]:
    """Return the comparison of an order with each bill of material that there is."""
    bills = app.store.things(prefix=_BILL, limit=_BILLS)
    names = [bill.removeprefix(_BILL) for bill in bills]
    more = [f" by {name}" if len(names) > 1 else "" for name in names]
    return [
        (f"As ordered, as built{words}", _url("deviations", thing=order, bill=name))
        for name, words in zip(names, more, strict=True)
    ]


def _url(query: str, **asked: str) -> str:
    return f"/d/design/{query}?{urlencode(asked)}"
