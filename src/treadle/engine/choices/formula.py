"""A formula: clauses over numbered variables, each of which knows the rule that it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass, field

Clause = tuple[int, ...]
"""Literals of which one must hold: `v` for the variable, `-v` for its opposite."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Everything that must hold.

    Attributes
    ----------
    variables
        How many there are; they are numbered from 1.
    clauses : (n_clauses,)
        The empty one is false: such a formula has no solution.
    rules : (n_clauses,)
        Which rule each comes from, numbered from 0.
    """

    variables: int
    clauses: tuple[Clause, ...]
    rules: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.clauses) != len(self.rules):
            raise ValueError(f"{len(self.clauses)} clauses have {len(self.rules)} rules")


@dataclass(slots=True)
class Writer:
    """Gathers the clauses of rule after rule.

    Attributes
    ----------
    variables
        As many as there are names; helpers are added after them.
    """

    variables: int
    clauses: list[Clause] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)

    def fresh(self) -> int:
        """Return a variable that nobody uses."""
        self.variables += 1
        return self.variables

    def add(self, rule: int, clauses: Iterable[Clause]) -> None:
        """Add clauses of a rule."""
        for clause in clauses:
            self.clauses.append(clause)
            self.rules.append(rule)

    def formula(self) -> Formula:
        """Return what was gathered."""
        return Formula(self.variables, tuple(self.clauses), tuple(self.rules))


def between(least: int, most: int, of: list[int], given: int, fresh: Writer) -> list[Clause]:
    """Return clauses: where `given` holds, `least` to `most` of the literals do.

    Small groups are written out; larger ones are counted by variables of their own that are true
    exactly where that many literals are (Sinz, CP 2005, with both directions), so that the number
    of solutions stays what it was.
    """
    n = len(of)
    if least > n or most < 0 or least > most:
        return [(-given,)]
    found: list[Clause] = []
    if least == n:
        return [(-given, literal) for literal in of]
    if least == 1:
        found.append((-given, *of))
    if most == 1 and least <= 1:
        # no `given`: the members of a group need their parent, so two of them would have it
        found += [(-given, -of[i], -of[j]) for i in range(n) for j in range(i)]
        return found
    if most >= n and least <= 1:
        return found
    counts = _counted(of, max(least, min(most + 1, n)), fresh, found)
    if least > 1:
        found.append((-given, counts[least]))
    if most < n:
        found.append((-given, -counts[most + 1]))
    return found


def _counted(of: list[int], up_to: int, fresh: Writer, found: list[Clause]) -> dict[int, int]:
    """Return, for each k to `up_to`, a variable true exactly where k or more literals are."""
    before: dict[int, int] = {}
    for seen, literal in enumerate(of, 1):
        now: dict[int, int] = {}
        for k in range(1, min(seen, up_to) + 1):
            least = now[k] = fresh.fresh()
            # it holds where k were counted before, or k - 1 and this literal holds
            already, one_less = before.get(k), before.get(k - 1)
            others = (literal,) if k == 1 else (literal, one_less or 0)
            found.append((least, *(-other for other in others)))
            if already is not None:
                found.append((-already, least))
            kept = () if already is None else (already,)
            found.extend((-least, *kept, other) for other in others)
        before = now
    return before
