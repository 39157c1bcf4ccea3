"""Trailers follow their hitch: against what a towed axle does on a straight and on a circle."""

import math

import numpy as np
import pytest

from proving.scenarios.small import entity, event, lane, network, placed, play, road

HITCH, COUPLER, RADIUS = -1.2, 3.25, 40.0
INSIDE = f"""<TrailerHitch dx="{HITCH}"/><Trailer><Trailer name="cart">{{}}</Trailer></Trailer>"""
CART = f"""<Vehicle name="cart" vehicleCategory="trailer">
  <BoundingBox><Center x="1.4" y="0" z="0.7"/><Dimensions width="2" length="4.5" height="1.2"/>
  </BoundingBox><Performance maxSpeed="50" maxAcceleration="9" maxDeceleration="9"/>
  <Axles><RearAxle maxSteering="0" wheelDiameter="0.7" trackWidth="1.6" positionX="0"
  positionZ="0.35"/></Axles><TrailerCoupler dx="{COUPLER}"/></Vehicle>"""
STRAIGHT = network(road(1, "0 0 0 <line/>", 400.0))
CIRCLE = network(road(1, f'0 0 0 <arc curvature="{1 / RADIUS}"/>', 2.0 * math.pi * RADIUS))


def test_a_trailer_stands_straight_behind_and_follows_on_a_straight_road() -> None:
    car = entity("car", INSIDE.format(CART))
    went = play([car], [placed("car", lane("1", -1, 50.0), 10.0)], STRAIGHT, 2.0)
    assert set(went) == {"car", "cart"}
    gap = went["car"][:, 1] - went["cart"][:, 1]
    assert gap == pytest.approx(COUPLER - HITCH)
    assert went["cart"][:, 2] == pytest.approx(-1.5)
    assert went["cart"][:, 4] == pytest.approx(10.0)


def test_a_trailer_on_a_circle_cuts_the_corner_as_a_towed_axle_does() -> None:
    # the hitch is on a circle of R^2 + hitch^2; the axle has no sideways motion, so the coupler's
    # length is tangent to its own circle: r^2 = R^2 + hitch^2 - coupler^2; in steps of 0.1 m of way
    # a coupler of 3 m lags half a step, which is 4 mm here
    car = entity("car", INSIDE.format(CART))
    went = play([car], [placed("car", lane("1", -1, 0.0), 10.0)], CIRCLE, 20.0)
    last = went["cart"][-1]
    towing = RADIUS + 1.5
    wanted = math.sqrt(towing**2 + HITCH**2 - COUPLER**2)
    assert math.hypot(last[1], last[2] - RADIUS) == pytest.approx(wanted, abs=5e-3)
    assert last[4] == pytest.approx(10.0 * wanted / towing, abs=5e-3)


def test_a_trailer_is_coupled_at_once_and_stays_where_it_is_let_go() -> None:
    car = entity("car", f'<TrailerHitch dx="{HITCH}"/>')
    cart = entity("cart", CART)
    init = [placed("car", lane("1", -1, 50.0), 10.0), placed("cart", lane("1", -1, 40.0))]
    couple = '<TrailerAction><ConnectTrailerAction trailerRef="cart"/></TrailerAction>'
    leave = "<TrailerAction><DisconnectTrailerAction/></TrailerAction>"
    story = event(1.0, couple, "car") + event(3.0, leave, "car")
    went = play([car, cart], init, STRAIGHT, 5.0, story=story)
    time, car_x, cart_x = went["car"][:, 0], went["car"][:, 1], went["cart"][:, 1]
    drawn = (time > 1.005) & (time < 3.005)
    assert np.all(cart_x[time < 0.995] == pytest.approx(40.0))
    assert (car_x - cart_x)[drawn] == pytest.approx(COUPLER - HITCH)
    assert np.ptp(cart_x[time > 3.005]) == pytest.approx(0.0)
    assert went["cart"][-1, 4] == pytest.approx(0.0)
