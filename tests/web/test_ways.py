"""Where the page of an order, a car or a requirement leads to beside its thread."""

import pytest

from design_told import CAR, Story
from doors.asgi import Client
from treadle.sales import DOMAIN as SALES
from treadle.sales.decide import orders
from web.conftest import client_of
from web.test_engineer import story

ORDER = "urn:treadle:order:7"


@pytest.fixture(scope="module")
def client() -> Client:
    told: Story = story()
    app = told.app
    prices = b'currency = "EUR"\n[[price]]\noption = "Car"\namount = 1\n'
    release = next(one for one in SALES.intakes if one.__name__ == "release_prices")
    app.take_in(release, prices, model="small", market="DE", version="1")
    app.do(SALES, orders.quote, ORDER, model="small", market="DE", option=("Hatch",))  # type: ignore[arg-type] # as a door
    app.do(SALES, orders.order_car, ORDER)  # type: ignore[arg-type] # as a door
    app.do(SALES, orders.assign_car, ORDER, car=CAR)  # type: ignore[arg-type] # as a door
    return client_of(app)


def test_an_order_and_its_car_lead_to_the_comparison(client: Client) -> None:
    for thing in (ORDER, CAR):
        page = client.get(f"/thing?id={thing}").text
        assert "As ordered, as built" in page
        assert "/d/design/deviations?thing=urn%3Atreadle%3Aorder%3A7&amp;bill=small" in page


def test_a_requirement_leads_to_its_cars_and_holds_no_parts(client: Client) -> None:
    page = client.get("/thing?id=urn:treadle:requirement:r-1").text
    assert "/d/design/cars-at-risk?requirement=r-1" in page
    assert "What is in it" not in page
