"""Networks that another tool writes (scenariogeneration, BSD) are read without a finding.

`TREADLE_ORACLE` names a Python that has it.
"""

import json
import os
import subprocess

import pytest

from proving.formats.opendrive.written import left_out
from treadle.proving.formats.opendrive.reading import read_roads
from treadle.proving.rules.roads.network import RoadNetwork

WRITE = """
import json
from xml.etree import ElementTree as ET
from scenariogeneration import xodr

def text(*roads, creator=None):
    network = xodr.OpenDrive("generated")
    for road in roads:
        network.add_road(road)
    if creator is not None:
        network.add_junction_creator(creator)
    network.adjust_roads_and_lanes()
    return ET.tostring(network.get_element()).decode()

curves = [xodr.Line(50), xodr.Spiral(1e-9, 0.01, 60), xodr.Arc(0.01, length=40),
          xodr.Spiral(0.01, -0.02, 70)]
chain = [xodr.create_road(xodr.Line(100 + i), id=i, left_lanes=1, right_lanes=2) for i in range(3)]
for before, after in zip(chain, chain[1:]):
    before.add_successor(xodr.ElementType.road, after.id, xodr.ContactPoint.start)
    after.add_predecessor(xodr.ElementType.road, before.id, xodr.ContactPoint.end)
arms = [xodr.create_road(xodr.Line(100), id=i, left_lanes=n, right_lanes=n)
        for i, n in ((1, 1), (2, 2), (3, 1))]
creator = xodr.CommonJunctionCreator(id=100, name="three arms")
for arm, angle, end in zip(arms, (0, 2.0, 4.0), ("successor", "successor", "predecessor")):
    creator.add_incoming_road_circular_geometry(arm, radius=30, angle=angle, road_connection=end)
for one, other in ((1, 2), (2, 3), (1, 3)):
    creator.add_connection(one, other)
print(json.dumps({
    "curves": text(xodr.create_road(curves, id=0, left_lanes=2, right_lanes=3)),
    "chain": text(*chain),
    "junction": text(*arms, creator=creator),
}))
"""


@pytest.fixture(scope="module")
def networks() -> dict[str, RoadNetwork]:
    python = os.environ.get("TREADLE_ORACLE")
    if not python:
        pytest.skip("TREADLE_ORACLE names no Python with scenariogeneration")
    answer = subprocess.run([python, "-c", WRITE], capture_output=True, text=True, check=True)
    told = json.loads(answer.stdout)
    return {name: read_roads(text.encode(), name) for name, text in told.items()}


def test_what_another_tool_writes_has_no_findings(networks: dict[str, RoadNetwork]) -> None:
    for network in networks.values():
        assert network.ledger.findings == []
        assert left_out(network) == []


def test_its_junction_leads_both_ways_through_three_arms(
    networks: dict[str, RoadNetwork],
) -> None:
    tables = networks["junction"].compiled()
    ways = {(row["incoming_road"], row["connecting_road"]) for row in tables.connections}
    assert {incoming for incoming, _ in ways} == {0, 1, 2}
    assert all(tables.roads["junction"][connecting] == 0 for _, connecting in ways)
    assert (tables.connections["n_links"] > 0).all()


def test_its_chain_is_linked_from_end_to_end(networks: dict[str, RoadNetwork]) -> None:
    tables = networks["chain"].compiled()
    assert tables.roads["successor_index"].tolist() == [1, 2, -1]
    lanes = tables.lanes[tables.lanes["id"] == -2]
    assert [row["successor"] for row in lanes[:2]] == [-2, -2]
