"""A run as an OSI trace and as a scenario that replays it: what is read back is what happened."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest

from proving import drives
from proving.formats.openscenario.test_schema import asked
from proving.scenarios import small
from treadle.kernel import InvalidInputError, RefusedError
from treadle.kernel.bundle import Bundle
from treadle.kernel.leaving import Saving
from treadle.proving import Scenario
from treadle.proving.decide.running import write_osi as trace
from treadle.proving.formats.openscenario.replay import write_xosc
from treadle.proving.formats.osi_trace import write_osi
from treadle.proving.formats.results import read, together, written
from treadle.proving.rules.result import Result

ENTITIES = (small.entity("Ego"), small.entity("Other"))
INIT = (
    small.placed("Ego", small.lane("1", -1, 10.0), 20.0),
    small.placed("Other", small.lane("1", 1, 400.0, 'offset="0.3"'), 15.0),
)
BENT = small.network(small.road(1, '3 4 0.5 <arc curvature="0.004"/>', 800.0))
LEAVES = """<GlobalAction><EntityAction entityRef="Other">{}</EntityAction></GlobalAction>"""


def files_of(story: str = "", seconds: float = 4.0) -> dict[str, bytes]:
    text = small.text_of(ENTITIES, INIT, seconds, story=story)
    return {"s.xosc": text.encode(), "r.xodr": BENT.encode()}


def ran(story: str = "", seconds: float = 4.0) -> Result:
    scenario = small.written(ENTITIES, INIT, BENT, seconds, story=story)
    found: Result = scenario.compile().run(trajectories="all", threads=1, time_limit_s=10.0)
    assert set(found.outcomes) == {"COMPLETED"}, found.reasons
    return found


def visits() -> str:
    """A story in which Other goes at 1 s and is there again at 2 s, elsewhere."""
    add = f"<AddEntityAction>{small.lane('1', 1, 300.0)}</AddEntityAction>"
    acts = []
    for time_s, what in ((1.0, "<DeleteEntityAction/>"), (2.0, add)):
        action = LEAVES.format(what)
        acts.append(
            small.event(time_s, "", "Ego")
            .replace("<PrivateAction></PrivateAction>", action)
            .replace('name="s"', f'name="s{time_s:g}"')
        )
    return "".join(acts)


def replayed(result: Result, folder: Path) -> Result:
    write_xosc([result], folder / "again.xosc")
    scenario = Scenario.read(str(folder / "again.xosc"))
    assert [f for f in scenario.findings if f.level == "error"] == []
    again: Result = scenario.compile().run(trajectories="all", threads=1, time_limit_s=10.0)
    assert [f"{f.rule} {f.text}" for f in scenario.findings] == []
    assert set(again.outcomes) == {"COMPLETED"}, again.reasons
    return again


@pytest.mark.parametrize("story", ["", visits()], ids=["all stay", "one goes and comes"])
def test_a_replay_is_where_the_run_was(tmp_path: Path, story: str) -> None:
    result = ran(story)
    again = replayed(result, tmp_path)
    for name in result.entities:
        rows, theirs = (
            r.samples[r.samples["entity"] == r.entities.index(name)] for r in (result, again)
        )
        times = np.round(rows["time_s"], 6)
        same = np.isin(np.round(theirs["time_s"], 6), times)
        assert np.count_nonzero(same) >= len(times) - 2  # a step later where it comes, goes
        theirs = theirs[same]
        ours = rows[np.isin(times, np.round(theirs["time_s"], 6))]
        for column in ("x_m", "y_m", "z_m"):
            np.testing.assert_allclose(theirs[column], ours[column], rtol=0.0, atol=1e-6)
        turned = np.abs(np.angle(np.exp(1j * (theirs["heading_rad"] - ours["heading_rad"]))))
        assert turned.max() < 1e-6


def test_a_replay_knows_what_entities_are_like(tmp_path: Path) -> None:
    result = ran()
    again = replayed(result, tmp_path)
    for name in (
        "length_m",
        "width_m",
        "height_m",
        "ahead_m",
        "left_m",
        "up_m",
        "kind",
        "category",
    ):
        np.testing.assert_array_equal(again.shapes[name], result.shapes[name])
    assert result.shapes["length_m"].tolist() == [5.0, 5.0]
    assert result.shapes["ahead_m"].tolist() == [1.4, 1.4]


def test_shapes_are_kept_with_a_result() -> None:
    result = ran()
    back, _ = read(written(result))
    np.testing.assert_array_equal(back.shapes, result.shapes)
    np.testing.assert_array_equal(together([back]).shapes, result.shapes)


def test_an_osi_trace_has_a_frame_a_moment(tmp_path: Path) -> None:
    ground = pytest.importorskip("osi3.osi_groundtruth_pb2", reason="the extra osi is missing")
    result = ran()
    write_osi([result], tmp_path / "run.osi")
    content, at, frames = (tmp_path / "run.osi").read_bytes(), 0, []
    while at < len(content):
        (length,) = struct.unpack_from("<I", content, at)
        frames.append(ground.GroundTruth.FromString(content[at + 4 : at + 4 + length]))
        at += 4 + length
    times = np.unique(result.samples["time_s"])
    told = [f.timestamp.seconds + 1e-9 * f.timestamp.nanos for f in frames]
    np.testing.assert_allclose(told, times, rtol=0.0, atol=1e-9)
    assert {f.host_vehicle_id.value for f in frames} == {result.entities.index("Ego") + 1}
    for frame, time_s in list(zip(frames, times, strict=True))[::100]:
        for row in result.samples[result.samples["time_s"] == time_s]:
            (it,) = (o for o in frame.moving_object if o.id.value == row["entity"] + 1)
            # The box's centre is 1.4 m ahead of the reference point; speeds go along the heading.
            heading = row["heading_rad"]
            centre = (row["x_m"] + 1.4 * np.cos(heading), row["y_m"] + 1.4 * np.sin(heading))
            position, velocity = it.base.position, it.base.velocity
            np.testing.assert_allclose((position.x, position.y), centre, rtol=0.0, atol=1e-9)
            assert np.hypot(velocity.x, velocity.y) == pytest.approx(row["speed_mps"])
            assert np.cos(it.base.orientation.yaw - heading) == pytest.approx(1.0)
            assert -np.pi < it.base.orientation.yaw <= np.pi
            assert it.base.dimension.length == 5.0
            assert it.type == it.TYPE_VEHICLE


def test_the_first_frame_of_a_trace_has_the_lanes(tmp_path: Path) -> None:
    ground = pytest.importorskip("osi3.osi_groundtruth_pb2", reason="the extra osi is missing")
    bundle = Bundle(files=files_of(), entries={"scenario": "s.xosc"})
    saving = Saving(parts=[written(ran())], files=bundle, options={}, seed=0)
    trace(saving, tmp_path / "run.osi")
    content, at, frames = (tmp_path / "run.osi").read_bytes(), 0, []
    while at < len(content):
        (length,) = struct.unpack_from("<I", content, at)
        frames.append(ground.GroundTruth.FromString(content[at + 4 : at + 4 + length]))
        at += 4 + length
    first, *later = frames
    assert not any(frame.lane or frame.lane_boundary for frame in later)
    assert len(first.moving_object) == 2
    # A left bend of 250 m, lanes of 3 m: the one on the right is between 250 and 253 m.
    x, y = 3.0 - 250.0 * np.sin(0.5), 4.0 + 250.0 * np.cos(0.5)
    edges = {one.id.value: one for one in first.lane_boundary}
    radii = [
        {round(float(np.hypot(p.position.x - x, p.position.y - y)), 6) for p in points}
        for one in first.lane
        for points in (edges[one.classification.left_lane_boundary_id[0].value].boundary_line,
                       edges[one.classification.right_lane_boundary_id[0].value].boundary_line)
    ]  # fmt: skip
    assert radii == [{247.0}, {250.0}, {250.0}, {253.0}]
    (ego,) = (o for o in first.moving_object if o.id == first.host_vehicle_id)
    position = ego.base.position
    assert 250.0 < np.hypot(position.x - x, position.y - y) < 253.0


def test_an_mcap_trace_tells_the_same_and_what_it_is(tmp_path: Path) -> None:
    reading = pytest.importorskip("mcap.reader", reason="the extra osi is missing")
    tracing = pytest.importorskip("osi3trace.osi_trace")
    result = ran()
    write_osi([result], tmp_path / "run.mcap")
    write_osi([result], tmp_path / "run.osi")
    single = tracing.OSITrace(str(tmp_path / "run.osi"), "GroundTruth")
    messages = [message.SerializeToString() for message in single]
    single.close()
    with (tmp_path / "run.mcap").open("rb") as file:
        reader = reading.make_reader(file)
        found = list(reader.iter_messages())
        (about,) = reader.iter_metadata()
        summary = reader.get_summary()
    assert [message.data for _, _, message in found] == messages
    assert all(message.log_time == message.publish_time for _, _, message in found)
    assert found[-1][2].log_time == round(1e9 * result.samples["time_s"].max())
    assert about.name == "net.asam.osi.trace"
    assert about.metadata["version"] == about.metadata["min_osi_version"] == "3.8.0"
    assert summary is not None
    assert len(summary.chunk_indexes) > 0
    schema, channel, _ = found[0]
    assert (schema.name, schema.encoding) == ("osi3.GroundTruth", "protobuf")
    assert channel.metadata["net.asam.osi.trace.channel.osi_version"] == "3.8.0"


@pytest.mark.parametrize("write", [write_osi, write_xosc])
def test_what_cannot_be_written_is_refused(tmp_path: Path, write: object) -> None:
    assert callable(write)
    suffix = "osi" if write is write_osi else "xosc"
    folder = drives.written(tmp_path)
    compiled = Scenario.read(str(folder / "drive.xosc")).compile()
    many = compiled.run(parameters={"Speed": [20.0, 21.0]}, trajectories="all", threads=1)
    with pytest.raises(RefusedError, match=r"several variants were kept; choose one with --var"):
        write([many], tmp_path / f"x.{suffix}")
    none = compiled.run(threads=1)
    with pytest.raises(RefusedError, match=r"none were kept in this run"):
        write([none], tmp_path / f"x.{suffix}")
    with pytest.raises(InvalidInputError, match=r"x\.txt should end with"):
        write([many], tmp_path / "x.txt")
    assert list(tmp_path.glob("*x.*")) == []


def test_a_replay_is_valid_by_the_published_schema(tmp_path: Path) -> None:
    python = os.environ.get("TREADLE_ORACLE")
    if not python:
        pytest.skip("TREADLE_ORACLE names no Python with asam-qc-openscenarioxml and lxml")
    for name, story in (("a", ""), ("b", visits())):
        write_xosc([ran(story)], tmp_path / f"{name}.xosc")
    files = sorted(tmp_path.glob("*.xosc"))
    assert asked(python, files) == {str(file): [] for file in files}
