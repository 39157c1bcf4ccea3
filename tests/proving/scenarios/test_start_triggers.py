"""Start triggers that name no condition (section 7.6.1: empty triggers are not meaningful)."""

from proving.scenarios.written import Run, does, lane, road, speed, teleport


def test_an_event_with_an_empty_start_trigger_begins_at_once() -> None:
    init = {"A": [teleport(lane(-1, 0.0)), speed(10.0)]}
    story = does("A", 0.0, speed(20.0), start="<StartTrigger/>")
    run = Run(init, story, until_s=1.0, roads=road())
    assert run.at("A", 0.5)[3] == 20.0
    assert run.changes("event", 0) == [0.0]
