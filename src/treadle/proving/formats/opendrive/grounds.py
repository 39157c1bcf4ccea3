"""The ground of a junction out of a file (OpenDRIVE 1.8, 12.11)."""

import math

from treadle.proving.formats.opendrive.profiles import read_plan
from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.node import Node
from treadle.proving.rules.roads.junction import ElevationGrid

_TRANSITION = "the heights on the way from a road onto a junction's grid are not blended"
_NO_PLACE = "a grid lies along the junction's planView, and there is none"
_LEAST = 2


def read_ground(source: Source, junction: Node) -> ElevationGrid | None:
    """Return a junction's elevation grid; None where it has none, or an error says why."""
    node = source.only(junction, "elevationGrid")
    if node is None:
        return None
    start, spacing = source.number(node, "sStart", 0.0), source.number(node, "gridSpacing", 0.0)
    rows = [
        [_heights(source, row, side) for side in ("right", "center", "left")]
        for row in source.each(node, "elevation")
    ]
    if junction.child("planView") is None or "gridSpacing" not in node.attributes:
        source.ledger.not_supported(node, _NO_PLACE)
        return None
    n_right, n_left = (max((len(row[k]) for row in rows), default=0) for k in (0, 2))
    if not spacing > 0.0 or len(rows) < _LEAST or n_right + n_left + 1 < _LEAST:
        text = "a grid needs squares: a gridSpacing above 0, two rows and more than their centres"
        source.ledger.error("opendrive.no_grid", text, node)
        return None
    for row in node.all("elevation"):
        if not row.attributes.get("center", "").strip():
            text = "a row of a grid has no z at its center; give one"
            source.ledger.error("opendrive.no_grid", text, row)
            return None
    _blends(source, junction)
    none = math.nan
    return ElevationGrid(
        line=read_plan(source, junction),
        s_start=start,
        spacing=spacing,
        rows=tuple(
            (
                *[none] * (n_right - len(right)),
                *reversed(right),
                centre[0],
                *left,
                *[none] * (n_left - len(left)),
            )
            for right, centre, left in rows
        ),
        n_right=n_right,
    )


def _heights(source: Source, row: Node, side: str) -> list[float]:
    """Return the z of a row's corners on one side, from inside to outside."""
    found = []
    for word in source.text(row, side, "").split():
        try:
            found.append(float(word))
        except ValueError:
            found.append(math.nan)
        if not math.isfinite(found[-1]):
            text = f"{side}={word!r} of <elevation> is no height"
            source.ledger.error("opendrive.no_number", text, row)
            found[-1] = 0.0
    return found


def _blends(source: Source, junction: Node) -> None:
    """Note where a road is to go over smoothly to the grid."""
    for boundary in junction.all("boundary"):
        for segment in boundary.all("segment"):
            if source.number(segment, "transitionLength", 0.0) > 0.0:
                source.ledger.not_supported(segment, _TRANSITION)
