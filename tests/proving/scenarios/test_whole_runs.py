"""How runs begin and end (OpenSCENARIO XML 1.3, sections 8.4.7 and 8.5)."""

import numpy as np
import pytest

from proving.scenarios.stories import (
    ENDED,
    Played,
    by_value,
    drive,
    event,
    init,
    put,
    simple,
    time,
    trigger,
    variable,
)
from proving.scenarios.written import teleport


def at(seconds: float) -> str:
    return trigger(by_value(time(seconds)))


def entity_action(name: str, what: str) -> str:
    return f'<GlobalAction><EntityAction entityRef="{name}">{what}</EntityAction></GlobalAction>'


def private(name: str, *actions: str) -> str:
    return f'<Private entityRef="{name}">{"".join(actions)}</Private>'


def test_the_actions_of_init_are_done_in_the_order_of_the_file_and_take_no_time() -> None:
    relative = '<RelativeWorldPosition entityRef="A" dx="5" dy="0"/>'
    first = init({"A": (100.0, 3.0)}) + private(
        "B", f"<PrivateAction>{teleport(relative)}</PrivateAction>", drive(7.0), drive(8.0)
    )
    played = Played(first=first, seconds=1.0)
    assert played.row("B", 0.0)["x_m"] == 105.0
    assert (played.speed("A", 0.0), played.speed("B", 0.0)) == (3.0, 8.0)


def test_a_variable_of_init_is_there_when_triggers_are_first_asked() -> None:
    played = Played(
        simple(event("e", put(1, "w"), start=trigger(by_value(variable(4))))),
        first=put(4) + init({"A": (0.0, 10.0)}),
    )
    assert played.when("e") == [0.0]


def test_an_action_of_init_that_takes_time_goes_on_until_the_story_overrides_it() -> None:
    first = init({"A": (0.0, 10.0)}) + private("A", drive(30.0, 2.0))
    played = Played(simple(event("e", drive(0.0, 1.0), start=at(1.0))), first=first, seconds=3.0)
    assert played.speed("A", 1.0) == pytest.approx(20.0)
    assert played.speed("A", 1.5) == pytest.approx(10.0)


def test_what_happens_at_time_0_is_in_the_sample_of_time_0() -> None:
    played = Played(simple(event("e", drive(25.0))), seconds=1.0)
    assert played.speed("A", 0.0) == 25.0


def test_a_storyboard_without_a_stop_trigger_ends_when_all_of_it_is_complete() -> None:
    played = Played(simple(event("e", drive(20.0, 1.0), start=at(1.0))), stop="")
    assert played.result.outcomes[0] == "COMPLETED"
    assert played.result.end_times_s[0] == pytest.approx(2.0)
    assert played.when("storyboard", ENDED) == [2.0]


def test_a_storyboard_with_a_stop_trigger_goes_on_until_that_fires() -> None:
    played = Played(simple(event("e", drive(20.0, 1.0), start=at(1.0))), seconds=4.0)
    assert played.result.end_times_s[0] == pytest.approx(4.0)


@pytest.mark.parametrize("stop", ["", "<StopTrigger/>"])
def test_a_scenario_that_never_ends_is_inconclusive_at_the_time_limit(stop: str) -> None:
    waits = event("e", put(1), start=trigger(by_value(variable(1))))
    played = Played(simple(waits), stop=stop, limit=3.0)
    assert played.result.outcomes[0] == "INCONCLUSIVE"
    assert "time limit" in played.result.reasons[0]
    assert played.result.end_times_s[0] == pytest.approx(3.0)


def test_a_storyboard_without_events_is_about_how_its_entities_drive_on() -> None:
    played = Played(stop="", limit=2.0)
    assert played.result.outcomes[0] == "INCONCLUSIVE"
    assert played.row("A", 2.0)["x_m"] == pytest.approx(20.0)


def test_an_entity_that_is_there_already_is_not_added_again() -> None:
    place = '<Position><WorldPosition x="500" y="0"/></Position>'
    add = entity_action("A", f"<AddEntityAction>{place}</AddEntityAction>")
    played = Played(simple(event("e", add, start=at(1.0))), seconds=2.0)
    assert played.row("A", 2.0)["x_m"] == pytest.approx(20.0)


def test_a_deleted_entity_is_gone_with_its_actions_and_may_come_again() -> None:
    place = '<Position><WorldPosition x="500" y="0"/></Position>'
    events = (
        event("long", drive(30.0, 3.0), start=at(1.0)),
        event("go", entity_action("A", "<DeleteEntityAction/>"), start=at(2.0)),
        event("come", entity_action("A", f"<AddEntityAction>{place}</AddEntityAction>"),
              start=at(4.0)),
    )  # fmt: skip
    played = Played(simple(*events))
    assert played.when("long", ENDED) == [2.01]
    samples = played.result.samples
    mine = samples[samples["entity"] == played.result.entities.index("A")]
    gone = np.setdiff1d(np.arange(0, 501), np.round(mine["time_s"] * 100).astype(int))
    assert (gone[0], gone[-1]) == (201, 400)
    assert played.row("A", 4.01)["x_m"] == pytest.approx(500.0, abs=0.3)
