"""When events start, end, are skipped and repeated (OpenSCENARIO XML 1.3, sections 8.3 and 8.4)."""

from itertools import pairwise

import numpy as np
import pytest

from proving.scenarios.stories import (
    ENDED,
    SKIPPED,
    STARTED,
    STOPPED,
    Played,
    act,
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


def at(seconds: float, edge: str = "none") -> str:
    return trigger(by_value(time(seconds), edge))


UP_AND_DOWN = """<PrivateAction><LongitudinalAction><SpeedProfileAction followingMode="position">
  <SpeedProfileEntry time="0.5" speed="20"/><SpeedProfileEntry time="0.5" speed="10"/>
  </SpeedProfileAction></LongitudinalAction></PrivateAction>"""
"""It takes a second and ends at the speed that it began with."""
LONG = event("long", drive(30.0, 3.0), start=at(1.0), count=3)


def test_an_overriding_event_completes_what_runs_whatever_executions_are_left() -> None:
    played = Played(
        simple(LONG, event("other", drive(5.0, 1.0), start=at(2.0), priority="override"))
    )
    assert played.when("long") == [1.0]
    assert played.when("long", STOPPED) == [2.0]
    assert played.when("long 0", STOPPED) == [2.0]
    assert played.when("other") == [2.0]
    assert played.when("other", ENDED) == [3.0]
    assert played.speed("A", 3.5) == 5.0


def test_a_parallel_event_leaves_the_others_alone() -> None:
    played = Played(simple(LONG, event("other", put(1), start=at(2.0))), seconds=4.5)
    assert played.when("other") == [2.0]
    assert played.when("long", STOPPED) == []
    assert played.when("long", ENDED)[0] == 4.0


def test_an_event_to_be_skipped_is_so_while_another_runs_and_that_is_an_execution() -> None:
    skipped = event("other", put(1), start=at(2.0), priority="skip")
    played = Played(simple(LONG, skipped))
    assert played.when("other", SKIPPED) == [2.0]
    assert played.when("other") == []


def test_an_event_to_be_skipped_starts_where_no_other_runs() -> None:
    played = Played(simple(LONG, event("other", put(1), start=at(0.5), priority="skip")))
    assert (played.when("other"), played.when("other", SKIPPED)) == ([0.5], [])


def test_priority_is_among_the_events_of_one_maneuver() -> None:
    other = event("other", put(1), start=at(2.0), priority="override")
    inside = group("group", maneuver("one", LONG), maneuver("two", other))
    played = Played(story("s", act("act", inside)), seconds=3.5)
    assert played.when("long", STOPPED) == []


def test_of_two_events_at_one_time_the_later_in_the_document_overrides() -> None:
    events = (
        event(name, drive(speed, 1.0), start=at(1.0), priority="override")
        for name, speed in (("first", 20.0), ("second", 30.0))
    )
    played = Played(simple(*events))
    assert played.when("first", STOPPED) == [1.0]
    assert played.when("second", ENDED) == [2.0]


def test_an_event_is_executed_as_often_as_it_may_once_a_step() -> None:
    played = Played(simple(event("e", put(1), start=at(1.0), count=3)))
    assert played.when("e") == [1.0, 1.01, 1.02]
    assert played.when("e", ENDED) == [1.01, 1.02, 1.03], "each takes a step"


def test_an_event_with_an_edge_waits_for_the_next_one() -> None:
    events = (
        event("up", put(1), start=at(1.0)),
        event("down", put(0), start=at(2.0)),
        event("again", put(1), start=at(3.0)),
        event("e", put(5, "w"), start=trigger(by_value(variable(1), "rising")), count=9),
    )
    assert Played(simple(*events)).when("e") == [1.0, 3.0]


def test_an_event_that_may_not_be_executed_is_complete_from_the_start() -> None:
    played = Played(simple(event("e", put(1), start=at(1.0), count=0)))
    assert (played.when("e"), played.when("e", SKIPPED)) == ([], [0.0])


def test_an_event_without_a_trigger_starts_with_its_act() -> None:
    inside = group("group", maneuver("m", event("e", put(1), count=2)))
    played = Played(story("s", act("act", inside, start=at(2.0))))
    assert played.when("act") == [2.0]
    assert played.when("e") == [2.0, 2.01]
    assert played.when("act", ENDED) == [2.02]


def test_a_maneuver_group_runs_as_often_as_it_may() -> None:
    inside = group("group", maneuver("m", event("e", UP_AND_DOWN)), count=3)
    played = Played(story("s", act("act", inside)))
    assert played.when("e") == [0.0, 1.0, 2.0]
    assert played.when("group", ENDED) == [1.0, 2.0, 3.0]
    assert played.when("act", ENDED) == [3.0]


def test_a_group_that_ends_at_once_runs_once_a_step() -> None:
    inside = group("group", maneuver("m", event("e", put(1))), count=4)
    assert Played(story("s", act("act", inside))).when("e") == [0.0, 0.01, 0.02, 0.03]


def test_events_that_call_each_other_for_ever_do_so_once_a_step() -> None:
    ping = event("ping", put(1), start=trigger(by_value(variable(0))), count=10**6)
    pong = event("pong", put(0), start=trigger(by_value(variable(1))), count=10**6)
    played = Played(simple(ping, pong), seconds=1.0)
    assert played.result.outcomes[0] == "COMPLETED"
    assert np.array_equal(played.when("ping"), np.arange(100) / 100)
    assert played.when("pong") == played.when("ping")


def test_what_a_trigger_does_is_seen_by_later_ones_at_once_and_by_earlier_ones_a_step_later() -> (
    None
):
    sees = trigger(by_value(variable(1)))
    events = (
        event("before", put(1, "w"), start=sees),
        event("sets", put(1), start=at(1.0)),
        event("after", put(1, "w"), start=sees),
    )
    played = Played(simple(*events))
    assert (played.when("after"), played.when("before")) == ([1.0], [1.01])


def test_an_act_starts_at_its_trigger_and_its_events_are_asked_in_the_same_step() -> None:
    inside = group("group", maneuver("m", event("e", put(1), start=at(1.0))))
    played = Played(story("s", act("act", inside, start=at(2.0))))
    assert played.when("e") == [2.0]


def test_the_stop_trigger_of_an_act_stops_what_runs_and_what_waits_below_it() -> None:
    late = event("late", put(1), start=at(3.0))
    stop = trigger(by_value(time(2.0)), tag="StopTrigger")
    inside = group("group", maneuver("m", LONG, late))
    played = Played(story("s", act("act", inside, stop=stop)))
    for name in ("act", "group", "m", "long", "long 0", "late"):
        assert played.when(name, STOPPED) == [2.0], name
    assert played.when("late") == []
    assert played.when("s", ENDED) == [2.0]
    assert played.speed("A", 4.0) == pytest.approx(10.0 + 20.0 / 3.0), "it stays where it was"


def test_a_new_action_stops_what_runs_in_its_domain_and_that_ends_the_event() -> None:
    other = simple(event("new", drive(5.0, 1.0), start=at(2.0)), name="t")
    played = Played(simple(event("old", drive(30.0, 3.0), start=at(1.0))), other)
    assert played.when("old 0", STOPPED) == [2.0]
    assert played.when("old", ENDED) == [2.0]
    assert played.speed("A", 3.0) == 5.0


def test_an_action_that_is_overridden_for_one_actor_is_so_for_all() -> None:
    both = simple(event("both", drive(30.0, 3.0), start=at(1.0)), actors=("A", "B"))
    one = simple(event("one", drive(5.0, 1.0), start=at(2.0)), name="t")
    played = Played(both, one)
    assert played.when("both", ENDED) == [2.0]
    assert played.speed("B", 4.0) == pytest.approx(10.0 + 20.0 / 3.0)


def test_an_event_ends_when_the_last_of_its_actions_does() -> None:
    played = Played(simple(event("e", put(1), drive(20.0, 2.0), start=at(1.0))))
    assert played.when("e 0", ENDED) == [1.01]
    assert played.when("e 1", ENDED) == [3.0]
    assert played.when("e", ENDED) == [3.0]
    assert played.when("e", STARTED) == [1.0]


LINKS = ("one", "two", "three", "four")


@pytest.mark.parametrize("order", [1, -1])
def test_each_link_of_a_chain_takes_a_step_wherever_it_stands_in_the_document(order: int) -> None:
    """Of actions that are done at once, too: an action ends with its step, not within it."""
    chain = [event("one", put(1), start=at(1.0))]
    for before, name in pairwise(LINKS):
        ended = trigger(by_value(state("event", before, "completeState")))
        chain.append(event(name, put(1), start=ended))
    played = Played(simple(*chain[::order]))
    assert [played.when(name) for name in LINKS] == [[1.0], [1.01], [1.02], [1.03]]


def test_what_is_done_at_once_runs_until_its_step_ends() -> None:
    first = event("first", put(1), start=at(1.0))
    skipped = event("second", put(2), start=at(1.0), priority="skip")
    played = Played(simple(first, skipped))
    assert (played.when("first"), played.when("first", ENDED)) == ([1.0], [1.01])
    assert played.when("second", SKIPPED) == [1.0]


@pytest.mark.parametrize("watched_first", [True, False])
def test_who_runs_for_a_step_is_seen_running_once(watched_first: bool) -> None:
    runs = trigger(by_value(state("event", "short", "runningState")))
    events = [
        event("short", put(1), start=at(1.0)),
        event("watcher", put(2), start=runs, count=9),
    ]
    played = Played(simple(*events[:: 1 if watched_first else -1]))
    assert played.when("watcher") == [1.0 if watched_first else 1.01]
