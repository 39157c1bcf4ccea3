"""Which condition started each step, what lights showed, and height: as worked by hand."""

from pathlib import Path

import pytest

from proving.views import crossing
from treadle.kernel.scene import Condition
from treadle.proving.formats import staging
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.rules.simulating import Options

_CONDITION = (
    """<Condition name="{name}" delay="{delay}" conditionEdge="{edge}">{inside}</Condition>"""
)
_SHOWS = '<ByValueCondition><TrafficSignalCondition name="7" state="{state}"/></ByValueCondition>'
_TIME = (
    '<ByValueCondition><SimulationTimeCondition value="{value}" rule="{rule}"/></ByValueCondition>'
)
_FASTER = """<ByEntityCondition><TriggeringEntities triggeringEntitiesRule="any">
<EntityRef entityRef="Ego"/></TriggeringEntities><EntityCondition>
<SpeedCondition value="${$Target_mps - 1}" rule="greaterThan"/></EntityCondition>
</ByEntityCondition>"""
_LIGHTS = """<TrafficSignals><TrafficSignalController name="C" delay="0">
<Phase name="stop" duration="2"><TrafficSignalState trafficSignalId="7" state="red"/></Phase>
<Phase name="go" duration="3"><TrafficSignalState trafficSignalId="7" state="green"/></Phase>
</TrafficSignalController></TrafficSignals>"""
_SIGNAL = """<signals><signal id="7" s="90" t="1" dynamic="yes" orientation="+" country="OpenDRIVE"
 type="1000001" subtype="-1"/></signals>"""
_UPHILL = """<elevationProfile><elevation s="0" a="1" b="0.05" c="0" d="0"/></elevationProfile>"""


def condition(name: str, inside: str, delay: float = 0, edge: str = "none") -> str:
    return _CONDITION.format(name=name, inside=inside, delay=delay, edge=edge)


def groups(*each: str) -> str:
    return "".join(f"<ConditionGroup>{one}</ConditionGroup>" for one in each)


def time(value: float, rule: str = "greaterOrEqual") -> str:
    return _TIME.format(value=value, rule=rule)


@pytest.fixture(scope="module")
def lit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a scenario up a hill, with a light: it speeds up when that is green, or after 4 s."""
    folder = crossing.written(tmp_path_factory.mktemp("lit"))
    starts = groups(
        condition("late", time(4)),
        condition("green", _SHOWS.format(state="green"), 0.5)
        + condition("not at once", time(0.1, "greaterThan")),
    )
    ends = groups(condition("fast enough", _FASTER, edge="rising"), condition("late", time(6)))
    text = (folder / "faster.xosc").read_text()
    event = text.index('<StartTrigger><ConditionGroup><Condition name="after a second"')
    until = text.index("</StartTrigger>", event)
    text = f"{text[:event]}<StartTrigger>{starts}{text[until:]}"
    stop = text.index("<StopTrigger>")
    text = f"{text[:stop]}<StopTrigger>{ends}</StopTrigger></Storyboard></OpenSCENARIO>"
    text = text.replace("</RoadNetwork>", f"{_LIGHTS}</RoadNetwork>")
    (folder / "faster.xosc").write_text(text)
    road = crossing.ROAD.replace("<lanes>", f"{_UPHILL}<lanes>")
    (folder / "straight.xodr").write_text(road.replace("</lanes>", f"</lanes>{_SIGNAL}"))
    return folder


@pytest.fixture(scope="module")
def told(lit: Path) -> dict[str, tuple[Condition, ...]]:
    compiled = Scenario.read(str(lit / "faster.xosc")).compile()
    result = compiled.run(transitions=True, time_limit_s=30.0)
    build, _ = compiled.lowered(0, 0)
    rows, steps = staging.steps(build)
    options = Options(step_s=0.01, time_limit_s=30.0, threads=1)
    made = staging.conditions(steps, rows, (compiled, build, result, options), 0)
    assert all(steps[one.number].name == one.step for one in made)
    return {name: tuple(c for c in made if c.step == name) for name in ("storyboard", "Faster")}


def test_the_group_that_held_is_told_and_the_other_did_not(
    told: dict[str, tuple[Condition, ...]],
) -> None:
    late, green, not_at_once = told["Faster"]
    assert [(c.name, c.group, c.ends) for c in (late, green, not_at_once)] == [
        ("late", 0, False), ("green", 1, False), ("not at once", 1, False),
    ]  # fmt: skip
    assert late.fired_s == ()
    assert green.fired_s == not_at_once.fired_s == (2.5,)  # green after 2 s, 0.5 s later
    assert all(c.is_known for c in told["Faster"])


def test_conditions_are_told_with_the_values_that_they_had(
    told: dict[str, tuple[Condition, ...]],
) -> None:
    assert [c.words for c in told["Faster"]] == [
        "time \N{GREATER-THAN OR EQUAL TO} 4 s",
        "signal 7 shows green, 0.5 s later",
        "time > 0.1 s",
    ]
    fast, _ = told["storyboard"]
    assert fast.words == "Ego: speed > 19 m/s, from the moment that it is so"
    assert "faster.xosc:" in fast.place


def test_what_ended_the_run_is_told(told: dict[str, tuple[Condition, ...]]) -> None:
    fast, late = told["storyboard"]
    assert (fast.ends, late.ends) == (True, True)
    # from 2.5 s on 10 m/s faster in 2 s: above 19 m/s after 1.8 s, which a step must see
    assert list(fast.fired_s) == pytest.approx([4.31], abs=0.011)
    assert late.fired_s == ()


def test_a_light_shows_its_phases_as_the_engine_saw_them(lit: Path) -> None:
    compiled = Scenario.read(str(lit / "faster.xosc")).compile()
    result = compiled.run(transitions=True, trajectories="all", time_limit_s=30.0)
    build, values = compiled.lowered(0, 0)
    (light,) = staging.signs(build, values.numbers(0), result, 0, 0.01)
    assert (light.name, light.x_m, light.y_m) == ("7", 90.0, 1.0)
    assert list(zip(light.times_s, light.states, strict=True)) == [(0.0, "red"), (2.0, "green")]


def test_height_is_told_where_the_road_is_not_level(lit: Path, tmp_path: Path) -> None:
    def heights(folder: Path) -> list[tuple[float, ...]]:
        compiled = Scenario.read(str(folder / "faster.xosc")).compile()
        result = compiled.run(trajectories="all", time_limit_s=30.0)
        return [track.z_m for track in staging.tracks(result, 0, result.entities)]

    ego, parked = heights(lit)
    assert ego[0] == pytest.approx(1 + 0.05 * 10, abs=0.02)  # at s = 10, 5 % uphill
    assert set(parked) == {6.0}
    assert heights(crossing.written(tmp_path / "level")) == [(), ()]
