"""What a distance surely is: it is, of boxes measured by hand on an arc."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.engine.road.tables import ROAD, no_roads
from treadle.engine.scenario import tables
from treadle.engine.scenario.conditions.bounds import bounds, settled
from treadle.engine.scenario.conditions.compare import compare
from treadle.engine.scenario.state import State, new_state
from treadle.engine.scenario.tables import Program

LONG = 1000.0
SYSTEMS = (tables.ROAD_SYSTEM, tables.LANE_SYSTEM)


def scene(curvature: float, lane_t: float) -> tuple[Program, State]:
    """Return two bodies on an arc that begins at the origin along x, and one condition."""
    entities = np.zeros(2, tables.ENTITY)
    rows = np.zeros(1, tables.CONDITION)
    rows["freespace"] = 1
    road = np.zeros(1, ROAD)
    road["bend"], road["widest"], road["length"] = abs(curvature), abs(lane_t), LONG
    roads = replace(no_roads(), roads=road)
    program = replace(tables.no_program(), entities=entities, conditions=rows, roads=roads)
    state = new_state(program, 4)
    bodies = state.bodies
    bodies["plain_curvature"] = curvature
    return program, state


def put(state: State, entity: int, place: tuple[float, float, float], box: list[float]) -> None:
    """Put a body beside the arc: s, t [m] and how it is turned [rad]."""
    s, t, turn = place
    body = state.bodies[entity]
    curvature = float(body["plain_curvature"])
    heading = curvature * s
    body["s"], body["t"], body["h"] = s, t, heading + turn
    body["x"] = math.sin(heading) / curvature - t * math.sin(heading)
    body["y"] = (1.0 - math.cos(heading)) / curvature + t * math.cos(heading)
    body["facing"] = 1 if math.cos(turn) >= 0.0 else -1
    names = ("half_length", "half_width", "centre_x", "centre_y")
    for name, value in zip(names, box, strict=True):
        body[name] = value
    body["radius"] = math.hypot(box[0], box[1])


def corners(state: State, entity: int) -> np.ndarray:
    """Return s and t of the corners of a body's box, from the arc's centre."""
    body, found = state.bodies[entity], []
    radius = 1.0 / float(body["plain_curvature"])
    for i in (1, -1):
        for j in (1, -1):
            forward = body["centre_x"] + i * body["half_length"]
            side = body["centre_y"] + j * body["half_width"]
            x = body["x"] + forward * math.cos(body["h"]) - side * math.sin(body["h"])
            y = body["y"] + forward * math.sin(body["h"]) + side * math.cos(body["h"]) - radius
            way = math.copysign(1.0, radius)
            s = radius * math.atan2(way * x, -way * y)  # of arcs that turn less than half round
            found.append((s, radius - way * math.hypot(x, y)))
    return np.array(found)


def apart(low: float, high: float, other_low: float, other_high: float) -> float:
    """Return the gap between two ranges; 0 where they meet."""
    return max(0.0, other_low - high, low - other_high)


box = st.tuples(st.floats(0.3, 9), st.floats(0.2, 2), st.floats(-3, 3), st.floats(-1, 1)).map(list)
place = st.tuples(st.floats(20.0, 180.0), st.floats(-8.0, 8.0), st.floats(-3.1, 3.1))


@settings(max_examples=200, deadline=None)
@given(
    radius=st.floats(70.0, 5000.0), left=st.booleans(), lane_t=st.floats(-6.0, 6.0),
    a=place, b=place, a_box=box, b_box=box, across=st.booleans(), system=st.sampled_from(SYSTEMS),
)  # fmt: skip
def test_the_gap_of_two_boxes_on_an_arc_is_within_its_bounds(
    *,
    radius: float,
    left: bool,
    lane_t: float,
    a: tuple[float, float, float],
    b: tuple[float, float, float],
    a_box: list[float],
    b_box: list[float],
    across: bool,
    system: int,
) -> None:
    curvature = (1.0 if left else -1.0) / radius
    program, state = scene(curvature, lane_t)
    put(state, 0, a, a_box)
    put(state, 1, b, b_box)
    row = program.conditions[0]
    row["system"] = system
    row["distance_type"] = tables.LATERAL if across else tables.LONGITUDINAL
    low, high, sign = bounds(program, state, 0, 0, 1)
    one, two = (corners(state, k)[:, 1 if across else 0] for k in (0, 1))
    gap = apart(one.min(), one.max(), two.min(), two.max())
    if system == tables.LANE_SYSTEM and not across:
        gap *= abs(1.0 - curvature * lane_t)
    assert low - 1e-9 <= gap <= high + 1e-9
    if low > 0.0:
        ahead = (two.min() - one.max() > 0.0) == (state.bodies[0]["facing"] > 0)
        assert sign == (1.0 if ahead else -1.0)


@settings(max_examples=100, deadline=None)
@given(a=place, b=place, a_box=box, b_box=box)
def test_the_straight_gap_of_two_boxes_is_within_its_bounds(
    a: tuple[float, float, float],
    b: tuple[float, float, float],
    a_box: list[float],
    b_box: list[float],
) -> None:
    program, state = scene(0.01, 0.0)
    put(state, 0, a, a_box)
    put(state, 1, b, b_box)
    program.conditions[0]["distance_type"] = tables.EUCLIDEAN
    low, high, _ = bounds(program, state, 0, 0, 1)
    steps = np.linspace(-1.0, 1.0, 41)
    grids = []
    for k in (0, 1):  # second method: points all over both boxes, edges too
        body = state.bodies[k]
        u, v = np.meshgrid(steps * body["half_length"], steps * body["half_width"])
        u, v = u + body["centre_x"], v + body["centre_y"]
        c, s = math.cos(body["h"]), math.sin(body["h"])
        grids.append(np.stack([body["x"] + u * c - v * s, body["y"] + u * s + v * c], -1))
    one, two = (grid.reshape(-1, 2) for grid in grids)
    nearest = min(float(np.hypot(*(two - p).T).min()) for p in one[::7])
    assert low <= nearest + 1e-9  # points sampled are no nearer than the boxes
    assert high >= math.hypot(*(one[0] - two[0])) - 4.0 * (a_box[0] + b_box[0] + 8.0)


@pytest.mark.parametrize("rule", range(6))
@pytest.mark.parametrize("wanted", [-1.0, 0.0, 4.9, 5.0, 7.0, 9.0, 9.1, math.inf, math.nan])
def test_bounds_settle_only_what_every_value_between_them_answers_alike(
    rule: int, wanted: float
) -> None:
    is_settled, answer = settled(5.0, 9.0, rule, wanted)
    all_answers = {compare(float(value), rule, wanted) for value in np.linspace(5.0, 9.0, 41)}
    if is_settled:
        assert all_answers == {answer}
    assert is_settled == (wanted in (-1.0, 0.0, 4.9, 9.1, math.inf))


def test_where_the_bend_is_not_known_or_is_too_sharp_it_has_to_be_measured() -> None:
    program, state = scene(0.01, 0.0)
    put(state, 0, (50.0, 0.0, 0.0), [2.0, 1.0, 0.0, 0.0])
    put(state, 1, (150.0, 0.0, 0.0), [2.0, 1.0, 0.0, 0.0])
    row, road = program.conditions[0], program.roads.roads[0]
    row["system"], row["distance_type"] = tables.ROAD_SYSTEM, tables.LONGITUDINAL
    low, high, _ = bounds(program, state, 0, 0, 1)
    assert math.isfinite(high)
    road["uneven"], road["kinks"] = 0.5, 0.01  # whose geometries do not meet are told less of
    wider = bounds(program, state, 0, 0, 1)
    assert wider[0] <= low - 1.0
    assert wider[1] >= high + 1.0
    for bend in (0.2, math.inf, math.nan):
        road["bend"] = bend
        assert math.isinf(bounds(program, state, 0, 0, 1)[1])


def test_nobody_is_any_way_from_itself() -> None:
    program, state = scene(0.01, 0.0)
    put(state, 0, (50.0, 0.0, 0.0), [2.0, 1.0, 0.0, 0.0])
    for system in SYSTEMS:
        program.conditions[0]["system"] = system
        program.conditions[0]["distance_type"] = tables.LONGITUDINAL
        assert bounds(program, state, 0, 0, 0)[:2] == (0.0, 0.0)
