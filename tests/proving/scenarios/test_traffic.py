"""Traffic that comes and goes: counts and places worked out by hand, chance by its bounds."""

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
from proving.scenarios.written import lane, world

HALF_RATE = source(lane(-1, 100), 'radius="0" rate="0.5" velocity="20"')
"""A car each two seconds, at s = 100 m, at 20 m/s."""


def test_a_source_makes_one_vehicle_at_once_and_then_one_each_so_many_seconds() -> None:
    found = ways(Coming(traffic(HALF_RATE), until_s=11.0).run())
    assert list(found) == [f"T.{k}" for k in range(1, 7)]  # at 0, 2, 4, 6, 8, 10 s
    for k, rows in enumerate(found.values()):
        assert rows["time_s"][0] == 2.0 * k
        assert np.allclose(rows["x_m"], 100.0 + 20.0 * (rows["time_s"] - 2.0 * k), atol=1e-9)
        assert np.allclose(rows["y_m"], -1.5)
        assert np.allclose(rows["speed_mps"], 20.0)


def test_a_rate_that_no_step_divides_does_not_drift() -> None:
    told = source(lane(-1, 100), 'radius="0" rate="0.7" velocity="20"')
    found = ways(Coming(traffic(told), until_s=20.0).run(sample_s=0.01))
    begins = np.array([rows["time_s"][0] for rows in found.values()])
    # the k-th is due k / 0.7 s after the first, and comes in the first step from then on
    assert np.allclose(begins, np.ceil(np.arange(15) / 0.7 / 0.01 - 1e-6) * 0.01, atol=1e-9)


def test_a_source_of_rate_zero_makes_nothing_and_the_run_is_whole() -> None:
    told = source(lane(-1, 100), 'radius="0" rate="0" velocity="20"')
    result = Coming(traffic(told)).run()
    assert result.outcomes[0] == "COMPLETED"
    assert result.entities == ("Ego",)


def test_a_vehicle_for_which_there_is_no_room_waits_and_the_next_comes_that_much_later() -> None:
    # Ego stands on the source until it drives on; a car is 4.5 m long and wants 2 m on both sides
    told = source(lane(-1, 100), 'radius="0" rate="0.5" velocity="20"')
    result = Coming(traffic(told), ego=(-1, 100.0, 1.0), until_s=20.0).run(sample_s=0.01)
    assert result.outcomes[0] == "INCONCLUSIVE"  # others were due meanwhile
    assert "had no room for as many vehicles as its rate demands" in result.reasons[0]
    found = ways(result)
    # free when Ego's rear, 2 m behind it, is past the box's front and its room
    free = CAR_AHEAD + CAR_LENGTH / 2 + 2.0 + 2.0
    first = next(iter(found.values()))["time_s"][0]
    assert free <= first <= free + 0.02
    assert list(found.values())[1]["time_s"][0] == pytest.approx(first + 2.0, abs=1e-9)


def test_without_a_speed_the_limit_of_the_lane_counts_and_else_50_km_h() -> None:
    told = source(lane(-1, 100), 'radius="0" rate="0.1"')
    (rows,) = ways(Coming(traffic(told), until_s=5.0).run()).values()
    assert np.allclose(rows["speed_mps"], 50.0 / 3.6)


def test_a_source_with_a_radius_makes_vehicles_on_lanes_within_it_as_these_go() -> None:
    told = source(lane(-1, 500), 'radius="60" rate="2" velocity="10"')
    found = ways(Coming(traffic(told), until_s=30.0).run(sample_s=0.5))
    begins = np.array([(rows["x_m"][0], rows["y_m"][0]) for rows in found.values()])
    assert np.hypot(begins[:, 0] - 500.0, begins[:, 1] + 1.5).max() <= 60.0 + 0.5 * 10.0
    assert set(np.round(begins[:, 1], 6)) == {-4.5, -1.5, 1.5, 4.5}
    for rows in found.values():
        along = 1.0 if rows["y_m"][0] < 0.0 else -1.0
        assert np.cos(rows["heading_rad"][0]) == pytest.approx(along)


def test_a_vehicle_that_came_to_the_end_of_the_roads_is_gone_and_leaves_its_place() -> None:
    told = source(lane(-1, 1900), 'radius="0" rate="0.5" velocity="50"')
    result = Coming(traffic(told), until_s=60.0).run()
    assert result.outcomes[0] == "COMPLETED"
    found = ways(result)
    assert len(found) == 31
    assert all(rows["x_m"].max() <= 2000.0 and len(rows) <= 3 for rows in found.values())
    assert len(result.contacts) == 0  # those that stood there would be hit


def test_a_sink_takes_whoever_comes_near_and_leaves_the_scenarios_own_entities() -> None:
    whole = Coming(
        traffic(HALF_RATE),
        traffic(sink(lane(-1, 400), 'radius="5"'), "S"),
        ego=(-2, 400.0, 0.0),
        until_s=30.0,
    )
    result = whole.run(sample_s=0.01)
    found = ways(result)
    for rows in list(found.values())[:8]:  # at 395 m, 14.75 s after they came
        assert rows["x_m"][-1] == pytest.approx(395.0, abs=0.25)
        assert rows["time_s"][-1] - rows["time_s"][0] == pytest.approx(14.75, abs=0.02)
    assert (result.samples["entity"] == 0).sum() == 3001


def test_a_sink_with_a_rate_lets_the_others_pass() -> None:
    told = traffic(sink(lane(-1, 400), 'radius="5" rate="0.25"'), "S")
    found = ways(Coming(traffic(HALF_RATE), told, until_s=40.0).run())
    taken = [name for name, rows in found.items() if rows["time_s"][-1] < 39.0]
    assert taken == ["T.1", "T.3", "T.5", "T.7", "T.9", "T.11", "T.13"]


def test_a_sink_that_is_called_as_a_traffic_takes_only_that() -> None:
    other = traffic(source(lane(-2, 100), 'radius="0" rate="0.1" velocity="20"'), "U")
    told = traffic(sink(lane(-1, 400), 'radius="50"'), "U")
    found = ways(Coming(traffic(HALF_RATE), other, told, until_s=30.0).run())
    assert found["U.1"]["x_m"].max() <= 360.0
    assert found["T.1"]["x_m"].max() == pytest.approx(700.0)


def test_a_sink_takes_only_the_categories_that_it_names() -> None:
    made_of = definition(truck=1.0, bus=1.0)
    told = source(lane(-1, 100), 'radius="0" rate="0.5" velocity="20"', made_of)
    takes = traffic(sink(lane(-1, 400), 'radius="5"', definition(bus=2.0, van=1.0)), "S")
    whole = Coming(traffic(told), takes, until_s=60.0)
    result = whole.run()
    kinds = whole.compiled.lowered(0, 0)[0].templates.array()["category"]
    of_name = {result.entities[row["entity"]]: kinds[row["template"]] for row in result.guests}
    bus, truck = 1, 8
    assert set(of_name.values()) == {bus, truck}
    for name, rows in ways(result).items():
        if rows["time_s"][0] < 40.0:
            assert (rows["x_m"].max() < 400.0) == (of_name[name] == bus)


def test_a_stop_ends_the_traffic_of_its_name_and_what_is_there_goes_on() -> None:
    other = traffic(source(lane(-2, 100), 'radius="0" rate="0.5" velocity="20"'), "U")
    stop = later(5.0, traffic("<TrafficStopAction/>"))
    result = Coming(traffic(HALF_RATE), other, stories=(stop,), until_s=20.0).run()
    found = ways(result)
    assert [name for name in found if name[0] == "T"] == ["T.1", "T.2", "T.3"]  # 0, 2, 4 s
    assert sum(name[0] == "U" for name in found) == 11
    assert found["T.1"]["x_m"][-1] == pytest.approx(500.0)


def test_traffic_that_begins_in_an_event_begins_then_and_its_action_is_done_at_once() -> None:
    whole = Coming(stories=(later(3.0, traffic(HALF_RATE)),), until_s=10.0)
    result = whole.run(transitions=True)
    rows = ways(result)["T.1"]
    assert rows["x_m"][0] == pytest.approx(120.0)  # a second after it came
    assert rows["time_s"][0] == 4.0
    events = [k for k, element in enumerate(result.elements) if element.kind == "event"]
    told = result.transitions[np.isin(result.transitions["element"], events)]
    assert told["time_s"].tolist() == pytest.approx([3.0, 3.01])  # started, ended with its step


def test_a_swarm_fills_its_ellipse_keeps_to_it_and_replaces_who_left() -> None:
    whole = Coming(traffic(swarm(8, velocity=10.0)), ego=(-1, 300.0, 30.0), until_s=40.0)
    result = whole.run()
    assert result.outcomes[0] == "COMPLETED"
    found = ways(result)
    ego = result.samples[result.samples["entity"] == 0]
    x_of = dict(zip(ego["time_s"].tolist(), ego["x_m"].tolist(), strict=True))
    for time_s, x in x_of.items():
        rows = result.samples[result.samples["entity"] != 0]
        rows = rows[rows["time_s"] == time_s]
        assert len(rows) == 8
        inside = ((rows["x_m"] - x) / 200.0) ** 2 + ((rows["y_m"] + 1.5) / 10.0) ** 2
        assert inside.max() <= 1.0 + 1e-6
    assert len(found) > 20  # Ego leaves them behind
    for rows in found.values():
        if rows["time_s"][0] == 0.0:
            assert np.hypot(rows["x_m"][0] - 300.0, rows["y_m"][0] + 1.5) >= 10.0


def test_a_swarm_goes_the_way_that_it_is_told_and_as_fast() -> None:
    more = """<InitialSpeedRange lowerLimit="5" upperLimit="9"/>
      <DirectionOfTravelDistribution same="0" opposite="3"/>"""
    found = ways(Coming(traffic(swarm(12, more)), ego=(-1, 900.0, 0.0), until_s=5.0).run())
    rows = np.array([one[0] for one in found.values()])
    assert (rows["y_m"] > 0.0).all()
    assert np.allclose(np.cos(rows["heading_rad"]), -1.0)
    assert rows["speed_mps"].min() >= 5.0
    assert rows["speed_mps"].max() <= 9.0
    assert len(set(rows["speed_mps"])) > 6


def test_a_swarm_ahead_of_its_object_is_ahead() -> None:
    told = swarm(6, velocity=0.0, offset=400.0, innerRadius=0.0)
    found = ways(Coming(traffic(told), ego=(-1, 100.0, 0.0), until_s=2.0).run())
    x = np.array([rows["x_m"][0] for rows in found.values()])
    assert ((x >= 300.0) & (x <= 700.0)).all()


def test_an_area_along_a_road_has_so_many_entities_on_its_lanes() -> None:
    place = """<RoadRange length="300"><RoadCursor roadId="1" s="200"><Lane id="-2"/></RoadCursor>
      <RoadCursor roadId="1" s="1900"/></RoadRange>"""
    whole = Coming(traffic(area(place, 9)), until_s=5.0, revision=3)
    rows = np.array([one[0] for one in ways(whole.run()).values()])
    assert len(rows) == 9
    assert np.allclose(rows["y_m"], -4.5)
    assert ((rows["x_m"] >= 200.0) & (rows["x_m"] <= 500.0)).all()


def test_an_area_that_is_continuous_replaces_who_left_it_and_another_does_not() -> None:
    corners = ((900, -6), (1100, -6), (1100, 6), (900, 6))
    place = "".join(f"<Position>{world(x, y)}</Position>" for x, y in corners)
    place = f"<Polygon>{place}</Polygon>"
    for continuous in (True, False):
        told = traffic(area(place, 5, continuous=continuous))
        result = Coming(told, until_s=30.0, revision=3).run()
        rows = result.samples[(result.samples["entity"] != 0) & (result.samples["time_s"] == 30.0)]
        assert (len(ways(result)) > 5) == continuous
        assert len(rows) == 5
        assert (((rows["x_m"] >= 900.0) & (rows["x_m"] <= 1100.0)).all()) == continuous


def test_an_area_too_small_for_its_entities_is_said() -> None:
    place = """<RoadRange><RoadCursor roadId="1" s="200"><Lane id="-2"/></RoadCursor>
      <RoadCursor roadId="1" s="220"/></RoadRange>"""
    result = Coming(traffic(area(place, 9)), until_s=5.0, revision=3).run()
    assert result.outcomes[0] == "INCONCLUSIVE"
    assert "has not room for all of its entities" in result.reasons[0]


def test_weights_are_those_of_entities_within_those_of_entries() -> None:
    made_of = distribution(c3=3.0, c8=1.0)
    told = source(lane(-1, 100), 'radius="0" rate="1" speed="20"', made_of)
    whole = Coming(traffic(told), until_s=90.0, revision=3)
    result = whole.run()
    build, values = whole.compiled.lowered(0, 0)
    shares = [values.base[row["share_slot"]] for row in build.shares.array()]
    assert shares == [0.75, 0.25]
    lengths = np.array([values.base[row["length_slot"]] for row in build.templates.array()])
    drawn = lengths[result.guests["template"]]
    assert abs((drawn == 3.0).sum() - 0.75 * 91) < 4 * np.sqrt(91 * 0.75 * 0.25)
