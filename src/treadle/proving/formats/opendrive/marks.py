"""Road marks out of a file, for pictures: they move nothing (OpenDRIVE 1.8, section 11.7)."""

import math

from treadle.proving.rules.node import Node
from treadle.proving.rules.roads.drawing import LaneMark, Marks

_WIDTH_M, _BOLD_M = 0.12, 0.25
_DASH_M, _GAP_M = 3.0, 6.0  # where the file does not say: a common lane line


def read_marks(root: Node) -> Marks:
    """Return the marks of all lanes; what cannot be read as one is left out of the picture."""
    found: Marks = {}
    for road in root.all("road"):
        lanes = road.child("lanes")
        sections = lanes.all("laneSection") if lanes else []
        for index, section in enumerate(sections):
            for side in section.all("left", "center", "right"):
                for lane in side.all("lane"):
                    marks = sorted(map(_mark, lane.all("roadMark")), key=lambda mark: mark.s)
                    key = (road.attributes.get("id", ""), index, _whole(lane))
                    found[key] = tuple(marks)
    return found


def _whole(lane: Node) -> int:
    written = lane.attributes.get("id", "").strip()
    return int(written) if written.lstrip("+-").isdecimal() else 0


def _mark(node: Node) -> LaneMark:
    kind = node.attributes.get("type", "none").strip()
    weight = _BOLD_M if node.attributes.get("weight") == "bold" else _WIDTH_M
    width = _number(node, "width", weight) or weight
    dash, gap = 0.0, 0.0
    if kind.startswith("broken"):
        lines = [line for type_ in node.all("type") for line in type_.all("line")]
        dash = _number(lines[0], "length", _DASH_M) if lines else _DASH_M
        gap = _number(lines[0], "space", _GAP_M) if lines else _GAP_M
    is_told = dash > 0 and gap > 0
    return LaneMark(
        s=_number(node, "sOffset", 0.0),
        kind=kind,
        colour=node.attributes.get("color", "standard").strip(),
        width_m=min(width, 1.0),
        dash_m=dash if is_told else 0.0,
        gap_m=gap if is_told else 0.0,
    )


def _number(node: Node, name: str, default: float) -> float:
    try:
        value = float(node.attributes.get(name, default))
    except ValueError:
        return default
    return value if math.isfinite(value) and value >= 0 else default
