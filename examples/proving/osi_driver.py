"""A driver of a few lines that speaks ASAM OSI: it keeps a distance of 1.5 s to whoever is ahead.

    treadle's name of it: osi:python examples/proving/osi_driver.py {port}

It listens on a port of this machine. Each connection is a run: GroundTruth comes in, TrafficUpdate
goes out, each after its length in four bytes, little end first. It needs osi-python alone.
"""

import math
import socket
import struct
import sys
import threading

from osi3.osi_groundtruth_pb2 import GroundTruth
from osi3.osi_object_pb2 import MovingObject
from osi3.osi_trafficupdate_pb2 import TrafficUpdate

LENGTH = struct.Struct("<I")
HEADWAY_S, GAIN, PERIOD_S, BESIDE_M = 1.5, 0.05, 0.01, 2.0


def gap_ahead(host: MovingObject, others: list[MovingObject]) -> float:
    """Return the free way to whoever is straight ahead [m]."""
    yaw, here = host.base.orientation.yaw, host.base.position
    nearest = math.inf
    for other in others:
        dx, dy = other.base.position.x - here.x, other.base.position.y - here.y
        along = math.cos(yaw) * dx + math.sin(yaw) * dy
        across = math.cos(yaw) * dy - math.sin(yaw) * dx
        lengths = host.base.dimension.length + other.base.dimension.length
        if along > 0.0 and abs(across) < BESIDE_M:
            nearest = min(nearest, along - 0.5 * lengths)
    return nearest


def answer(ground_truth: GroundTruth) -> TrafficUpdate:
    """Return what the host vehicle shall be like a step later."""
    host_id = ground_truth.host_vehicle_id.value
    objects = list(ground_truth.moving_object)
    (host,) = (one for one in objects if one.id.value == host_id)
    speed = math.hypot(host.base.velocity.x, host.base.velocity.y)
    gap = min(1000.0, gap_ahead(host, [one for one in objects if one.id.value != host_id]))
    speed = max(0.0, speed + PERIOD_S * GAIN * (gap - HEADWAY_S * speed))
    update = TrafficUpdate()
    update.timestamp.CopyFrom(ground_truth.timestamp)
    told = update.update.add()
    told.id.value = host_id
    told.base.velocity.x = speed * math.cos(host.base.orientation.yaw)
    told.base.velocity.y = speed * math.sin(host.base.orientation.yaw)
    return update


def serve(line: socket.socket) -> None:
    """Answer on one connection until it is closed."""
    with line, line.makefile("rb") as incoming:
        while len(head := incoming.read(LENGTH.size)) == LENGTH.size:
            (length,) = LENGTH.unpack(head)
            message = answer(GroundTruth.FromString(incoming.read(length))).SerializeToString()
            line.sendall(LENGTH.pack(len(message)) + message)


def main() -> None:
    """Listen, and serve each connection in a thread of its own."""
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
        while True:
            line, _ = server.accept()
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(line,), daemon=True).start()


if __name__ == "__main__":
    main()
