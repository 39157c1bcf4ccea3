"""Edges, delays, transitions seen, triggering entities (OpenSCENARIO XML 1.3, section 7.6)."""

import math

import pytest

from proving.scenarios.stories import (
    STOPPED,
    Played,
    act,
    by_entity,
    by_value,
    drive,
    event,
    group,
    maneuver,
    put,
    simple,
    state,
    story,
    time,
    trigger,
    variable,
)
from proving.scenarios.written import follow, polyline, world


def fires(condition: str, *before: str) -> list[float]:
    """Return when an event with a condition starts, after other events of its maneuver."""
    return Played(simple(*before, event("e", put(9, "w"), start=trigger(condition)))).when("e")


def at(seconds: float) -> str:
    return trigger(by_value(time(seconds)))


def test_a_condition_that_is_true_when_it_is_first_asked_has_no_rising_edge() -> None:
    assert fires(by_value(time(0.0), "rising")) == []
    assert fires(by_value(time(0.01), "rising")) == [0.01]


def test_a_condition_that_is_false_when_it_is_first_asked_has_no_falling_edge() -> None:
    assert fires(by_value(time(0.0, "lessThan"), "falling")) == []
    assert fires(by_value(time(1.0, "lessThan"), "falling")) == [1.0]
    assert fires(by_value(time(1.0, "lessThan"), "risingOrFalling")) == [1.0]


def test_a_condition_is_first_asked_when_its_act_starts() -> None:
    rises = event("e", put(1), start=trigger(by_value(time(1.0), "rising")))
    played = Played(story("s", act("a", group("g", maneuver("m", rises)), start=at(2.0))))
    assert played.when("e") == []


@pytest.mark.parametrize(("delay", "expected"), [(0.5, 1.5), (0.505, 1.51), (0.0, 1.0)])
def test_a_delayed_condition_is_as_it_was_so_long_ago_rounded_up_to_steps(
    delay: float, expected: float
) -> None:
    assert fires(by_value(time(1.0), delay=delay)) == [expected]
    assert fires(by_value(time(1.0), "rising", delay)) == [expected]


def test_a_delayed_condition_is_true_though_it_is_false_again() -> None:
    pulse = (event("up", put(1), start=at(1.0)), event("down", put(0), start=at(1.2)))
    assert fires(by_value(variable(1), delay=0.5), *pulse) == [1.5]
    assert fires(by_value(variable(1), "falling", 0.5), *pulse) == [1.7]


def test_a_condition_that_is_delayed_for_longer_than_the_run_never_comes() -> None:
    assert fires(by_value(time(1.0), delay=1e9)) == []


def watched(stop: str = "") -> str:
    """Return a story whose event takes from 1 s to 2 s."""
    inside = group("group", maneuver("maneuver", event("event", drive(20.0, 1.0), start=at(1.0))))
    return story("story", act("act", inside, stop=stop))


def watch(kind: str, wanted: str) -> str:
    name = {"action": "event 0", "maneuverGroup": "group"}.get(kind, kind)
    start = trigger(by_value(state(kind, name, wanted)))
    return simple(event("watch", put(1), start=start, count=9), name=f"on {kind}")


KINDS = ("story", "act", "maneuverGroup", "maneuver", "event", "action")
_FROM_THE_START = ("story", "act", "maneuverGroup", "maneuver")


@pytest.mark.parametrize("kind", KINDS)
def test_a_transition_is_seen_in_its_step_and_once(kind: str) -> None:
    begins = 0.0 if kind in _FROM_THE_START else 1.0
    played = Played(watched(), watch(kind, "startTransition"))
    assert played.when("watch") == [begins]
    assert Played(watched(), watch(kind, "endTransition")).when("watch") == [2.0]
    stop = trigger(by_value(time(1.5)), tag="StopTrigger")
    expected = [] if kind == "story" else [1.5]
    assert Played(watched(stop), watch(kind, "stopTransition")).when("watch") == expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_watcher_earlier_in_the_document_sees_what_triggers_do_a_step_later(kind: str) -> None:
    begins = 0.01 if kind in ("event", "action") else 0.0
    played = Played(watch(kind, "startTransition"), watched())
    expected = 1.0 + begins if kind in ("event", "action") else 0.0
    assert played.when("watch") == [expected]
    # ends come from motion, before any trigger is asked
    assert Played(watch(kind, "endTransition"), watched()).when("watch") == [2.0]


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("standbyState", 0.0, 0.08), ("runningState", 1.0, 1.08), ("completeState", 2.0, 2.08)],
)
def test_a_state_lasts(wanted: str, first: float, last: float) -> None:
    found = Played(watched(), watch("event", wanted)).when("watch")
    assert (found[0], found[-1], len(found)) == (first, last, 9)


def test_an_element_whose_act_has_not_started_is_in_no_state() -> None:
    late = group("group", maneuver("maneuver", event("event", put(1), start=at(4.0))))
    played = Played(story("s", act("act", late, start=at(2.0))), watch("event", "standbyState"))
    assert played.when("watch")[0] == 2.0


def test_a_skip_is_a_transition() -> None:
    events = (
        event("long", drive(20.0, 2.0), start=at(1.0)),
        event("skips", put(1), start=at(1.5), priority="skip"),
    )
    start = trigger(by_value(state("event", "skips", "skipTransition")))
    played = Played(simple(*events), simple(event("e", put(1), start=start), name="t"))
    assert played.when("e") == [1.5]


FAST = '<SpeedCondition value="15" rule="greaterThan"/>'


def test_triggering_entities_act_and_so_do_those_that_are_named() -> None:
    faster = simple(event("faster", drive(20.0), start=at(1.0)), name="t", actors=("B",))
    slows = group("group", maneuver("m", event("e", drive(5.0))), actors=("C",), select=True)
    start = trigger(by_entity(FAST, "A", "B"))
    played = Played(faster, story("s", act("act", slows, start=start)), seconds=2.0)
    assert played.when("act") == [1.0]
    assert [played.speed(name, 2.0) for name in "ABC"] == [10.0, 5.0, 5.0]


def test_triggering_entities_are_those_of_the_act_not_of_the_event() -> None:
    faster = simple(event("faster", drive(20.0), start=at(1.0)), name="t", actors=("B",))
    slow = '<SpeedCondition value="15" rule="lessThan"/>'
    slows = event("e", drive(5.0), start=trigger(by_entity(slow, "A")))
    inside = group("group", maneuver("m", slows), actors=(), select=True)
    played = Played(
        faster, story("s", act("act", inside, start=trigger(by_entity(FAST, "B")))), seconds=2.0
    )
    assert [played.speed(name, 2.0) for name in "ABC"] == [10.0, 5.0, 10.0]


def test_all_triggering_entities_have_to_or_any_of_them() -> None:
    faster = event("faster", drive(20.0), start=at(1.0))
    later = simple(event("later", drive(20.0), start=at(2.0)), name="t", actors=("B",))
    rules = (
        event(rule, put(1), start=trigger(by_entity(FAST, "A", "B", rule=rule)))
        for rule in ("any", "all")
    )
    played = Played(simple(faster), later, simple(*rules, name="r"))
    assert (played.when("any"), played.when("all")) == ([1.0], [2.0])


def test_a_condition_is_true_of_a_standstill_from_when_it_lasts() -> None:
    still = '<StandStillCondition duration="{}"/>'
    halts = event("halts", drive(0.0, 1.0), start=at(1.0))
    assert fires(by_entity(still.format(0), "A"), halts) == [2.0]
    assert fires(by_entity(still.format(0.5), "A"), halts) == [2.5]


def test_the_stop_trigger_of_the_storyboard_is_asked_before_all_others() -> None:
    played = Played(simple(event("e", put(1), start=at(2.0))), seconds=2.0)
    assert played.when("e") == []
    assert played.result.end_times_s[0] == pytest.approx(2.0)
    assert played.when("storyboard", STOPPED) == []


def test_the_heading_on_a_trajectory_counts_from_its_direction_while_it_is_followed() -> None:
    turned = f'h="{math.pi / 2.0 + 0.5}"'  # it runs along y, and the car looks 0.5 rad to the left
    vertices = ((world(0.0, 0.0, turned), None), (world(0.0, 100.0, turned), None))
    angle = """<AngleCondition angleType="heading" angle="0.5" angleTolerance="0.1"
  coordinateSystem="{}"/>"""
    events = (
        event("follows", f"<PrivateAction>{follow(polyline(*vertices))}</PrivateAction>"),
        event("turned", put(1), start=trigger(by_entity(angle.format("trajectory"), "A"))),
        event("east", put(1), start=trigger(by_entity(angle.format("world"), "A"))),
        event("other", put(1), start=trigger(by_entity(angle.format("trajectory"), "B"))),
    )
    played = Played(simple(*events))
    assert played.when("turned") == [0.0]
    assert (played.when("east"), played.when("other")) == ([], [])


def climb(pitch: float, system: str = "world") -> list[float]:
    """Return when an event starts that waits for a pitch on a way that climbs from 30 m on."""
    up = polyline(
        (world(0.0, 0.0, 'z="0"'), None),
        (world(30.0, 0.0), None),
        (world(90.0, 0.0, 'z="30"'), None),
    )
    goes = event("goes", f"<PrivateAction>{follow(up)}</PrivateAction>")
    angle = f'angle="{pitch}" angleTolerance="0.001" angleType="pitch"'
    waits = by_entity(f'<AngleCondition {angle} coordinateSystem="{system}"/>', "A")
    return Played(simple(goes, event("e", put(9, "w"), start=trigger(waits)))).when("e")


@pytest.mark.parametrize("system", ["world", "road", "lane"])
def test_on_a_trajectory_with_heights_the_pitch_is_its_slope(system: str) -> None:
    """Who climbs has a negative pitch; it turns from 2 m before a corner to 2 m after it, evenly.

    At 10 m/s half the slope, atan(1/2), is there at 30 m, all of it at 32 m; a tolerance of
    0.001 rad is 0.0086 m of the 4 m.
    """
    slope = math.atan2(30.0, 60.0)
    assert climb(-slope, system) == [pytest.approx(3.2, abs=0.011)]
    assert climb(0.5 * -slope, system) == [pytest.approx(3.0, abs=0.011)]
    assert climb(slope, system) == []


def reached(position: str) -> str:
    """Return a ReachPositionCondition of A, within 2 m."""
    text = f'<ReachPositionCondition tolerance="2"><Position>{position}</Position>'
    return by_entity(f"{text}</ReachPositionCondition>", "A")


@pytest.mark.parametrize(
    ("rest", "expected"),
    [("", [1.8]), (f'h="{0.5 * math.pi}"', [2.1]), (f'h="{-0.5 * math.pi}"', [])],
)
def test_a_position_with_an_orientation_is_reached_by_who_looks_that_way(
    rest: str, expected: list[float]
) -> None:
    """A goes along x at 10 m/s to (20, 0), where it turns left: evenly from 2 m before to after.

    It is within 2 m from 1.8 s on, and 0.05 rad short of looking left at 2 m - 0.05 / (pi/2) * 4 m
    after the corner, at 2.187 s.
    """
    corner = polyline((world(0, 0), None), (world(20, 0), None), (world(20, 40), None))
    start = trigger(reached(world(20, 0, rest)))
    moves = f"<PrivateAction>{follow(corner)}</PrivateAction>"
    go = event("go", drive(10), moves, start=at(0.0))
    found = Played(simple(go, event("e", put(9, "w"), start=start))).when("e")
    if rest and expected:
        expected = [2.0 + 0.1 * (2.0 - 0.05 / (0.5 * math.pi) * 4.0)]
    assert found == pytest.approx(expected, abs=0.021)
