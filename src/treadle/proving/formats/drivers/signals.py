"""What a driver sees, as named numbers: for drivers that take a fixed list of them.

Six neighbours are told apart: ahead and behind, in the own lane, in the lane to the left and in the
lane to the right. Whoever reaches into the own lane with its box is in it, whatever lane its centre
is in. Where there is nobody, `_present` is 0, the gap FAR, and both move alike.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

FAR = 1000.0
"""The gap to nobody [m], and how far neighbours are looked for."""
NO_LIMIT = 1000.0
"""The speed limit where none is told [m/s]."""
NEIGHBOURS = (
    "lead",
    "follower",
    "left_lead",
    "left_follower",
    "right_lead",
    "right_follower",
)
_OF_OWN = {
    "time": ("time", "s"),
    "own_speed": ("speed", "m/s"),
    "own_acceleration": ("acceleration", "m/s2"),
    "own_lateral_speed": ("lateral_speed", "m/s"),
    "own_length": ("length", "m"),
    "own_width": ("width", "m"),
    "own_wheelbase": ("wheelbase", "m"),
    "lane_offset": ("lane_offset", "m"),
    "lane_heading": ("lane_heading", "rad"),
    "lane_width": ("lane_width", "m"),
    "curvature": ("curvature", "1/m"),
    "set_speed": ("set_speed", "m/s"),
    "speed_limit": ("speed_limit", "m/s"),
    "lanes_left": ("lanes_left", "1"),
    "lanes_right": ("lanes_right", "1"),
    "is_on_road": ("is_on_road", "1"),
}
_OF_OTHER = {
    "present": ("is_there", "1"),
    "gap": ("gap_x", "m"),
    "lateral_gap": ("gap_y", "m"),
    "distance": ("dx", "m"),
    "lateral_distance": ("dy", "m"),
    "speed": ("speed", "m/s"),
    "lateral_speed": ("lateral_speed", "m/s"),
    "acceleration": ("acceleration", "m/s2"),
    "length": ("length", "m"),
    "width": ("width", "m"),
}
SIGNALS: dict[str, str] = {
    **{name: unit for name, (_, unit) in _OF_OWN.items()},
    "gap": "m",  # the same as lead_gap
    **{
        f"{who}_{what}": unit
        for who in NEIGHBOURS
        for what, (_, unit) in {**_OF_OTHER, "closing_speed": ("", "m/s")}.items()
    },
}
"""Every name, with its unit. `lead_closing_speed` is positive where the gap shrinks."""


def signals(
    own: np.ndarray, others: np.ndarray, names: tuple[str, ...] = tuple(SIGNALS)
) -> np.ndarray:
    """Return the numbers of these names.

    Parameters
    ----------
    own : (n,) engine.driving.tables.OWN
    others : (n, n_entities) OTHER

    Returns
    -------
    numbers : (n, n_names)
    """
    found = np.zeros((len(own), len(names)))
    chosen: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for column, name in enumerate(names):
        if name in _OF_OWN:
            found[:, column] = own[_OF_OWN[name][0]]
            if name == "speed_limit":
                found[:, column] = np.minimum(found[:, column], NO_LIMIT)
            continue
        who, what = _split("lead_gap" if name == "gap" else name)
        if who not in chosen:
            chosen[who] = _neighbour(own, others, who)
        found[:, column] = _told(own, *chosen[who], what, is_ahead=who.endswith("lead"))
    return found


def _split(name: str) -> tuple[str, str]:
    who = max((one for one in NEIGHBOURS if name.startswith(f"{one}_")), key=len)
    return who, name.removeprefix(f"{who}_")


def _neighbour(own: np.ndarray, others: np.ndarray, who: str) -> tuple[np.ndarray, np.ndarray]:
    """Return each lane's neighbour of this kind, as a row of others, and whether there is one."""
    is_ahead = others["dx"] > 0.0 if who.endswith("lead") else others["dx"] <= 0.0
    fits = (
        (others["is_there"] != 0)
        & is_ahead
        & (np.abs(others["dx"]) < FAR)
        & _WHERE[who](own, others)
    )
    distance = np.where(fits, np.abs(others["dx"]), np.inf)
    nearest = distance.argmin(axis=1)
    rows = np.arange(len(own))
    return others[rows, nearest], np.isfinite(distance[rows, nearest])


def _in_own_lane(own: np.ndarray, others: np.ndarray) -> np.ndarray:
    from_centre = np.abs(own["lane_offset"][:, None] + others["dy"])
    reach = np.where(own["lane_width"] > 0.0, own["lane_width"], own["width"])[:, None]
    from_centre = np.where(own["lane_width"][:, None] > 0.0, from_centre, np.abs(others["dy"]))
    inside: np.ndarray = from_centre < 0.5 * (reach + others["width"])
    return inside


def _beside(side: int) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    def there(own: np.ndarray, others: np.ndarray) -> np.ndarray:
        found: np.ndarray = (others["lane"] == side) & ~_in_own_lane(own, others)
        return found

    return there


_WHERE = {
    "lead": _in_own_lane,
    "follower": _in_own_lane,
    "left_lead": _beside(1),
    "left_follower": _beside(1),
    "right_lead": _beside(-1),
    "right_follower": _beside(-1),
}


def _told(
    own: np.ndarray, row: np.ndarray, is_there: np.ndarray, what: str, *, is_ahead: bool
) -> np.ndarray:
    sign = 1.0 if is_ahead else -1.0
    if what == "present":
        return is_there.astype(np.float64)
    if what == "closing_speed":
        return np.where(is_there, sign * (own["speed"] - row["speed"]), 0.0)
    nobody: Any = {"gap": FAR, "distance": sign * FAR, "speed": own["speed"]}.get(what, 0.0)
    numbers: np.ndarray = np.where(is_there, row[_OF_OTHER[what][0]], nobody)
    return numbers
