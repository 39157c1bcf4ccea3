"""Why a choice cannot be, in the rules that stand against it; and what would have to go for it.

An explanation is irreducible: without any one of its rules or choices the contradiction is gone
(deletion after Marques-Silva, ISMVL 2010). Repairs are minimal, the smallest first (implicit
hitting sets: Ignatiev, Morgado, Marques-Silva, SAT 2018, with those of python-sat).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from pysat.examples.hitman import Hitman

from treadle.engine.choices.formula import Formula
from treadle.engine.choices.solving import Solver


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Rules and choices that cannot stand together; each of them is needed for that.

    Attributes
    ----------
    rules
        Numbers of rules.
    chosen
        Literals of those asked about.
    """

    rules: tuple[int, ...]
    chosen: tuple[int, ...]


class Explainer:
    """A formula whose contradictions are asked for; safe to ask from several threads."""

    def __init__(self, formula: Formula) -> None:
        self._formula = formula
        self._lock = Lock()
        self._rules = sorted(set(formula.rules))
        self._switch = {rule: formula.variables + 1 + i for i, rule in enumerate(self._rules)}
        self._rule = {switch: rule for rule, switch in self._switch.items()}
        self._switched: Solver | None = None
        self._plain: Solver | None = None

    def contradiction(
        self, chosen: Sequence[int], always: Sequence[int] = ()
    ) -> Contradiction | None:
        """Return why some literals cannot all hold, or None where they can.

        Parameters
        ----------
        always
            Literals that are asked about and stay; they are not part of the answer.
        """
        with self._lock:
            solving = self._with_switches()
            choices = [x for x in dict.fromkeys(chosen) if x not in always]
            if solving.solve((*always, *choices, *self._switch.values())):
                return None
            kept = _irreducible(solving, list(always), choices, list(self._rule))
        return Contradiction(
            tuple(sorted(self._rule[x] for x in kept if x in self._rule)),
            tuple(x for x in choices if x in kept),
        )

    def repairs(
        self, chosen: Sequence[int], wanted: Sequence[int], most: int
    ) -> list[tuple[int, ...]]:
        """Return sets of choices without which what is wanted can be, the smallest first.

        None contains another. There are none where what is wanted can never be.
        """
        choices = [x for x in dict.fromkeys(chosen) if x not in wanted]
        found: list[tuple[int, ...]] = []
        with self._lock:
            solving = self._without_switches()
            if not solving.solve(wanted):
                return found
            # all at once: who stopped in between would keep the lock and the second solver open
            with Hitman(solver="m22", htype="sorted") as hitting:
                while len(found) < most and (dropped := hitting.get()) is not None:
                    left = [x for x in choices if x not in dropped]
                    if solving.solve((*wanted, *left)):
                        found.append(tuple(x for x in choices if x in dropped))
                        if not dropped:
                            break
                        hitting.block(dropped)
                    else:
                        core = [x for x in solving.core() if x in left]
                        hitting.hit(_irreducible(solving, list(wanted), core, []))
        return found

    def _with_switches(self) -> Solver:
        if self._switched is None:
            switched = [
                (*clause, -self._switch[rule])
                for clause, rule in zip(self._formula.clauses, self._formula.rules, strict=True)
            ]
            self._switched = Solver(self._formula.variables + len(self._rules), switched)
        return self._switched

    def _without_switches(self) -> Solver:
        if self._plain is None:
            self._plain = Solver(self._formula.variables, self._formula.clauses)
        return self._plain


def _irreducible(
    solving: Solver, always: list[int], choices: list[int], rules: list[int]
) -> list[int]:
    """Return assumptions of which none can be left out; they contradict as they are given.

    Choices are tried first, so that an explanation asks as little of the user as it can.
    """
    solving.solve((*always, *choices, *rules))
    core = set(solving.core())
    kept = [x for x in (*choices, *rules) if x in core]
    i = 0
    while i < len(kept):
        without = kept[:i] + kept[i + 1 :]
        if solving.solve((*always, *without)):
            i += 1
        else:
            core = set(solving.core())
            kept = [x for x in without if x in core]
    return kept
