"""Metrics of whole runs that are not kept while they run: of contacts, and of shared ground."""

from collections.abc import Collection

import numpy as np

from treadle.proving.rules.metrics.recorded import encroachments, of_contacts
from treadle.proving.rules.metrics.tracks import Box, tracks_of
from treadle.proving.rules.result import Result

OF_CONTACTS = ("impact_speed", "delta_v")
"""From contacts: there wherever the run came to its end."""
OF_GROUND = ("pet", "encroachment_time")
"""From trajectories, which are kept for them where a criterion asks."""
EXTRA = (*OF_CONTACTS, *OF_GROUND)
SAMPLE_S = 0.05
"""How far apart the samples are between which boxes are taken to go straight [s]."""


def contact_metrics(result: Result, entity: str) -> dict[str, np.ndarray]:
    """Return the metrics of contacts of an entity, (n_variants,) each; NaN where there are none."""
    if entity not in result.entities:
        return {name: np.full(len(result.variants), np.nan) for name in OF_CONTACTS}
    own = result.entities.index(entity)
    found = of_contacts(result.contacts, result.variants, result.outcomes, own)
    return {name: found[name] for name in OF_CONTACTS}


def ground_metrics(result: Result, entity: str) -> dict[str, np.ndarray]:
    """Return the least PET and the longest ET of an entity with any other, (n_variants,) each.

    NaN where the run did not come to its end, has no trajectories, or nobody else was there; a PET
    is inf where no ground is shared, and an ET then 0.
    """
    found = {name: np.full(len(result.variants), np.nan) for name in OF_GROUND}
    if entity not in result.entities:
        return found
    by_variant = np.argsort(result.samples["variant"], kind="stable")
    numbers = result.samples["variant"][by_variant]
    for row, number in enumerate(result.variants):
        first, last = np.searchsorted(numbers, [number, number + 1])
        samples = result.samples[by_variant[first:last]]
        boxes = _boxes(result, int(number))
        if result.outcomes[row] != "COMPLETED" or entity not in boxes or len(boxes) == 1:
            continue
        names = list(boxes)
        told = samples[np.isin(samples["entity"], [result.entities.index(n) for n in names])].copy()
        places = {result.entities.index(name): k for k, name in enumerate(names)}
        told["entity"] = [places[int(one)] for one in told["entity"]]
        tracks = tracks_of(told, np.array([number]), names, boxes)
        pairs = [
            encroachments(tracks, places[result.entities.index(entity)], other)
            for other, name in enumerate(names)
            if name != entity
        ]
        pets = np.array([pair["pet"][0] for pair in pairs])
        times = np.array([pair["encroachment_time"][0] for pair in pairs])
        if np.isnan(pets).all():
            continue
        found["pet"][row] = np.nanmin(pets)
        shares = np.isfinite(pets)
        if np.isnan(times[shares]).any():
            continue  # it ends on ground that another uses: for how long is not known
        found["encroachment_time"][row] = times[shares].max(initial=0.0)
    return found


def _boxes(result: Result, number: int) -> dict[str, Box]:
    """Return the boxes of a variant's entities; without who has none."""
    found: dict[str, Box] = {}
    for shape in result.shapes[result.shapes["variant"] == number]:
        if np.isfinite(shape["length_m"]):
            found[result.entities[int(shape["entity"])]] = Box(
                length_m=float(shape["length_m"]),
                width_m=float(shape["width_m"]),
                ahead_m=float(shape["ahead_m"]),
                left_m=float(shape["left_m"]),
            )
    return found


def wants_ground(metrics: Collection[str]) -> bool:
    """Return whether one of some metrics needs trajectories."""
    return any(name in metrics for name in OF_GROUND)
