"""All metrics of runs that are over: from their trajectories and contacts."""

import numpy as np

from treadle.engine.measuring.tables import (
    INDEX,
    MEASURES,
    accumulators,
    measured,
    measured_at,
    settings_of,
)
from treadle.proving.rules.metrics.tracks import Tracks, seen_by


def metrics_of_tracks(
    tracks: Tracks, own: int, settings: np.ndarray | None = None
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return what engine.measuring keeps of runs, from their trajectories.

    Parameters
    ----------
    own
        Index of the entity whose measures they are.
    settings : (1,) SETTINGS

    Returns
    -------
    values, times : name to (n_variants,)
        NaN where there is no data; times [s] of minima and maxima.
    """
    from treadle.engine.measuring.replaying import measure_all  # noqa: PLC0415 - numba

    seen, others = seen_by(tracks, own)
    kept = accumulators(len(tracks.variants))
    there = np.isfinite(seen["speed"]) & np.isfinite(seen["time"])
    n_samples = np.cumprod(there, axis=1).sum(axis=1).astype(np.int64)
    gone = there.sum(axis=1) != n_samples  # its own trajectory has holes: nothing is told
    measure_all(seen, others, n_samples, settings_of() if settings is None else settings, kept)
    values, times = measured(kept), measured_at(kept)
    values[gone], times[gone] = np.nan, np.nan
    values[:, INDEX["off_road_time"]] = np.nan  # trajectories know no roads
    return (
        {measure.name: values[:, k] for k, measure in enumerate(MEASURES)},
        {measure.name: times[:, k] for k, measure in enumerate(MEASURES) if measure.at >= 0},
    )


def encroachments(tracks: Tracks, own: int, other: int) -> dict[str, np.ndarray]:
    """Return when two entities were on the same ground, exact between samples.

    Ground is shared where the one's outline at some time overlaps the other's at any time; the
    conflict area of Allen, Shin, Cooper (1978) is that of the two ways themselves. Where boxes
    turn, corners are within 1 mm.

    Returns
    -------
    name to (n_variants,)
        `pet` [s]: 0 where they touch, inf where they share no ground. `own_is_first`: 1, 0, or NaN
        where neither. `own_from`, `own_to`, `other_from`, `other_to` [s]: entry and exit; NaN where
        no ground is shared. `encroachment_time` [s]: of the own; NaN too where the record ends
        before the exit. All NaN where one of the two has no trajectory.
    """
    from treadle.engine.measuring.encroachment import (  # noqa: PLC0415 - numba
        FOUND,
        LEAST,
        OTHER_FROM,
        OTHER_TO,
        OWN_FROM,
        OWN_TO,
        SIDE,
        encroach_all,
    )

    poses = [
        np.stack(
            [tracks.times, tracks.x[:, :, k], tracks.y[:, :, k], tracks.headings[:, :, k]], axis=2
        )
        for k in (own, other)
    ]
    halves = np.array(
        [half for k in (own, other) for half in (tracks.boxes[k].length_m, tracks.boxes[k].width_m)]
    )
    out = np.full((len(tracks.variants), FOUND), np.nan)
    encroach_all(poses[0], poses[1], tracks.n_samples, 0.5 * halves, out)
    told = {
        name: np.where(np.isinf(out[:, column]), np.nan, out[:, column])
        for name, column in (
            ("own_from", OWN_FROM),
            ("own_to", OWN_TO),
            ("other_from", OTHER_FROM),
            ("other_to", OTHER_TO),
        )
    }
    seen = np.where(np.isnan(tracks.x[:, :, own]), -np.inf, tracks.times)
    last = seen.max(axis=1, initial=-np.inf)
    took = told["own_to"] - told["own_from"]
    is_first = np.select([out[:, SIDE] > 0, out[:, SIDE] < 0], [1.0, 0.0], np.nan)
    return {
        "pet": out[:, LEAST],
        "own_is_first": is_first,
        "encroachment_time": np.where(told["own_to"] < last, took, np.nan),
        **told,
    }


def of_contacts(
    contacts: np.ndarray, variants: np.ndarray, outcomes: np.ndarray, own: int
) -> dict[str, np.ndarray]:
    """Return the collisions of an entity.

    Parameters
    ----------
    contacts
        Rows of proving.rules.result.CONTACT.
    variants, outcomes : (n_variants,)
        As in Result; runs that did not complete have no number.
    own
        Index of the entity.

    Returns
    -------
    `collisions`, `impact_speed` [m/s], `delta_v` [m/s] to (n_variants,)
    """
    order = {int(number): row for row, number in enumerate(variants)}
    told = {name: np.zeros(len(variants)) for name in ("collisions", "impact_speed", "delta_v")}
    for contact in contacts[(contacts["entity"] == own) | (contacts["other"] == own)]:
        row = order.get(int(contact["variant"]))
        if row is None:
            continue
        changed = contact["delta_v_mps" if contact["entity"] == own else "other_delta_v_mps"]
        told["collisions"][row] += 1
        for name, value in (("impact_speed", contact["impact_speed_mps"]), ("delta_v", changed)):
            told[name][row] = np.maximum(told[name][row], value)  # NaN stays NaN
    for array in told.values():
        array[outcomes != "COMPLETED"] = np.nan
    return told
