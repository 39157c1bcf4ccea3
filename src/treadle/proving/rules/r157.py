"""The set pieces of UN R157: grids of cut-ins, braking leaders and cut-outs, and what a model does.

`set_piece` runs one model over a grid; `preventable` says which cases it avoids, `frontier` where
they begin and end. The models themselves are in engine.driving.r157.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from treadle.engine.driving.r157.tables import (
    FAMILIES,
    MODELS,
    RESULT,
    SETTINGS,
    VARIANTS,
)
from treadle.kernel import InvalidInputError

CHUNK = 512
"""Cases that one thread takes at a time."""
AXES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cut_in": ("ego_speed_kmh", "cut_in_speed_kmh", "gap_m", "lateral_speed_mps"),
        "car_following": ("leader_deceleration_g", "speed_kmh"),
        "cut_out": ("speed_kmh", "front_gap_m", "lateral_speed_mps"),
    }
)
"""What a case of each family is made of."""
OUTCOMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cut_in": ("crash", "crash_type", "min_ttc_s"),
        "car_following": ("crash", "initial_gap_m", "speed_difference_mps"),
        "cut_out": ("crash", "leader_crash", "initial_gap_m"),
    }
)
"""What comes of it."""
FUZZY: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "cut_in": ("pfs_max", "cfs_max"),
        "car_following": ("pfs_max", "cfs_max"),
        "cut_out": ("pfs_first", "cfs_first"),
    }
)
"""What comes of it for fsm."""
SHIFT_M = 1e-9
"""A case lies on a threshold where shifting all gaps by so much changes what comes of it."""
Columns = dict[str, np.ndarray]


def models_of(family: str) -> tuple[str, ...]:
    """Return the models that a family has figures for: the last-second rule knows cut-ins only."""
    _known(family, FAMILIES, "family")
    return MODELS if family == "cut_in" else MODELS[:-1]


def grid(family: str, name: str = "low") -> np.ndarray:
    """Return the cases of a published sweep; `high` are the cut-ins of 70 to 130 km/h.

    Returns
    -------
    cases : (n_cases, n_axes)
        By AXES, the last one varying fastest.
    """
    _known(family, FAMILIES, "family")
    _known(name, ("low", "high") if family == "cut_in" else ("low",), f"grid of {family}")
    if family == "car_following":
        return product([0.05 + i * 0.05 for i in range(19)], range(12, 129, 2))
    if family == "cut_out":
        lateral = [-(0.1 + i * 0.20000000000000004) for i in range(15)]
        return product(range(10, 131, 10), range(2, 148, 5), lateral)
    lateral = [j * 0.1 for j in range(18)]
    if name == "low":
        return cut_ins(range(10, 61, 10), range(10, 60, 10), range(1, 60), lateral)
    return cut_ins(range(70, 131, 20), range(10, 101, 30), range(1, 120, 2), lateral)


def cut_ins(
    ego_kmh: Sequence[float],
    other_kmh: Sequence[float],
    gaps_m: Sequence[float],
    lateral_mps: Sequence[float],
) -> np.ndarray:
    """Return all cut-ins of these axes in which the other vehicle is slower, by AXES."""
    cases = product(ego_kmh, other_kmh, gaps_m, lateral_mps)
    return cases[cases[:, 1] < cases[:, 0]]


def product(*axes: Sequence[float]) -> np.ndarray:
    """Return all combinations of the axes' values, the last one varying fastest.

    Returns
    -------
    cases : (n_cases, n_axes)
    """
    spread = np.meshgrid(*(np.asarray(axis, np.float64) for axis in axes), indexing="ij")
    return np.stack([one.ravel() for one in spread], axis=1)


def variant_settings(variant: str, **changed: float) -> np.ndarray:
    """Return a variant's settings, single disputed points changed by name (tables.SETTINGS)."""
    _known(variant, tuple(VARIANTS), "variant")
    names = [name for name, _, _ in SETTINGS]
    settings = np.array(VARIANTS[variant], np.float64)
    for name, value in changed.items():
        _known(name, tuple(names), "setting")
        settings[names.index(name)] = value
    return settings


def set_piece(
    family: str,
    model: str,
    variant: str | np.ndarray = "jrc_2021",
    cases: str | np.ndarray = "low",
    *,
    shift_m: tuple[float, float] = (0.0, 0.0),
    threads: int | None = None,
) -> Columns:
    """Run a model over the cases of a family.

    Parameters
    ----------
    family, model
        Of FAMILIES and MODELS.
    variant
        Of VARIANTS, or settings : (n_settings,).
    cases : (n_cases, n_axes)
        Name of a published grid, or rows by AXES.
    shift_m : (2,)  [m]
        Added to all gaps along and across the lane, to find cases on a threshold.
    threads
        None: one a core. What comes out does not depend on it.

    Returns
    -------
    columns
        The family's axes and outcomes, each (n_cases,), named as in AXES, OUTCOMES and FUZZY.

    Raises
    ------
    InvalidInputError
        A name is not known, or the cases have the wrong shape or values.
    """
    rows = _cases(family, cases)
    _known(model, models_of(family), f"model of {family}")
    settings = variant_settings(variant) if isinstance(variant, str) else variant
    work = _Work(family, MODELS.index(model), rows, settings, np.array(shift_m, np.float64))
    chunks = range(0, len(rows), CHUNK)
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        list(pool.map(work, chunks))
    columns = {name: rows[:, k] for k, name in enumerate(AXES[family])}
    fuzzy = FUZZY[family] if model == "fsm" else ()
    for name in (*OUTCOMES[family], *fuzzy):
        columns[name] = work.results[_FIELDS.get(name, name)].copy()
    return columns


def on_threshold(
    family: str,
    variant: str | np.ndarray = "jrc_2021",
    cases: str | np.ndarray = "low",
    *,
    threads: int | None = None,
) -> np.ndarray:
    """Return which cases lie on a threshold: some model's crash flag hangs on the last bits.

    Returns
    -------
    on_threshold : (n_cases,) bool
    """
    rows = _cases(family, cases)
    found = np.zeros(len(rows), np.bool_)
    for model in models_of(family):
        as_is = set_piece(family, model, variant, rows, threads=threads)
        for shift in ((SHIFT_M, 0.0), (-SHIFT_M, 0.0), (0.0, SHIFT_M), (0.0, -SHIFT_M)):
            shifted = set_piece(family, model, variant, rows, shift_m=shift, threads=threads)
            found |= shifted["crash"] != as_is["crash"]
    return found


@dataclass(frozen=True, slots=True)
class Frontier:
    """Where preventable cases end, along one axis.

    Attributes
    ----------
    axes
        Names of the other axes.
    lines : (n_lines, n_axes - 1)
        Their values, a line of cases each.
    smallest_avoided : (n_lines,)
        Value of the axis from which on all cases of the line are avoided; inf: none.
    largest_crash : (n_lines,)
        Largest value with a crash; -inf: none.
    is_simple : (n_lines,) bool
        Crashes and avoided cases do not alternate along the line.
    """

    axes: tuple[str, ...]
    lines: np.ndarray
    smallest_avoided: np.ndarray
    largest_crash: np.ndarray
    is_simple: np.ndarray


def frontier(family: str, columns: Mapping[str, np.ndarray], axis: str | None = None) -> Frontier:
    """Return where preventable cases end along an axis, a line of cases at a time.

    Parameters
    ----------
    family
        Of FAMILIES.
    columns
        Of `set_piece`, of a model whose answer decides what is preventable.
    axis
        The gap of cut-ins and cut-outs, the speed of car-following, where None.
    """
    _known(family, FAMILIES, "family")
    along = axis or next((name for name in AXES[family] if "gap" in name), "speed_kmh")
    _known(along, AXES[family], f"axis of {family}")
    others = tuple(name for name in AXES[family] if name != along)
    keys = np.stack([columns[name] for name in others], axis=1)
    lines, line_of = np.unique(keys, axis=0, return_inverse=True)
    value, crash = columns[along], columns["crash"] != 0
    worst = np.full(len(lines), -np.inf)
    np.maximum.at(worst, line_of[crash], value[crash])
    clear = ~crash & (value > worst[line_of])
    best = np.full(len(lines), np.inf)
    np.minimum.at(best, line_of[clear], value[clear])
    alternates = np.zeros(len(lines), np.bool_)
    alternates[line_of[~crash & (value < worst[line_of])]] = True
    return Frontier(others, lines, best, worst, ~alternates)


def preventable(
    family: str, model: str, cases: str | np.ndarray = "low", variants: Sequence[str] = ()
) -> Columns:
    """Return which cases a model avoids, one column a variant; what readings of the text change.

    Returns
    -------
    columns
        By variant, each (n_cases,) bool.
    """
    return {
        variant: set_piece(family, model, variant, cases)["crash"] == 0
        for variant in (variants or tuple(VARIANTS))
    }


class _Work:
    """One model's cases, for any thread."""

    def __init__(
        self, family: str, model: int, rows: np.ndarray, settings: np.ndarray, shift: np.ndarray
    ) -> None:
        self.results = np.zeros(len(rows), RESULT)
        self._run = _kernel(family)
        self._model, self._rows, self._settings, self._shift = model, rows, settings, shift

    def __call__(self, first: int) -> None:
        last = min(first + CHUNK, len(self._rows))
        self._run(self._model, self._rows, self._settings, self._shift, self.results, first, last)


def _kernel(family: str) -> Callable[..., None]:
    """Return the compiled code of a family; numba takes two seconds to import."""
    if family == "cut_in":
        from treadle.engine.driving.r157.cut_in import run_cut_ins  # noqa: PLC0415 - numba

        return run_cut_ins
    if family == "car_following":
        from treadle.engine.driving.r157.car_following import (  # noqa: PLC0415 - numba
            run_car_following,
        )

        return run_car_following
    from treadle.engine.driving.r157.cut_out import run_cut_outs  # noqa: PLC0415 - numba

    return run_cut_outs


def _cases(family: str, cases: str | np.ndarray) -> np.ndarray:
    """Return rows of a family, checked."""
    if isinstance(cases, str):
        return grid(family, cases)
    _known(family, FAMILIES, "family")
    rows = np.ascontiguousarray(cases, np.float64)
    axes = AXES[family]
    if rows.shape[1:] != (len(axes),):
        raise InvalidInputError(
            f"cases of {family} have the columns {', '.join(axes)}, not the shape {rows.shape}"
        )
    if not np.isfinite(rows).all():
        bad = int(np.argmin(np.isfinite(rows).all(axis=1)))
        raise InvalidInputError(f"case {bad} of {family} has a value that is no finite number")
    lateral = rows[:, -1]
    if family == "cut_in" and (lateral < 0).any():
        raise InvalidInputError("lateral_speed_mps of a cut-in is towards the lane: 0 or above it")
    if family == "cut_out" and (lateral >= 0).any():
        raise InvalidInputError("lateral_speed_mps of a cut-out is to the right: below 0")
    return rows


def _known(name: str, names: Sequence[str], what: str) -> None:
    if name not in names:
        raise InvalidInputError(f"{what} '{name}' is not known; there are {', '.join(names)}")


_FIELDS = {
    "min_ttc_s": "min_ttc",
    "initial_gap_m": "initial_gap",
    "speed_difference_mps": "speed_difference",
    "pfs_max": "pfs",
    "cfs_max": "cfs",
    "pfs_first": "pfs",
    "cfs_first": "cfs",
}
