"""Where the lanes of a road lie across, from what the file says."""

import numpy as np

from treadle.proving.rules.roads.geometry import Polynomial
from treadle.proving.rules.roads.lanes import LaneSection
from treadle.proving.rules.roads.road import Contact, Road
from treadle.proving.rules.roads.sections import whole_sections


def edges(road: Road, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the t of the outermost lane borders at these s, left and right, (n,) each [m]."""
    offset = _value(road.lane_offsets, s)
    left, right = offset.copy(), offset.copy()
    sections = whole_sections(road.sections)
    starts = np.array([section.s for section in sections])
    which = np.clip(np.searchsorted(starts, s, side="right") - 1, 0, None)
    for number in np.unique(which):
        here = which == number
        section = sections[number]
        ds = s[here] - section.s
        for lane in section.lanes:
            side, sign = (left, 1) if lane.id > 0 else (right, -1)
            if lane.id and lane.widths:
                side[here] += sign * _value(lane.widths, ds)
            elif lane.id and lane.borders:
                border = offset[here] + _value(lane.borders, ds)
                side[here] = (np.maximum if sign > 0 else np.minimum)(side[here], border)
    return left, right


def borders(section: LaneSection, offset: np.ndarray, ds: np.ndarray) -> np.ndarray:
    """Return the t of the border that each lane has on its outer side; of lane 0 the offset.

    Parameters
    ----------
    section
        Whole, as `whole_sections` makes it.
    offset : (n,) [m]
        The lane offset there.
    ds : (n,) [m]
        From the section's start.

    Returns
    -------
    (n_lanes, n) [m]
        In the order of `section.lanes`: leftmost first.
    """
    found = np.tile(offset, (len(section.lanes), 1))
    for sign in (1, -1):
        inner = offset
        rows = [k for k, lane in enumerate(section.lanes) if lane.id * sign > 0]
        for k in rows[::-1] if sign > 0 else rows:
            lane = section.lanes[k]
            if lane.borders and not lane.widths:
                found[k] = offset + _value(lane.borders, ds)
            else:
                found[k] = inner + sign * _value(lane.widths, ds)
            inner = found[k]
    return found


def profile_at(profile: tuple[Polynomial, ...], s: np.ndarray) -> np.ndarray:
    """Return what a profile says at these s, (n,); 0 where it says nothing."""
    return _value(profile, s)


def _value(profile: tuple[Polynomial, ...], s: np.ndarray) -> np.ndarray:
    if not profile:
        return np.zeros(len(s))
    rows = np.array([(p.s, p.a, p.b, p.c, p.d) for p in profile])
    which = np.clip(np.searchsorted(rows[:, 0], s, side="right") - 1, 0, None)
    start, a, b, c, d = rows[which].T
    ds = s - start
    return np.asarray(a + ds * (b + ds * (c + ds * d)))


def centres(road: Road, contact: Contact) -> dict[int, float]:
    """Return the t of each lane's middle at an end of a road, by lane id [m]; 0 of lane 0."""
    sections = whole_sections(road.sections)
    section = sections[0 if contact == "start" else -1]
    s = 0.0 if contact == "start" else road.length
    offset = value_at(road.lane_offsets, s)
    found = {0: offset}
    for lanes in (
        [lane for lane in reversed(section.lanes) if lane.id > 0],
        [lane for lane in section.lanes if lane.id < 0],
    ):
        inner = offset
        for lane in lanes:
            if lane.borders and not lane.widths:
                outer = offset + value_at(lane.borders, s - section.s)
            else:
                sign = 1 if lane.id > 0 else -1
                outer = inner + sign * value_at(lane.widths, s - section.s)
            found[lane.id] = (inner + outer) / 2
            inner = outer
    return found


def value_at(profile: tuple[Polynomial, ...], s: float) -> float:
    """Return what a profile says at s; 0 where it says nothing."""
    found = next((p for p in reversed(profile) if p.s <= s), profile[0] if profile else None)
    if found is None:
        return 0.0
    ds = s - found.s
    return found.a + ds * (found.b + ds * (found.c + ds * found.d))
