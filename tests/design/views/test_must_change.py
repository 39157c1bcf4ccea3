"""A new version of a model says which planned orders can no longer be built as they stand."""

from pathlib import Path

from sales.showroom import DAY, MODEL, showroom
from treadle import sales
from treadle.design.formats.models import release_model
from treadle.design.views.comparing import compare_models
from treadle.kernel import ThingId
from treadle.sales.decide import orders

CARS = {
    "urn:treadle:order:1": ("Estate", "White", "Towbar"),
    "urn:treadle:order:2": ("Hatch", "Red", "Roof"),
    "urn:treadle:order:3": ("Hatch", "White"),
    "urn:treadle:order:4": ("Estate", "Red", "Roof"),
}


def test_orders_that_the_new_rules_do_not_allow_are_told_with_the_rule(tmp_path: Path) -> None:
    app = showroom(tmp_path)
    for order, options in CARS.items():
        wish = {"model": "small", "market": "DE", "option": options}
        app.do(sales.DOMAIN, orders.quote, ThingId(order), happened_at=DAY, **wish)
        app.do(sales.DOMAIN, orders.order_car, ThingId(order), happened_at=DAY)
    app.do(
        sales.DOMAIN,
        orders.cancel_order,
        ThingId("urn:treadle:order:4"),
        happened_at=DAY,
        reason="moved",
    )
    # the tow bar goes, and a roof rack stands on estates only
    lines = [line for line in MODEL.splitlines() if "Towbar" not in line and "hook" not in line]
    newer = "\n".join([*lines, "\tRoof => Estate"]) + "\n"
    app.take_in(release_model, newer.encode(), model="small", version="2", at=DAY)
    told = app.ask(compare_models, model="small", old="1")
    assert told.n_planned == 3
    assert {m.order: (set(m.options), m.rules) for m in told.must_change} == {
        "urn:treadle:order:1": ({"Towbar"}, ()),
        "urn:treadle:order:2": ({"Roof"}, ("Roof => Estate",)),
    }
