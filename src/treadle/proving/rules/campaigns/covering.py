"""Covering arrays: few cases in which every combination of levels of any t parameters occurs.

One case at a time, each the best of several candidates that are filled greedily: D. M. Cohen,
S. R. Dalal, M. L. Fredman, G. C. Patton, IEEE Transactions on Software Engineering 23 (1997) 437
(AETG); then cases are dropped whose combinations the others can take over: P. Nayeri,
C. J. Colbourn, G. Konjevod, European Journal of Combinatorics 34 (2013) 91. Combinations that the
constraints exclude are none to be covered, and no case holds one.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.proving.rules.campaigns.asking import generator

MOST_COMBINATIONS = 20_000_000
MOST_OF_A_CONSTRAINT = 1_000_000
_FREE = -1

Forbidden = Mapping[int, int]
"""Levels of some parameters, by their numbers, that never occur together."""


@dataclass(frozen=True, slots=True, eq=False)
class Covering:
    """A covering array.

    Attributes
    ----------
    cases : (n, d)
        The level of each parameter in each case.
    combinations
        How many combinations it covers: all that are possible.
    excluded
        How many are not possible, since constraints exclude them, alone or together.
    """

    cases: np.ndarray
    combinations: int
    excluded: int


def forbidden_by(
    levels: Sequence[int],
    parameters: Sequence[int],
    allowed: Callable[[np.ndarray], np.ndarray],
) -> list[dict[int, int]]:
    """Return what a constraint forbids, as combinations of levels.

    Parameters
    ----------
    levels : (d,)
        How many levels each parameter has.
    parameters : (k,)
        Those that the constraint looks at.
    allowed
        Takes levels of these, (n, k), and says of each row whether it may be, (n,).

    Raises
    ------
    InvalidInputError
        It looks at more than a million combinations.
    """
    count = math.prod(levels[p] for p in parameters)
    if count > MOST_OF_A_CONSTRAINT:
        text = f"a constraint over {count:,} combinations is too large to look at; split it"
        raise InvalidInputError(text)
    rows = np.array(list(itertools.product(*(range(levels[p]) for p in parameters))), np.int64)
    good = np.asarray(allowed(rows.reshape(count, len(parameters))), np.bool_)
    return [dict(zip(parameters, (int(v) for v in row), strict=True)) for row in rows[~good]]


def covering_array(
    levels: Sequence[int],
    strength: int,
    forbidden: Sequence[Forbidden] = (),
    *,
    seed: int = 0,
    candidates: int = 20,
) -> Covering:
    """Return a covering array.

    Parameters
    ----------
    levels : (d,)
        How many levels each parameter has.
    strength
        t: of any t parameters every combination occurs.
    forbidden
        Combinations that never occur; see `forbidden_by` for constraints that are functions.
    seed
        Of the greedy choices among equals: the same seed gives the same array.
    candidates
        How many cases are tried for each that is taken.

    Raises
    ------
    InvalidInputError
        The strength is not 1 to d, a parameter has no level, there are too many combinations, or
        the constraints leave no case at all.
    """
    _checked(levels, strength, forbidden)
    rules = _Rules(levels, forbidden)
    if rules.completed(np.full(len(levels), _FREE)) is None:
        text = "the constraints exclude every case; loosen them"
        raise InvalidInputError(text)
    table = _Table(levels, strength)
    possible = _possible(table, rules)
    table.open_ = possible.copy()
    cases: list[np.ndarray] = []
    source = generator(seed)
    while table.open_.any():
        best: np.ndarray | None = None
        most = -1
        for _ in range(candidates):
            case = _filled(table, rules, source)
            gain = int(table.open_[table.places(case)].sum())
            if gain > most:
                best, most = case, gain
        if best is None or most == 0:
            best = rules.completed(table.first())
            if best is None:
                text = "a combination that was possible has no case; this is a defect, report it"
                raise RuntimeError(text)
        cases.append(best)
        table.open_[table.places(best)] = False
    kept = _fewer(np.array(cases), table, rules, possible)
    return Covering(kept, int(possible.sum()), int((~possible).sum()))


def _checked(levels: Sequence[int], strength: int, forbidden: Sequence[Forbidden]) -> None:
    if not 1 <= strength <= len(levels) or min(levels, default=0) < 1:
        text = (
            f"strength {strength} of {len(levels)} parameters with levels {list(levels)} is no "
            "covering array; the strength is 1 to the number of parameters, levels at least 1"
        )
        raise InvalidInputError(text)
    total = sum(math.prod(c) for c in itertools.combinations(levels, strength))
    if total > MOST_COMBINATIONS:
        text = f"{total:,} combinations are too many; lower the strength or take fewer levels"
        raise InvalidInputError(text)
    for one in forbidden:
        for parameter, level in one.items():
            if not (0 <= parameter < len(levels) and 0 <= level < levels[parameter]):
                text = f"the forbidden combination {dict(one)} names no level there is; correct it"
                raise InvalidInputError(text)


class _Rules:
    """Forbidden combinations, and the search for a case that holds none."""

    def __init__(self, levels: Sequence[int], forbidden: Sequence[Forbidden]) -> None:
        self.levels = levels
        self.of: list[list[list[tuple[int, int]]]] = [[] for _ in levels]
        unique = {tuple(sorted(one.items())) for one in forbidden}
        self.never = () in unique
        for one in sorted(unique):
            for parameter, _ in one:
                self.of[parameter].append(list(one))
        bound = {p for one in unique for p, _ in one}
        self.bound = sorted(bound, key=lambda p: (-len(self.of[p]), p))

    def breaks(self, case: np.ndarray, parameter: int) -> bool:
        """Return whether a forbidden combination with this parameter is all there."""
        return any(all(case[p] == v for p, v in one) for one in self.of[parameter])

    def completed(self, case: np.ndarray) -> np.ndarray | None:
        """Return the case with its free levels set so that it is allowed; None if it cannot be."""
        case = case.copy()
        if self.never or any(self.breaks(case, p) for p in self.bound if case[p] != _FREE):
            return None
        free = [p for p in self.bound if case[p] == _FREE]
        tried = [-1] * len(free)
        depth = 0
        while depth < len(free):
            parameter = free[depth]
            tried[depth] += 1
            if tried[depth] == self.levels[parameter]:
                case[parameter], tried[depth] = _FREE, -1
                depth -= 1
                if depth < 0:
                    return None
                continue
            case[parameter] = tried[depth]
            if not self.breaks(case, parameter):
                depth += 1
        case[case == _FREE] = 0
        return case


class _Table:
    """All combinations of t parameters' levels, numbered, and which are still open."""

    def __init__(self, levels: Sequence[int], strength: int) -> None:
        sets = list(itertools.combinations(range(len(levels)), strength))
        self.levels = levels
        self.sets: np.ndarray = np.array(sets, np.int64)
        sizes: np.ndarray = np.array(levels, np.int64)[self.sets]
        # Within a set the last parameter's level varies fastest.
        after = np.cumprod(sizes[:, ::-1], axis=1)[:, ::-1]
        self.strides: np.ndarray = np.concatenate(
            [after[:, 1:], np.ones((len(sets), 1), np.int64)], axis=1
        )
        counts = sizes.prod(axis=1)
        self.base: np.ndarray = np.concatenate([[0], np.cumsum(counts)[:-1]])
        self.open_: np.ndarray = np.ones(int(counts.sum()), np.bool_)
        self.with_: list[tuple[np.ndarray, ...]] = []
        for p in range(len(levels)):
            mine, column = np.nonzero(self.sets == p)
            others = np.ones((len(mine), strength), np.bool_)
            others[np.arange(len(mine)), column] = False
            shape = (len(mine), strength - 1)
            self.with_.append((
                self.base[mine],
                self.sets[mine][others].reshape(shape),
                self.strides[mine][others].reshape(shape),
                self.strides[mine, column],
            ))  # fmt: skip

    def places(self, cases: np.ndarray) -> np.ndarray:
        """Return the numbers of the combinations in whole cases, (..., n_sets)."""
        found: np.ndarray = self.base + (cases[..., self.sets] * self.strides).sum(axis=-1)
        return found

    def gains(self, case: np.ndarray, parameter: int) -> np.ndarray:
        """Return how many open combinations each level of a parameter would close, (levels,)."""
        base, others, strides, own = self.with_[parameter]
        values = case[others]
        known = (values != _FREE).all(axis=1)
        start = base[known] + (values[known] * strides[known]).sum(axis=1)
        steps = np.arange(self.levels[parameter])[:, None] * own[known]
        gained: np.ndarray = self.open_[start + steps].sum(axis=1)
        return gained

    def combination(self, number: int) -> np.ndarray:
        """Return a combination as a case that is free elsewhere, (d,)."""
        which = int(np.searchsorted(self.base, number, side="right")) - 1
        rest = number - int(self.base[which])
        case: np.ndarray = np.full(len(self.levels), _FREE)
        for parameter, stride in zip(self.sets[which], self.strides[which], strict=True):
            case[parameter], rest = divmod(rest, int(stride))
        return case

    def first(self) -> np.ndarray:
        """Return the first open combination."""
        return self.combination(int(np.argmax(self.open_)))


def _possible(table: _Table, rules: _Rules) -> np.ndarray:
    """Return which combinations some allowed case holds, (n_combinations,)."""
    possible: np.ndarray = np.ones(len(table.open_), np.bool_)
    if not rules.bound and not rules.never:
        return possible
    bound = np.isin(table.sets, rules.bound).any(axis=1)
    ends = np.append(table.base[1:], len(possible))
    known: dict[bytes, bool] = {}
    for which in np.flatnonzero(bound):
        for number in range(int(table.base[which]), int(ends[which])):
            case = table.combination(number)
            # What no rule looks at cannot make it impossible.
            unbound = np.setdiff1d(np.arange(len(case)), rules.bound)
            case[unbound] = _FREE
            key = case.tobytes()
            if key not in known:
                known[key] = rules.completed(case) is not None
            possible[number] = known[key]
    return possible


def _filled(table: _Table, rules: _Rules, source: np.random.Generator) -> np.ndarray:
    """Return a case that begins with an open combination and closes as many as it can."""
    openings = np.flatnonzero(table.open_)
    case = table.combination(int(openings[source.integers(len(openings))]))
    for parameter in source.permutation(np.flatnonzero(case == _FREE)):
        gains = table.gains(case, int(parameter))
        # Random among equals, then the best that leaves an allowed case.
        for level in np.lexsort((source.random(len(gains)), -gains)):
            case[parameter] = level
            if not rules.bound or not rules.of[parameter] or rules.completed(case) is not None:
                break
    return case


def _fewer(cases: np.ndarray, table: _Table, rules: _Rules, possible: np.ndarray) -> np.ndarray:
    """Return the cases without those whose combinations the others can take over."""
    rows = list(cases)
    for worst in range(len(cases) - 1, -1, -1):
        without = rows[:worst] + rows[worst + 1 :]
        if not without:
            break
        counts = np.bincount(table.places(np.array(without)).ravel(), minlength=len(possible))
        missing = np.flatnonzero(possible & (counts == 0))
        moved = _taken_over(missing, without, counts, table, rules)
        if moved is not None:
            rows = moved
    return np.array(rows)


def _taken_over(
    missing: np.ndarray,
    rows: list[np.ndarray],
    counts: np.ndarray,
    table: _Table,
    rules: _Rules,
) -> list[np.ndarray] | None:
    """Return the rows changed so that they hold the missing combinations and lose none; or None."""
    rows = list(rows)
    for number in missing:
        if counts[number] > 0:
            continue
        wanted = table.combination(int(number))
        fixed = wanted != _FREE
        for i, row in enumerate(rows):
            changed = np.where(fixed, wanted, row)
            old, new = table.places(row), table.places(changed)
            lost = old[old != new]
            if (counts[lost] == 1).any() or (rules.bound and rules.completed(changed) is None):
                continue
            counts[lost] -= 1
            counts[new[old != new]] += 1
            rows[i] = changed
            break
        else:
            return None
    return rows
