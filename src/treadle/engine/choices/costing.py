"""The least that solutions of a part cost, of each literal: one walk upwards and one downwards.

Costs add up, or the highest counts (weeks until something is there): both are sums of a semiring
whose choice is the minimum (Kimmig, Van den Broeck, De Raedt, "Algebraic model counting", Journal
of Applied Logic 22 (2017)). What costs come to in each branch is worked out once, for all
questions.
"""

from collections.abc import Mapping, Sequence

from treadle.engine.choices.diagram import Branch, Part

_NEVER = 1 << 60
"""Costs more than anything: no solution."""
_TOO_MUCH = _NEVER >> 1
"""From here on there is none: what never is may come with a discount."""


class Costed:
    """A part of a diagram with what its literals cost.

    Parameters
    ----------
    cost
        Of literals; what is not told costs nothing.
    latest
        Costs do not add up, the highest counts.
    """

    def __init__(self, part: Part, cost: Mapping[int, int], *, latest: bool) -> None:
        self._cost = cost
        self._latest = latest
        self._branches: list[Branch] = []
        self._rows: list[list[tuple[int, int, tuple[int, ...]]]] = []
        self._alike: list[tuple[int, ...]] = []  # literals that cost what their branch does
        self._dear_free: dict[int, list[int]] = {}
        self._of_literals: list[int] = []
        self._having: dict[int, list[int]] = {}
        self._leaving_free: dict[int, list[int]] = {}
        for branches in part.nodes:
            row: list[tuple[int, int, tuple[int, ...]]] = []
            for branch in branches:
                number = len(self._branches)
                self._branches.append(branch)
                row.append((number, self._own(branch, frozenset()), branch[2]))
                self._of_literals.append(self._sum([cost.get(x, 0) for x in branch[0]]))
                dear = [v for v in branch[1] if cost.get(v) or cost.get(-v)]
                cheap = [x for v in branch[1] if v not in dear for x in (v, -v)]
                self._alike.append((*branch[0], *cheap))
                if dear:
                    self._dear_free[number] = dear
                for literal in branch[0]:
                    self._having.setdefault(literal, []).append(number)
                for v in branch[1]:
                    self._leaving_free.setdefault(v, []).append(number)
            self._rows.append(row)

    def least(self, barred: frozenset[int]) -> dict[int, int]:
        """Return for each literal what the cheapest solution with it costs; impossible ones lack.

        Parameters
        ----------
        barred
            Literals that no solution may have.
        """
        changed: dict[int, int] = {}
        for literal in barred:
            changed |= dict.fromkeys(self._having.get(literal, ()), _NEVER)
        for literal in barred:
            for number in self._leaving_free.get(abs(literal), ()):
                if changed.get(number) != _NEVER:
                    changed[number] = self._own(self._branches[number], barred)
        up, value = self._upwards(changed)
        if up[-1] >= _TOO_MUCH:
            return {}
        above = self._downwards(up, value, changed)
        if self._latest:
            whole = [(max(over, value[number]), number) for number, over in above.items()]
        else:
            whole = [(over + value[number], number) for number, over in above.items()]
        whole.sort(reverse=True)  # so that the least of each literal is told last
        best: dict[int, int] = {}
        for total, number in whole:
            best.update(dict.fromkeys(self._alike[number], total))
        if self._latest:
            for number in self._dear_free.keys() & above.keys():
                self._tell_free(number, above[number], up, barred, best)
        else:
            self._tell_all_free(whole, barred, best)
        for literal in barred:
            best.pop(literal, None)
        return best

    def _own(self, branch: Branch, barred: frozenset[int]) -> int:
        """Return what a branch costs without its nodes."""
        literals, free, _ = branch
        parts = [self._cost.get(literal, 0) for literal in literals]
        parts += [self._of_free(v, barred) for v in free]
        return self._sum(parts)

    def _of_free(self, v: int, barred: frozenset[int]) -> int:
        if v in barred:
            return _NEVER if -v in barred else self._cost.get(-v, 0)
        true = self._cost.get(v, 0)
        return true if -v in barred else min(true, self._cost.get(-v, 0))

    def _sum(self, parts: Sequence[int]) -> int:
        return max(parts, default=0) if self._latest else sum(parts)

    def _upwards(self, changed: Mapping[int, int]) -> tuple[list[int], list[int]]:
        """Return the least of each node, and of each branch."""
        up: list[int] = []
        value = [_NEVER] * len(self._branches)
        latest = self._latest
        for row in self._rows:
            least = _NEVER
            for number, own, below in row:
                total = changed.get(number, own)
                for node in below:
                    if not latest:
                        total += up[node]
                    elif up[node] > total:
                        total = up[node]
                value[number] = total
                least = min(least, total)
            up.append(least)
        return up, value

    def _downwards(
        self, up: Sequence[int], value: Sequence[int], changed: Mapping[int, int]
    ) -> dict[int, int]:
        """Return the least of all that stands beside each branch, where there is a solution."""
        down = [_NEVER] * len(up)
        down[-1] = 0
        above: dict[int, int] = {}
        latest = self._latest
        for i in range(len(up) - 1, -1, -1):
            over = down[i]
            if over >= _TOO_MUCH:
                continue
            for number, own, below in self._rows[i]:
                if value[number] >= _TOO_MUCH:
                    continue
                above[number] = over
                for node in below:
                    if not latest:
                        rest = over + value[number] - up[node]
                    else:
                        rest = changed.get(number, own)
                        rest = max(rest, over)
                        for other in below:
                            if other != node and up[other] > rest:
                                rest = up[other]
                    down[node] = min(down[node], rest)
        return above

    def _tell_all_free(
        self, whole: Sequence[tuple[int, int]], barred: frozenset[int], best: dict[int, int]
    ) -> None:
        """Tell the least with each value of free variables that cost something, where costs add up.

        What is beside such a variable costs the whole without it, whichever branch it is free in.

        Parameters
        ----------
        whole
            The least with each branch, the least one last.
        """
        with_free: dict[int, int] = {}
        for total, number in whole:
            if number in self._dear_free:
                with_free.update(dict.fromkeys(self._dear_free[number], total))
        for v, total in with_free.items():
            rest = total - self._of_free(v, barred)
            for x in (v, -v):
                best[x] = min(best.get(x, _NEVER), rest + self._cost.get(x, 0))

    def _tell_free(
        self,
        number: int,
        over: int,
        up: Sequence[int],
        barred: frozenset[int],
        best: dict[int, int],
    ) -> None:
        """Tell the same of one branch where the highest cost counts."""
        below = self._branches[number][2]
        free = self._dear_free[number]
        least = [self._of_free(v, barred) for v in free]
        fixed = self._sum((over, self._of_literals[number], *(up[node] for node in below)))
        for i, v in enumerate(free):
            rest = self._sum((fixed, *least[:i], *least[i + 1 :]))
            for x in (v, -v):
                if x not in barred:
                    total = self._sum((rest, self._cost.get(x, 0)))
                    if total < best.get(x, _NEVER):
                        best[x] = total
