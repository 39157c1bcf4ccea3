"""All road networks of the shared folder: read whole, and as an independent parser counts them."""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.rules.roads.curve import points
from treadle.proving.rules.roads.network import RoadNetwork


@pytest.fixture(scope="module")
def networks(shared_data: Path) -> dict[Path, RoadNetwork]:
    files = sorted((shared_data / "scenarios").rglob("*.xodr"))
    return {file: read_roads(file.read_bytes(), file.name) for file in files}


def test_all_are_read_and_nothing_that_may_change_motion_is_left_out(
    networks: dict[Path, RoadNetwork],
) -> None:
    assert len(networks) >= 39
    for file, network in networks.items():
        lines = network.ledger.lines(network.root)
        assert not [line for line in lines if line.may_change], file


def test_roads_lanes_and_geometries_are_all_there(networks: dict[Path, RoadNetwork]) -> None:
    for file, network in networks.items():
        tree = ET.parse(file).getroot()
        tables = network.compiled()
        roads = tree.findall("road")
        assert [road.get("id") for road in roads] == list(network.road_index)
        lengths = [float(road.get("length", "nan")) for road in roads]
        assert tables.roads["length"].tolist() == lengths
        assert len(tables.geometries) == len(tree.findall("road/planView/geometry"))
        assert len(tables.sections) == len(tree.findall("road/lanes/laneSection"))
        lanes = [
            int(lane.get("id", "0"))
            for section in tree.findall("road/lanes/laneSection")
            for lane in sorted(section.iter("lane"), key=lambda it: -int(it.get("id", "0")))
        ]
        assert tables.lanes["id"].tolist() == lanes
        assert len(tables.connections) == len(tree.findall("junction/connection"))
        signals = Counter(signal.get("id") for signal in tree.findall("road/signals/signal"))
        assert set(network.signals) == set(signals)


def test_every_geometry_ends_where_the_next_begins(networks: dict[Path, RoadNetwork]) -> None:
    """The files are their own oracle: tools wrote each start from the end before it."""
    n_checked = 0
    for network in networks.values():
        tables = network.compiled()
        rows = tables.geometries
        ends = points(rows, np.arange(len(rows)), rows["length"], tables.samples)
        road = np.repeat(np.arange(len(tables.roads)), tables.roads["n_geometries"])
        same = np.flatnonzero(road[1:] == road[:-1])
        gap = np.hypot(rows["x"][same + 1] - ends.x[same], rows["y"][same + 1] - ends.y[same])
        assert gap.max(initial=0) < 2e-3
        n_checked += len(same)
    assert n_checked > 300


def test_findings_are_few_and_true(networks: dict[Path, RoadNetwork]) -> None:
    found = {
        (file.name, finding.rule, finding.line)
        for file, network in networks.items()
        for finding in network.ledger.findings
        if finding.rule in ("opendrive.unknown_lane", "opendrive.gap_between_roads")
    }
    # Each looked up in its file: road 4 of highway_merge has no lane -3, and so on.
    assert {name for name, rule, _ in found if rule == "opendrive.unknown_lane"} == {
        "highway_merge.xodr",
        "X-Intersection_NCAP.xodr",
        "X-Intersection_NCAP_noRoadmarks.xodr",
    }
    assert {name for name, rule, _ in found if rule == "opendrive.gap_between_roads"} == {
        "multi_intersections.xodr",
        "soderleden.xodr",
    }
    assert all(re.fullmatch(r"[\w-]+\.xodr", name) for name, _, _ in found)
