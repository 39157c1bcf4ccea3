"""A program of another process that drives over OSI, and what can be wrong with one."""

import socket
import sys
from pathlib import Path

import numpy as np
import pytest

from proving.formats.drivers.driving import driven, named, speeds_of
from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Disk
from treadle.proving.formats.drivers.naming import driver_of

pytest.importorskip("osi3", reason="the extra osi is not installed")
EXAMPLE = Path(__file__).parents[4] / "examples" / "proving" / "osi_driver.py"
BAD = """
import math, os, socket, struct, sys, time
from osi3.osi_groundtruth_pb2 import GroundTruth
from osi3.osi_trafficupdate_pb2 import TrafficUpdate
trouble = sys.argv[2]
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    line, _ = server.accept()
    incoming = line.makefile("rb")
    while len(head := incoming.read(4)) == 4:
        truth = GroundTruth.FromString(incoming.read(struct.unpack("<I", head)[0]))
        host = truth.host_vehicle_id.value
        speed = [o.base.velocity.x for o in truth.moving_object if o.id.value == host][0]
        update = TrafficUpdate()
        it = update.update.add()
        it.id.value, it.base.velocity.x = host, speed
        message = None
        if speed > 38.0:
            if trouble == "silent":
                continue
            if trouble == "closes":
                break
            if trouble == "ends":
                os._exit(3)
            if trouble == "nan":
                it.base.velocity.x = math.nan
            if trouble == "other":
                it.id.value = 77
            if trouble == "nobody":
                del update.update[:]
            if trouble == "still":
                it.base.ClearField("velocity")
            if trouble == "noise":
                message = bytes([255] * 9)
        message = message or update.SerializeToString()
        line.sendall(struct.pack("<I", len(message)) + message)
    incoming.close()
    line.close()
"""


def test_the_example_drives_as_the_same_law_in_python(tmp_path: Path) -> None:
    # Of the example's law the gain is 0.05 /s2, which is 0.5 / 10 of the one in Python.
    name = f"osi:{sys.executable} {EXAMPLE} {{port}}"
    driver = driver_of(name, Disk(), settings={"lanes": 2})
    assert driver.version.startswith("sha256:")
    ours = driven(tmp_path, driver)
    assert set(ours.outcomes) == {"COMPLETED"}, ours.reasons
    theirs = driven(tmp_path, named(tmp_path, "plain"))
    # Where it has driven past Lead, the example takes 1 km of free way and the other one infinity.
    for variant in (0, 1):
        ahead = slice(0, 250)
        expected = speeds_of(theirs, variant)[ahead]
        np.testing.assert_allclose(speeds_of(ours, variant)[ahead], expected, rtol=0.0, atol=1e-9)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("silent", "it did not answer within 1 s"),
        ("closes", "the connection broke: it was closed from the other side"),
        ("ends", "the connection broke: "),
        ("nan", "it answered with a velocity or yaw that is no number (nan"),
        ("other", "it answered for 77, not once for its vehicle, 1"),
        ("nobody", "it answered for nobody, not once for its vehicle, 1"),
        ("still", "it answered without a velocity"),
        ("noise", "it answered with what is no TrafficUpdate"),
    ],
)
def test_a_fault_ends_that_run_alone(tmp_path: Path, trouble: str, said: str) -> None:
    (tmp_path / "bad.py").write_text(BAD)
    name = f"osi:{sys.executable} {tmp_path / 'bad.py'} {{port}} {trouble}"
    driver = driver_of(name, Disk(), settings={"patience_s": 1.0})
    # The one at 39 m/s is in the middle: those after it run all the same.
    result = driven(tmp_path, driver, [20.0, 39.0, 21.0])
    assert result.outcomes.tolist() == ["COMPLETED", "INCONCLUSIVE", "COMPLETED"], result.reasons
    assert said in result.reasons[1]
    assert speeds_of(result, 2) == pytest.approx(21.0)


def test_a_program_that_listens_elsewhere_is_connected_to(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        name = f"osi:127.0.0.1:{port}"
        driver = driver_of(name, Disk(), settings={"patience_s": 0.3})
        assert driver.version == "not told"
        result = driven(tmp_path, driver, [20.0])
        assert result.reasons[0] == f"{name}: it did not answer within 0.3 s"
    result = driven(tmp_path, driver, [20.0])
    assert "there is no connection to it: " in result.reasons[0]


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("osi:program", {}, r"is no HOST:PORT, and as a command .* \{port\}"),
        ("osi:host:1", {"speed": 1.0}, r"has no setting speed \(there are: period_s, patience_s"),
    ],
)
def test_a_name_that_says_nothing_is_refused(
    name: str, settings: dict[str, float], said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        driver_of(name, Disk(), settings=settings)


def test_a_command_that_is_not_there_leaves_its_runs_inconclusive(tmp_path: Path) -> None:
    driver = driver_of("osi:no-such-program {port}", Disk())
    result = driven(tmp_path, driver, [20.0, 30.0])
    assert set(result.outcomes) == {"INCONCLUSIVE"}
    assert "no-such-program cannot be started: No such file" in result.reasons[0]
