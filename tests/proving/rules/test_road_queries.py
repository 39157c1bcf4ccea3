"""Roads asked with arrays: against single questions, and real roads against another simulator."""

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from engine.road.networks import RoadDrawn, laid, to_road
from treadle.engine.road.surface import standing_at
from treadle.engine.road.tables import END, START
from treadle.kernel.errors import InvalidInputError
from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.rules.road_queries import RoadQueries

BEND = ((50.0, 0.0, 0.02), (50.0, 0.02, 0.0))
QUERIES = RoadQueries(
    laid(
        [
            RoadDrawn(pieces=BEND, after=to_road(1, START), elevations=((0, 0, 0.02, 0, 0),)),
            RoadDrawn(pieces=BEND, start=(500.0, 0.0, 0.0), before=to_road(0, END)),
        ]
    )
)


def test_many_places_are_asked_as_one_is() -> None:
    s = np.linspace(0.0, 100.0, 7)
    poses = QUERIES.poses(0, s, -1.75, np.pi)
    assert poses.shape == (7, 6)
    assert poses.tolist() == [list(standing_at(QUERIES.roads, 0, x, -1.75, np.pi)) for x in s]
    assert QUERIES.lines([0, 1], 0.0)[:, 0].tolist() == [0.0, 500.0]


def test_projection_gives_the_places_back() -> None:
    road, s = np.array([0, 1, 1]), np.array([10.0, 20.0, 99.0])
    poses = QUERIES.poses(road, s, [-1.0, 0.0, 2.0])
    found = QUERIES.project(poses[:, 0], poses[:, 1], poses[:, 3])
    assert found.road.tolist() == road.tolist()
    assert found.s == pytest.approx(s)
    assert found.t == pytest.approx([-1.0, 0.0, 2.0], abs=1e-9)
    assert found.off.tolist() == [0.0, 0.0, 0.0]


def test_lanes_have_centres_and_widths_where_they_are() -> None:
    assert QUERIES.lane_centres(0, [1.0, 2.0], -1).tolist() == [-1.75, -1.75]
    assert QUERIES.lane_widths(0, 1.0, [1, -1]).tolist() == [3.5, 3.5]
    assert np.isnan(QUERIES.lane_widths(0, 1.0, 5)).all()
    lane, offset = QUERIES.lanes(0, 1.0, [-1.5, 2.0])
    assert (lane.tolist(), offset.tolist()) == ([-1, 1], [0.25, 0.25])


def test_ways_go_on_over_linked_roads() -> None:
    found = QUERIES.go(0, [90.0, 95.0], -1, [5.0, 200.0])
    assert (found.road.tolist(), found.s.tolist()) == ([0, 1], [95.0, 100.0])
    assert found.left_over.tolist() == [0.0, 95.0]
    assert QUERIES.path((0, 5.0), (1, 5.0)) == [(0, 1), (1, 1)]
    assert QUERIES.distance((0, 5.0, -1), (1, 5.0)) == 100.0
    assert np.isnan(QUERIES.distance((0, 5.0, -1), (1, 5.0), limit_m=1.0))


def test_a_road_or_a_criterion_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no road 2"):
        QUERIES.poses(2, 0.0, 0.0)
    with pytest.raises(InvalidInputError, match="no road -1"):
        QUERIES.lines([0, -1], 0.0)
    with pytest.raises(InvalidInputError, match="shortest, fastest"):
        QUERIES.path((0, 0.0), (1, 0.0), criterion="nicest")


def reference(folder: Path, scenario: str) -> tuple[RoadQueries, dict[str, np.ndarray]]:
    """Return a scenario's roads and its samples by columns."""
    index = json.loads((folder / "reference" / "index.json").read_text())
    rows = index.get("scenarios", index) if isinstance(index, dict) else index
    entry = next(row for row in rows if row["file"].endswith(scenario))
    path = folder / entry["road_files"][0]
    queries = RoadQueries(read_roads(path.read_bytes(), path.name).compiled())
    with gzip.open(folder / entry[entry["recommended_reference"]], "rt") as text:
        samples = list(csv.DictReader(text))
    columns = {key: np.array([row[key] for row in samples]) for key in samples[0]}
    return queries, {k: v if k == "entity" else v.astype(float) for k, v in columns.items()}


@pytest.mark.parametrize(
    "scenario",
    [
        "curve_slope_simple.xosc",
        "elevations.xosc",
        "slope_up_slope_down.xosc",
        "tunnels.xosc",
        "multilane_3way_intersection_osi.xosc",
        "follow_route_controller_test_medium.xosc",
        "cut-in.xosc",
        "lane_width_and_offset.xosc",
        "highway_merge.xosc",
    ],
)
def test_real_roads_have_the_heights_of_another_simulator(shared_data: Path, scenario: str) -> None:
    queries, columns = reference(shared_data / "scenarios", scenario)
    found = queries.project(columns["x_m"], columns["y_m"], columns["heading_rad"])
    on = found.off == 0.0
    assert on.mean() > 0.9
    poses = queries.poses(found.road[on], found.s[on], found.t[on])
    assert poses[:, 2] == pytest.approx(columns["z_m"][on], abs=1e-3)
    assert poses[:, 0] == pytest.approx(columns["x_m"][on], abs=1e-6)
    assert poses[:, 1] == pytest.approx(columns["y_m"][on], abs=1e-6)
