"""Recorded trajectories as arrays over variants, and what one road user saw along them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from treadle.engine.driving.tables import OTHER, OWN
from treadle.kernel import InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An entity's box: its size, and its centre ahead and to the left of the reference point."""

    length_m: float
    width_m: float
    ahead_m: float = 0.0
    left_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tracks:
    """Where everybody's box was; NaN where one is not there, and behind a variant's last sample.

    Attributes
    ----------
    variants : (n_variants,)
        Their numbers.
    n_samples : (n_variants,) int64
    times : (n_variants, n_samples)  [s]
    x, y : (n_variants, n_samples, n_entities)  [m]
        Of the boxes' centres.
    headings : (n_variants, n_samples, n_entities)  [rad]
    speeds : (n_variants, n_samples, n_entities)  [m/s]
        Along the heading.
    boxes
        One an entity.
    """

    variants: np.ndarray
    n_samples: np.ndarray
    times: np.ndarray
    x: np.ndarray
    y: np.ndarray
    headings: np.ndarray
    speeds: np.ndarray
    boxes: tuple[Box, ...]


def tracks_of(
    samples: np.ndarray, variants: np.ndarray, entities: Sequence[str], boxes: Mapping[str, Box]
) -> Tracks:
    """Return the trajectories of a result as arrays.

    Parameters
    ----------
    samples
        Rows of proving.rules.result.SAMPLE.
    variants : (n_variants,)
        Which ones, in their order; those without samples come back without any.
    entities
        Names by index, as in the result.
    boxes
        Of each of them.

    Raises
    ------
    InvalidInputError
        Where an entity has no box.
    """
    without = [name for name in entities if name not in boxes]
    if without:
        text = f"the size of {', '.join(without)} is not known; give a box for each entity"
        raise InvalidInputError(text)
    order = {int(number): row for row, number in enumerate(variants)}
    rows = np.array([order.get(int(number), -1) for number in samples["variant"]], np.int64)
    samples, rows = samples[rows >= 0], rows[rows >= 0]
    moments, of = np.unique(
        np.stack([rows.astype(np.float64), samples["time_s"]]), axis=1, return_inverse=True
    )
    of = np.asarray(of).reshape(-1)
    counts = np.bincount(moments[0].astype(np.int64), minlength=len(variants))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    k = of - starts[rows]
    shape = (len(variants), int(counts.max(initial=0)))
    times = np.full(shape, np.nan)
    times[rows, k] = samples["time_s"]
    told = {
        name: np.full((*shape, len(entities)), np.nan)
        for name in ("x_m", "y_m", "heading_rad", "speed_mps")
    }
    for name, array in told.items():
        array[rows, k, samples["entity"]] = samples[name]
    ahead = np.array([boxes[name].ahead_m for name in entities])
    left = np.array([boxes[name].left_m for name in entities])
    cosine, sine = np.cos(told["heading_rad"]), np.sin(told["heading_rad"])
    return Tracks(
        variants=np.asarray(variants),
        n_samples=counts.astype(np.int64),
        times=times,
        x=told["x_m"] + cosine * ahead - sine * left,
        y=told["y_m"] + sine * ahead + cosine * left,
        headings=told["heading_rad"],
        speeds=told["speed_mps"],
        boxes=tuple(boxes[name] for name in entities),
    )


def _rates(values: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return by how much values grew since the sample before; at the first, until the next.

    Parameters
    ----------
    values : (n_variants, n_samples, n_entities)
    times : (n_variants, n_samples)
    """
    grown = np.diff(values, axis=1) / np.diff(times, axis=1)[:, :, None]
    before = np.concatenate([np.full_like(values[:, :1], np.nan), grown], axis=1)
    after = np.concatenate([grown, np.full_like(values[:, :1], np.nan)], axis=1)
    # who has just come, and who is seen once only, is taken to keep what it does
    return np.where(np.isnan(before), np.where(np.isnan(after), 0.0, after), before)


def seen_by(tracks: Tracks, own: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what an entity saw at each sample, in the frame of its own heading.

    Lanes and limits are not in trajectories: measures of them have no data.

    Returns
    -------
    own : (n_variants, n_samples) OWN
    others : (n_variants, n_samples, n_entities) OTHER
    """
    if tracks.times.shape[1] == 0:
        return np.zeros(tracks.times.shape, OWN), np.zeros(tracks.x.shape, OTHER)
    speeds, headings = tracks.speeds, tracks.headings
    accelerations = _rates(speeds, tracks.times)
    turned = np.diff(headings, axis=1, prepend=headings[:, :1])
    turned = np.where(np.isnan(turned), 0.0, (turned + np.pi) % (2 * np.pi) - np.pi)
    turning = _rates(np.cumsum(turned, axis=1), tracks.times)
    rows = np.zeros(tracks.times.shape, OWN)
    rows["time"], rows["speed"] = tracks.times, speeds[:, :, own]
    rows["acceleration"] = accelerations[:, :, own]
    with np.errstate(divide="ignore", invalid="ignore"):
        bend = turning[:, :, own] / speeds[:, :, own]
    rows["curvature"] = np.where(np.abs(speeds[:, :, own]) > 0.0, bend, 0.0)
    rows["length"], rows["width"] = tracks.boxes[own].length_m, tracks.boxes[own].width_m
    rows["max_acceleration"] = rows["max_deceleration"] = rows["speed_limit"] = np.inf
    others = np.zeros(tracks.x.shape, OTHER)
    base = headings[:, :, own, None]
    dx, dy = (v - v[:, :, own, None] for v in (tracks.x, tracks.y))
    cosine, sine = np.cos(base), np.sin(base)
    others["dx"], others["dy"] = cosine * dx + sine * dy, cosine * dy - sine * dx
    heading = headings - base
    length = np.array([box.length_m for box in tracks.boxes])
    width = np.array([box.width_m for box in tracks.boxes])
    along, across = np.abs(np.cos(heading)), np.abs(np.sin(heading))
    others["heading"] = heading
    others["length"] = along * length + across * width
    others["width"] = across * length + along * width
    others["gap_x"] = np.abs(others["dx"]) - 0.5 * (others["length"] + length[own])
    others["gap_y"] = np.abs(others["dy"]) - 0.5 * (others["width"] + width[own])
    others["speed"], others["lateral_speed"] = speeds * np.cos(heading), speeds * np.sin(heading)
    others["acceleration"] = accelerations
    others["entity"] = np.arange(len(tracks.boxes))
    there = ~np.isnan(tracks.x) & (np.arange(len(tracks.boxes)) != own)
    others["is_there"] = there
    return rows, others
