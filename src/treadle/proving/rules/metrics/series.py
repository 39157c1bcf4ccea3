"""Measures at every sample, as numpy has them: for pictures, and to check what runs keep.

The same definitions as engine.measuring.pair, for arrays of any shape. NaN where nothing is known.
"""

import numpy as np

Numbers = np.ndarray | float


def time_to_collision(gap: Numbers, speed: Numbers, other: Numbers) -> np.ndarray:
    """Return the TTC [s]: 0 where they touch, inf where they do not close."""
    gap, closing = np.broadcast_arrays(np.asarray(gap, float), np.subtract(speed, other))
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.where(closing > 0, gap / closing, np.inf)
    return _where_known(np.where(gap <= 0, 0.0, told), gap, closing)


def time_headway(gap: Numbers, speed: Numbers) -> np.ndarray:
    """Return the time gap [s]: inf where the follower stands."""
    gap, speed = np.broadcast_arrays(np.asarray(gap, float), np.asarray(speed, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.where(speed > 0, np.maximum(gap, 0.0) / speed, np.inf)
    return _where_known(told, gap, speed)


def deceleration_to_avoid_crash(gap: Numbers, speed: Numbers, other: Numbers) -> np.ndarray:
    """Return the DRAC [m/s2]: 0 where they do not close, inf where they touch."""
    gap, closing = np.broadcast_arrays(np.asarray(gap, float), np.subtract(speed, other))
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.where(gap > 0, closing**2 / (2 * gap), np.inf)
    return _where_known(np.where(closing > 0, told, 0.0), gap, closing)


def deceleration_to_safety_time(
    gap: Numbers, speed: Numbers, other: Numbers, safety_time_s: float
) -> np.ndarray:
    """Return the DST [m/s2]."""
    room = np.subtract(gap, np.maximum(other, 0.0) * safety_time_s)
    return deceleration_to_avoid_crash(room, speed, other)


def time_to_brake(
    gap: Numbers, speed: Numbers, other: Numbers, deceleration_mps2: float
) -> np.ndarray:
    """Return the TTB [s] behind one who drives the same way."""
    closing = np.subtract(speed, other)
    ttc = time_to_collision(gap, speed, other)
    return np.asarray(np.where(closing > 0, ttc - closing / (2 * deceleration_mps2), np.inf))


def _where_known(told: np.ndarray, *inputs: np.ndarray) -> np.ndarray:
    unknown = np.isnan(inputs[0])
    for one in inputs[1:]:
        unknown = unknown | np.isnan(one)
    return np.where(unknown, np.nan, told)


def ahead(others: np.ndarray) -> np.ndarray:
    """Return who is ahead in the path at each sample: the index of the nearest, -1 for nobody.

    Parameters
    ----------
    others : (n_variants, n_samples, n_entities) OTHER
    """
    is_ahead = (others["is_there"] != 0) & (others["dx"] > 0) & (others["gap_y"] < 0)
    gaps = np.where(is_ahead, others["gap_x"], np.inf)
    return np.asarray(np.where(is_ahead.any(-1), np.argmin(gaps, axis=-1), -1))


def of_leader(own: np.ndarray, others: np.ndarray) -> dict[str, np.ndarray]:
    """Return gap, TTC, THW and DRAC to who is ahead at each sample, (n_variants, n_samples) each.

    NaN where nobody is ahead.
    """
    leader = ahead(others)
    chosen = np.take_along_axis(others, np.maximum(leader, 0)[..., None], axis=-1)[..., 0]
    gap = np.where(leader >= 0, chosen["gap_x"], np.nan)
    speed, other = own["speed"], chosen["speed"]
    return {
        "gap": gap,
        "ttc": time_to_collision(gap, speed, other),
        "thw": time_headway(gap, speed),
        "drac": deceleration_to_avoid_crash(gap, speed, other),
    }
