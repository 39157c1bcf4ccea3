"""Metrics of shared ground in a part of a campaign, as bytes and back."""

from collections.abc import Mapping

import numpy as np

from treadle.proving.rules.metrics.whole_runs import OF_GROUND

GROUND = ".ground"
"""How their names end, in a part."""


def ground_written(told: Mapping[str, np.ndarray]) -> bytes:
    """Return metrics as bytes: (n_metrics, n_variants) float64, little end first."""
    return np.stack([told[name] for name in OF_GROUND]).astype("<f8").tobytes()


def ground_read(content: bytes) -> dict[str, np.ndarray]:
    """Return metrics from their bytes, (n_variants,) each."""
    rows = np.frombuffer(content, "<f8").reshape(len(OF_GROUND), -1)
    return dict(zip(OF_GROUND, rows, strict=True))
