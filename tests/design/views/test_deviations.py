"""As ordered, as built, as delivered: one car whose plant and dealer did not do quite as meant."""

from datetime import timedelta
from pathlib import Path

from sales.showroom import DAY, showroom
from treadle import sales, trace
from treadle.app import App
from treadle.design.formats.bills import take_bom
from treadle.design.views.deviations import deviations
from treadle.kernel import ThingId
from treadle.sales.decide import orders
from treadle.trace.decide import install_part, remove_part

ORDER = ThingId("urn:treadle:order:7")
CAR = ThingId("urn:treadle:vin:U9HSMALL000000007")
STATION = ThingId("urn:epc:id:sgln:9521000.00831.0")
GTINS = {
    "HATCH": "09521000000017",
    "ESTATE": "09521000000024",
    "HOOK": "09521000000031",
    "WHEEL": "09521000000048",
    "SPRING": "09521000000055",
    "GLUE": "",
}
BOM = """assembly,position,variant,part,quantity,condition,gtin
,body,1,HATCH,1,Hatch,{HATCH}
,body,2,ESTATE,1,Estate,{ESTATE}
,hook,1,HOOK,1,Towbar,{HOOK}
,wheel,1,WHEEL,4,,{WHEEL}
,spring,1,SPRING,2,Sport,{SPRING}
,glue,1,GLUE,1,,
""".format(**GTINS)


def serial(part: str, number: int) -> ThingId:
    return ThingId(f"https://id.gs1.org/01/{GTINS[part]}/21/{number}")


def built(app: App) -> None:
    """A car ordered with a tow bar after all: it got three wheels and springs, no tow bar."""
    app.take_in(take_bom, BOM.encode(), bill="small", model="small", version="1", at=DAY)
    wish = {"model": "small", "market": "DE", "option": ("Estate", "White")}
    app.do(sales.DOMAIN, orders.quote, ORDER, happened_at=DAY, **wish)
    app.do(sales.DOMAIN, orders.order_car, ORDER, happened_at=DAY)
    changed = {"option": ("Estate", "White", "Towbar")}
    app.do(sales.DOMAIN, orders.change_order, ORDER, happened_at=DAY, **changed)
    parts = [("ESTATE", 1), ("WHEEL", 1), ("WHEEL", 2), ("WHEEL", 3), ("SPRING", 1)]
    for hour, (part, number) in enumerate(parts, 1):
        told = {"part": serial(part, number), "station": STATION}
        at = DAY + timedelta(hours=hour)
        app.do(trace.DOMAIN, install_part, CAR, happened_at=at, **told)


def test_every_part_that_is_not_as_meant_is_told(tmp_path: Path) -> None:
    app = showroom(tmp_path)
    built(app)
    before = app.ask(deviations, thing=ORDER, bill="small")
    assert (before.car, before.n_compared, before.deviations) == (None, 0, ())
    assert "no car was built" in before.not_known[0]
    at = DAY + timedelta(days=1)
    app.do(sales.DOMAIN, orders.assign_car, ORDER, happened_at=at, car=CAR)
    # the dealer takes the springs out before the customer comes
    gone = {"part": serial("SPRING", 1), "station": STATION}
    app.do(trace.DOMAIN, remove_part, CAR, happened_at=at + timedelta(days=1), **gone)
    later = at + timedelta(days=2)
    app.do(sales.DOMAIN, orders.deliver_car, ORDER, happened_at=later)
    told = app.ask(deviations, thing=ORDER, bill="small")
    assert (told.added, told.dropped) == (("Towbar",), ())
    assert {
        d.part: (d.ordered, d.meant, d.built, d.delivered, d.what) for d in told.deviations
    } == {
        "HOOK": (0.0, 1.0, 0.0, 0.0, "missing"),
        "WHEEL": (4.0, 4.0, 3.0, 3.0, "another amount"),
        "SPRING": (0.0, 0.0, 1.0, 0.0, "not meant"),
    }
    assert told.n_compared == 4  # the estate is as meant, the hatchback was never an issue
    assert told.not_known == ("parts without a GTIN: GLUE, 1 in all",)
