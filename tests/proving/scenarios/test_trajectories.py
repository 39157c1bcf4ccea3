"""Trajectories followed end to end: shapes, times, directions, against formulas."""

import math

import numpy as np
import pytest
from scipy.interpolate import BSpline
from scipy.special import fresnel

from proving.scenarios.written import (
    Run,
    car,
    does,
    follow,
    lane,
    polyline,
    road,
    speed,
    teleport,
    world,
)

L_SHAPE = polyline((world(0, 0), None), (world(30, 0), None), (world(30, 40), None))
TIMED = polyline((world(0, 0), 2.0), (world(30, 0), 5.0), (world(30, 40), 7.0))


def test_without_times_it_goes_as_fast_as_the_entity_does() -> None:
    init = {"A": [speed(10.0), follow(L_SHAPE, rest='initialDistanceOffset="5"')]}
    run = Run(init, until_s=6.0)
    assert run.at("A", 0.0)[:2] == pytest.approx([5.0, 0.0])
    assert run.at("A", 2.0)[:2] == pytest.approx([25.0, 0.0], abs=1e-6)
    assert run.at("A", 4.5)[:3] == pytest.approx([30.0, 20.0, 0.5 * math.pi], abs=1e-6)


def test_without_a_road_network_it_stands_where_its_trajectory_ends() -> None:
    run = Run({"A": [speed(10.0), follow(L_SHAPE)]}, until_s=9.0)
    assert run.at("A", 9.0) == pytest.approx([30.0, 40.0, 0.5 * math.pi, 0.0], abs=0.1)


def test_on_a_road_it_goes_on_where_its_trajectory_ends() -> None:
    ends = polyline((lane(-1, 0.0), None), (lane(-1, 20.0), None))
    run = Run({"A": [speed(10.0), follow(ends)]}, until_s=4.0, roads=road())
    assert run.at("A", 4.0)[:2] == pytest.approx([40.0, -1.5], abs=1e-6)


@pytest.mark.parametrize(
    ("timing", "begun", "at_20"),
    [
        ('<Timing domainAbsoluteRelative="absolute" scale="1" offset="0"/>', 0.0, 4.0),
        ('<Timing domainAbsoluteRelative="absolute" scale="1" offset="1.5"/>', 0.0, 5.5),
        ('<Timing domainAbsoluteRelative="absolute" scale="2" offset="-3"/>', 0.0, 5.0),
        ('<Timing domainAbsoluteRelative="relative" scale="1" offset="0"/>', 1.0, 5.0),
        ('<Timing domainAbsoluteRelative="relative" scale="0.5" offset="1"/>', 1.0, 4.0),
    ],
)
def test_times_are_scaled_and_offset(timing: str, begun: float, at_20: float) -> None:
    """A vertex's time T is scale T + offset, of the simulation or of the action (class Timing)."""
    init = {"A": [teleport(world(0, 0)), speed(0.0)]}
    run = Run(init, does("A", begun, follow(TIMED, timing)), until_s=15.0)
    x = run.rows["A"][:, 1]
    when = float(run.rows["A"][int(np.argmax(x >= 20.0 - 1e-6)), 0])
    assert when == pytest.approx(at_20, abs=0.021)


def test_a_closed_trajectory_without_times_goes_round_and_round() -> None:
    square = polyline(*((world(x, y), None) for x, y in ((0, 0), (10, 0), (10, 10), (0, 10))))
    run = Run({"A": [speed(10.0), follow(square, closed=True)]}, until_s=9.0)
    assert run.at("A", 4.5)[:2] == pytest.approx([5.0, 0.0], abs=1e-6)
    assert run.at("A", 7.5)[:2] == pytest.approx([0.0, 5.0], abs=1e-6)


def test_who_sets_out_backwards_looks_back_and_turns_round_with_its_speed() -> None:
    init = {"A": [speed(-10.0), follow(L_SHAPE)]}
    run = Run(init, does("A", 1.0, speed(5.0)), until_s=2.0)
    assert run.at("A", 1.0) == pytest.approx([10.0, 0.0, math.pi, -10.0], abs=0.11)
    assert run.at("A", 2.0)[0] == pytest.approx(run.at("A", 1.0)[0] - 5.0, abs=0.11)


def test_a_negative_speed_before_a_timed_trajectory_does_not_turn_it_round() -> None:
    timing = '<Timing domainAbsoluteRelative="relative" scale="1" offset="0"/>'
    timed = polyline((world(0, 0), 0.0), (world(30, 0), 3.0))
    run = Run({"A": [speed(-10.0), follow(timed, timing)]}, until_s=2.0)
    assert run.at("A", 1.0) == pytest.approx([10.0, 0.0, 0.0, 10.0], abs=1e-6)


def test_a_clothoid_is_that_of_fresnel() -> None:
    start = f"<Position>{world(0, 0)}</Position>"
    shape = '<Clothoid curvature="0" curvaturePrime="0.01" length="40">' + start + "</Clothoid>"
    run = Run({"A": [speed(10.0), follow(shape)]}, until_s=3.9)
    scale = math.sqrt(math.pi / 0.01)
    for time in (1.0, 2.5, 3.5):
        sine, cosine = fresnel(10.0 * time / scale)
        wanted = [scale * cosine, scale * sine, 0.5 * 0.01 * (10.0 * time) ** 2]
        x, y, heading, _ = run.at("A", time)
        assert [x, y] == pytest.approx(wanted[:2], abs=1e-4)
        assert math.remainder(heading - wanted[2], 2.0 * math.pi) == pytest.approx(0.0, abs=1e-4)


def test_a_clothoid_spline_goes_on_where_its_segments_end() -> None:
    segments = "".join(
        f'<ClothoidSplineSegment curvatureStart="{a}" curvatureEnd="{b}" length="{length}">'
        f"{start}</ClothoidSplineSegment>"
        for a, b, length, start in (
            (0, 0, 10, f"<PositionStart>{world(0, 0)}</PositionStart>"),
            (0.1, 0.1, 5 * math.pi, ""),
            (0, 0, 10, ""),
        )
    )
    run = Run(
        {"A": [speed(10.0), follow(f"<ClothoidSpline>{segments}</ClothoidSpline>")]}, until_s=3.5
    )
    assert run.at("A", 3.5)[:3] == pytest.approx(
        [20.0, 10.0 + 35.0 - 10.0 - 5.0 * math.pi, 0.5 * math.pi], abs=1e-3
    )


def test_a_nurbs_is_that_of_de_boor() -> None:
    points = np.array([(0, 0), (20, 0), (30, 25), (60, 20), (80, 40)], float)
    knots = [0, 0, 0, 0, 0.5, 1, 1, 1, 1]
    told = "".join(
        f'<ControlPoint weight="1"><Position>{world(x, y)}</Position></ControlPoint>'
        for x, y in points
    ) + "".join(f'<Knot value="{k}"/>' for k in knots)
    run = Run({"A": [speed(10.0), follow(f'<Nurbs order="4">{told}</Nurbs>')]}, until_s=8.0)
    spline = BSpline(np.array(knots, float), points, 3)
    u = np.linspace(0.0, 1.0, 200001)
    curve = spline(u)
    s = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    for time in (1.0, 3.3, 7.0):
        at = curve[int(np.searchsorted(s, 10.0 * time))]
        assert run.at("A", time)[:2] == pytest.approx(at, abs=0.01)


@pytest.mark.parametrize(("first", "early", "late"), [('h="0"', 0.2125, 0.1125), ("", None, None)])
def test_control_points_tell_times_and_orientations(
    first: str, early: float | None, late: float | None
) -> None:
    """By hand: the middle point of three counts most at u = 1/2, so t = 2 s is u = 1/4, 5 s 3/4.

    There the points count 9/16, 6/16, 1/16, and the other way round. Where one tells no
    orientation, it is that along the curve.
    """
    told = "".join(
        f'<ControlPoint time="{time}"><Position>{world(x, y, turned)}</Position></ControlPoint>'
        for x, y, time, turned in (
            (0, 0, 0, first),
            (50, 0, 4, 'h="0.6"'),
            (100, 50, 6, f'h="{2 * math.pi - 0.2}"'),
        )
    ) + "".join(f'<Knot value="{k}"/>' for k in (0, 0, 0, 1, 1, 1))
    timing = '<Timing domainAbsoluteRelative="relative" scale="1" offset="0"/>'
    run = Run({"A": [follow(f'<Nurbs order="3">{told}</Nurbs>', timing)]}, until_s=6.0)
    early = math.atan2(12.5, 50.0) if early is None else early
    late = math.atan2(37.5, 50.0) if late is None else late
    assert run.at("A", 2.0)[:3] == pytest.approx([25.0, 3.125, early], abs=5e-3)
    assert run.at("A", 5.0)[:3] == pytest.approx([75.0, 28.125, late], abs=5e-3)


def test_a_place_on_a_trajectory_is_a_way_along_it_and_to_its_left() -> None:
    place = f"""<TrajectoryPosition s="50" t="2"><TrajectoryRef><Trajectory name="t" closed="false">
  <Shape>{L_SHAPE}</Shape></Trajectory></TrajectoryRef></TrajectoryPosition>"""
    run = Run({"A": [teleport(place)]}, until_s=0.1)
    assert run.at("A", 0.0)[:3] == pytest.approx([28.0, 20.0, 0.5 * math.pi])


def test_who_synchronizes_is_there_when_its_master_is_also_round_a_bend() -> None:
    """The master's way is that along its trajectory, whose end a straight line would cut short."""
    here = polyline((world(100, -50), None), (world(100, 50), None))
    place = """<TrajectoryPosition s="{}"><TrajectoryRef><Trajectory name="t" closed="false">
  <Shape>{}</Shape></Trajectory></TrajectoryRef></TrajectoryPosition>"""
    act = f"""<SynchronizeAction masterEntityRef="M">
  <TargetPositionMaster>{place.format(60, L_SHAPE)}</TargetPositionMaster>
  <TargetPosition>{place.format(50, here)}</TargetPosition>
  <FinalSpeed><AbsoluteSpeed value="8"/></FinalSpeed></SynchronizeAction>"""
    init = {"M": [speed(5.0), follow(L_SHAPE)], "A": [speed(4.0), follow(here)]}
    sync = does("A", 1.0, act)
    weak = car("A", maxAcceleration=0.1)
    run = Run(init, sync, until_s=12.2, entities=(car("M"), weak))
    assert run.at("M", 12.0)[:2] == pytest.approx([30.0, 30.0], abs=0.01)
    assert run.at("A", 12.0) == pytest.approx([100.0, 0.0, 0.5 * math.pi, 8.0], abs=0.15)
