"""Cubic curves by their arc length: which p stands at which s.

A poly3 or paramPoly3 runs by a parameter p that is no length, while all of OpenDRIVE asks by s.
The engine keeps p at equal steps of arc length and interpolates; here those samples are made, for
all curves of a network at once.
"""

import numpy as np

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_PIECES = (8, 32, 128, 512)
_SAMPLES = (17, 65, 257, 1025)
_TOLERANCE_M = 2e-7  # of a linear interpolation between samples
_CHUNK = 256  # curves at a time, for memory
_NEWTON_STEPS = 8


def speeds(u: np.ndarray, v: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return how fast the curve moves with p.

    Parameters
    ----------
    u, v : (n, 4)
        Coefficients a, b, c, d of both coordinates.
    p : (n, ...)

    Returns
    -------
    (n, ...) [m per unit of p]
    """
    shape = (len(p),) + (1,) * (p.ndim - 1)
    du, dv = (
        c[:, 1].reshape(shape) + p * (2 * c[:, 2].reshape(shape) + 3 * p * c[:, 3].reshape(shape))
        for c in (u, v)
    )
    return np.asarray(np.hypot(du, dv))


def arcs(u: np.ndarray, v: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the arc length from p = start to end, by eight-point Gauss-Legendre.

    Parameters
    ----------
    start, end : (n, m)

    Returns
    -------
    (n, m) [m]
    """
    half = (end - start) / 2
    p = ((start + end) / 2)[..., None] + half[..., None] * _NODES
    return np.asarray((speeds(u, v, p) @ _WEIGHTS) * half)


def samples(
    u: np.ndarray, v: np.ndarray, end: np.ndarray, length: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    """Return p at equal steps of arc length, and how long each curve is.

    Parameters
    ----------
    u, v : (n, 4)
        Coefficients a, b, c, d of both coordinates.
    end : (n,)
        The last p.
    length : (n,) [m]
        Arc length at which to stop before `end`; NaN: run to `end`.

    Returns
    -------
    list of (k,)
        p from 0 on, k as many as keep a linear interpolation within 1e-6 m where 1,025 are enough.
    (n,) [m]
        Arc length over all of p; 0 or not finite where there is no curve.
    """
    found: list[np.ndarray] = [np.zeros(0)] * len(u)
    total = np.zeros(len(u))
    with np.errstate(all="ignore"):
        for first in range(0, len(u), _CHUNK):
            rows = np.arange(first, min(first + _CHUNK, len(u)))
            _sampled(u=u, v=v, end=end, length=length, rows=rows, found=found, total=total)
    return found, total


def _sampled(
    *,
    u: np.ndarray,
    v: np.ndarray,
    end: np.ndarray,
    length: np.ndarray,
    rows: np.ndarray,
    found: list[np.ndarray],
    total: np.ndarray,
) -> None:
    """Fill `found` and `total` for these rows: coarse first, finer for those that need it."""
    for n_pieces, n_samples in zip(_PIECES, _SAMPLES, strict=True):
        edges = end[rows, None] * np.linspace(0, 1, n_pieces + 1)
        steps = arcs(u[rows], v[rows], edges[:, :-1], edges[:, 1:])
        lengths = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(steps, axis=1)], axis=1)
        whole = lengths[:, -1]
        halved = arcs(u[rows], v[rows], edges[:, :-2:2], edges[:, 2::2]).sum(axis=1)
        stop = np.where(np.isnan(length[rows]), whole, np.minimum(length[rows], whole))
        targets = stop[:, None] * np.linspace(0, 1, n_samples)
        p = _inverted(u[rows], v[rows], edges, lengths, targets)
        between = np.abs(p[:, 1:-1:2] - (p[:, :-2:2] + p[:, 2::2]) / 2)
        off = between * speeds(u[rows], v[rows], p[:, 1:-1:2]) / 4
        fine = (off.max(axis=1) <= _TOLERANCE_M) & (np.abs(whole - halved) <= 1e-9 * (1 + whole))
        good = fine | ~(whole > 0) | ~np.isfinite(whole) | (n_samples == _SAMPLES[-1])
        for row, line in zip(rows[good], p[good], strict=True):
            found[row] = line
        total[rows[good]] = whole[good]
        rows = rows[~good]
        if not len(rows):
            break


def _inverted(
    u: np.ndarray, v: np.ndarray, edges: np.ndarray, lengths: np.ndarray, targets: np.ndarray
) -> np.ndarray:
    """Return p at these arc lengths: Newton's steps, kept within the piece that holds each."""
    n_pieces = edges.shape[1] - 1
    piece = np.stack(
        [
            np.clip(np.searchsorted(known, wanted, side="right") - 1, 0, n_pieces - 1)
            for known, wanted in zip(lengths, targets, strict=True)
        ]
    )
    low, high = (np.take_along_axis(edges, k, axis=1) for k in (piece, piece + 1))
    before, after = (np.take_along_axis(lengths, k, axis=1) for k in (piece, piece + 1))
    step = np.where(after > before, after - before, 1.0)
    p = low + (high - low) * np.clip((targets - before) / step, 0, 1)
    for _ in range(_NEWTON_STEPS):
        miss = before + arcs(u, v, low, p) - targets
        speed = speeds(u, v, p)
        change = np.where(speed > 0, miss / np.where(speed > 0, speed, 1.0), 0.0)
        p = np.clip(p - change, np.minimum(low, high), np.maximum(low, high))
        if not np.any(np.abs(miss) > 1e-11 * (1 + np.abs(targets))):
            break
    return np.asarray(p)
