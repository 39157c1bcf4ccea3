"""Runs with traffic: collisions, leaps, threads, what is refused, what there is no room for."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from proving.scenarios.coming import (
    CAR_AHEAD,
    CAR_LENGTH,
    Coming,
    area,
    definition,
    distribution,
    later,
    sink,
    source,
    swarm,
    traffic,
    ways,
)
from proving.scenarios.written import lane
from treadle.kernel import InvalidInputError
from treadle.proving.formats import results, staging
from treadle.proving.rules.result import Result

HALF_RATE = source(lane(-1, 100), 'radius="0" rate="0.5" velocity="20"')
SPEED = '<ParameterDeclaration name="V" parameterType="double" value="20"/>'
VARIED = source(lane(-1, 100), 'radius="80" rate="0.4" velocity="$V"', definition(car=2, bus=1))


def test_a_vehicle_of_traffic_that_hits_an_entity_is_told_by_its_name() -> None:
    result = Coming(traffic(HALF_RATE), ego=(-1, 300.0, 0.0), until_s=14.0).run()
    # Ego's rear is at 298 m; the front of a car is 3.65 m ahead of its reference point
    first = (298.0 - 100.0 - CAR_AHEAD - CAR_LENGTH / 2) / 20.0
    told = [(result.entities[row["entity"]], result.entities[row["other"]])
            for row in result.contacts]  # fmt: skip
    assert told == [("Ego", "T.1"), ("Ego", "T.2"), ("Ego", "T.3")]
    assert result.contacts["time_s"].tolist() == pytest.approx([first, first + 2, first + 4])
    assert np.allclose(result.contacts["impact_speed_mps"], 20.0)


def test_a_collision_condition_by_type_sees_traffic() -> None:
    stop = """<StopTrigger><ConditionGroup><Condition name="c" delay="0" conditionEdge="none">
      <ByEntityCondition><TriggeringEntities triggeringEntitiesRule="any">
      <EntityRef entityRef="Ego"/></TriggeringEntities><EntityCondition><CollisionCondition>
      <ByType type="vehicle"/></CollisionCondition></EntityCondition></ByEntityCondition>
      </Condition></ConditionGroup></StopTrigger>"""
    whole = Coming(traffic(HALF_RATE), ego=(-1, 300.0, 0.0), until_s=14.0)
    before, _, _ = whole.text.partition("<StopTrigger>")
    whole.files["s.xosc"] = f"{before}{stop}</Storyboard></OpenSCENARIO>".encode()
    result = whole.run()
    assert result.outcomes[0] == "COMPLETED"
    assert result.end_times_s[0] == pytest.approx(9.72)


@pytest.mark.parametrize("made", ["source", "swarm"])
def test_leaps_pass_over_nothing_that_comes_or_goes(made: str) -> None:
    told = {"source": HALF_RATE, "swarm": swarm(6, velocity=12.0)}[made]
    takes = traffic(sink(lane(-1, 600), 'radius="5"'), "S")
    stop = later(31.0, traffic("<TrafficStopAction/>", ""))
    whole = Coming(
        traffic(told), takes, stories=(stop,), ego=(-1, 300.0, 0.0), until_s=120.0
    ).compiled
    leapt, stepped = (
        whole.run(transitions=True, single_steps=single, threads=1) for single in (False, True)
    )
    assert len(stepped.contacts) > 0
    assert leapt.entities == stepped.entities
    assert leapt.contacts[["entity", "other"]].tolist() == (
        stepped.contacts[["entity", "other"]].tolist()
    )
    assert np.allclose(leapt.contacts["time_s"], stepped.contacts["time_s"], atol=1e-6)


def test_chance_hangs_on_seed_and_variant_alone_not_on_threads_or_on_what_runs_beside() -> None:
    whole = Coming(
        traffic(VARIED), traffic(swarm(5, velocity=15.0), "U"), until_s=8.0, parameters=SPEED
    ).compiled
    given = {"V": np.linspace(10.0, 30.0, 200)}
    how: dict[str, Any] = {"trajectories": "all", "sample_s": 1.0}
    runs = [whole.run(parameters=given, threads=n, **how) for n in (1, 3)]
    assert results.written(runs[0]) == results.written(runs[1])
    alone = whole.run([150], parameters={"V": given["V"][150:151]}, **how)
    among = runs[0].samples[runs[0].samples["variant"] == 150]
    assert np.array_equal(alone.samples["x_m"], among["x_m"])
    other = whole.run(parameters=given, seed=1, **how)
    assert not np.array_equal(other.samples["x_m"], runs[0].samples["x_m"])
    began = {r["x_m"][0] for v in (3, 4) for r in ways(_only(runs[0], v)).values()}
    assert len(began) > 10  # variants draw differently


def _only(result: Result, variant: int) -> Result:
    return replace(result, samples=result.samples[result.samples["variant"] == variant])


def test_more_vehicles_than_there_is_room_for_are_said() -> None:
    told = swarm(300, semiMajorAxis=950.0, velocity=20.0)
    result = Coming(traffic(told), ego=(-1, 1000.0, 0.0), until_s=0.5).run()
    assert result.outcomes[0] == "INCONCLUSIVE"
    assert "more vehicles at once than a run has room for" in result.reasons[0]
    first = result.samples[(result.samples["time_s"] == 0.0) & (result.samples["entity"] != 0)]
    assert len(first) == 256


def test_a_result_with_traffic_is_written_and_read_the_same() -> None:
    result = Coming(traffic(HALF_RATE), until_s=5.0).run()
    again, _ = results.read(results.written(result))
    assert again.entities == result.entities
    assert again.guests.tolist() == result.guests.tolist()


def test_the_picture_has_the_boxes_of_traffic() -> None:
    whole = Coming(traffic(HALF_RATE), until_s=5.0)
    result = whole.run()
    build, values = whole.compiled.lowered(0, 0)
    movers = staging.movers(build, values, result, 0)
    assert [m.name for m in movers] == ["Ego", "T.1", "T.2", "T.3"]
    assert (movers[1].kind, movers[1].length_m, movers[1].ahead_m) == ("car", 4.5, 1.4)
    assert len(staging.tracks(result, 0, [m.name for m in movers])) == 4


def test_what_a_run_does_with_traffic_is_in_its_manifest() -> None:
    whole = Coming(traffic(HALF_RATE), traffic(swarm(3))).compiled
    lines = {line.tag: line for line in whole.manifest if not line.file.endswith("xodr")}
    assert not [line for line in whole.manifest if line.outcome == "not supported"]
    assert lines["TrafficSourceAction"].outcome == "executed"
    assert "default controller" in lines["ControllerDistribution"].reason
    assert "usual ones of the category" in lines["VehicleCategoryDistributionEntry"].reason


def test_without_a_distribution_there_are_cars_and_a_warning() -> None:
    told = f'<TrafficSourceAction radius="0" rate="1"><Position>{lane(-1, 9)}</Position>'
    whole = Coming(traffic(told + "</TrafficSourceAction>"), revision=3).compiled
    assert whole.run(time_limit_s=30.0).outcomes[0] == "COMPLETED"
    assert "semantic.no_distribution" in {one.rule for one in whole.scenario.findings}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (source(lane(-1, 9), 'radius="NaN" rate="1"'), "radius of TrafficSourceAction"),
        (source(lane(-1, 9), 'radius="-1" rate="1"'), "give 0 or more"),
        (source(lane(-1, 9), 'radius="0" rate="-0.1"'), "give 0 or more"),
        (source(lane(-1, 9), 'radius="0" rate="INF"'), "rate of TrafficSourceAction"),
        (source(lane(-1, 9), 'radius="0" rate="1" velocity="-3"'), "give 0 or more"),
        (source(lane(-1, 9), 'radius="0" rate="1"', definition(car=0)), "no weight above 0"),
        (source(lane(-1, 9), 'radius="0" rate="1"', definition(car=-1, bus=3)), "a weight below 0"),
        (source(lane(-1, 9), 'radius="0" rate="1"', definition(cart=1)), "category"),
        (swarm(-1), "numberOfVehicles"),
        (swarm("1.5"), "an integer is needed"),
        (swarm(3, semiMajorAxis=-200), "give 0 or more"),
        (swarm(3, '<InitialSpeedRange lowerLimit="9" upperLimit="5"/>'), "exchange its limits"),
        (sink(lane(-1, 9), 'radius="5" rate="-2"'), "give 0 or more"),
        (area('<RoadRange><RoadCursor roadId="7"/><RoadCursor roadId="1"/></RoadRange>', 3), "7"),
        (area("<Polygon/>", 3), "Polygon"),
    ],
)
def test_bad_numbers_are_refused_with_file_and_line(told: str, says: str) -> None:
    with pytest.raises(InvalidInputError, match=r"s\.xosc:\d+") as refused:
        Coming(traffic(told), revision=3).run()
    assert says in str(refused.value)


def test_a_variant_with_a_negative_rate_is_inconclusive_and_says_why() -> None:
    told = source(lane(-1, 100), 'radius="0" rate="$R" velocity="20"', distribution())
    declared = '<ParameterDeclaration name="R" parameterType="double" value="1"/>'
    whole = Coming(traffic(told), until_s=3.0, revision=3, parameters=declared).compiled
    result = whole.run(parameters={"R": np.array([0.5, -1.0, 0.0])}, time_limit_s=5.0)
    assert result.outcomes.tolist() == ["COMPLETED", "INCONCLUSIVE", "COMPLETED"]
    assert "rate of TrafficSourceAction: is less than 0" in result.reasons[1]


@pytest.mark.parametrize("rate", ["1e300", "1000000"])
def test_a_rate_beyond_all_room_ends(rate: str) -> None:
    told = source(lane(-1, 500), f'radius="400" rate="{rate}" velocity="20"')
    try:
        result = Coming(traffic(told), until_s=0.2).run()
    except InvalidInputError:
        return
    assert result.outcomes[0] == "INCONCLUSIVE"
