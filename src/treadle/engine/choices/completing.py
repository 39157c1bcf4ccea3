"""The best solution that some choices leave: the cheapest, the one with least carbon, the soonest.

Asked of CP-SAT (OR-Tools), so that it works without the counting form and with several costs in
order; one worker and a fixed seed, so that the same question has the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from treadle.engine.choices.formula import Formula


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be least.

    Attributes
    ----------
    cost
        Of a variable that is true.
    latest
        Costs do not add up: the highest counts.
    """

    cost: Mapping[int, int]
    latest: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole solution.

    Attributes
    ----------
    chosen
        The variables that are true.
    values
        What it costs, aim by aim.
    proven
        There is none better; otherwise time was up.
    """

    chosen: frozenset[int]
    values: tuple[int, ...]
    proven: bool


def complete(
    formula: Formula, chosen: Sequence[int], aims: Sequence[Aim], limit_s: float = 10.0
) -> Completion | None:
    """Return the best solution in which all of `chosen` holds; None where there is none.

    Parameters
    ----------
    aims
        The first decides; the next where it leaves several.
    limit_s
        For each aim [s].

    Raises
    ------
    TimeoutError
        Not even one solution was found in that time.
    """
    model, variables = _model(formula, chosen)
    values: list[int] = []
    proven = True
    found: frozenset[int] = frozenset()
    for aim in aims or (Aim({}),):
        total = _aimed(model, variables, aim)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_time_in_seconds = limit_s
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise TimeoutError(f"no solution was found in {limit_s:g} s")
        proven &= status == cp_model.OPTIMAL
        found = frozenset(v for v, x in enumerate(variables) if v and solver.boolean_value(x))
        values.append(int(solver.value(total)))
        model.clear_objective()
        model.add(total <= values[-1])
        model.clear_hints()
        for v, variable in enumerate(variables):
            if v:
                model.add_hint(variable, v in found)
    return Completion(found, tuple(values), proven)


def _model(
    formula: Formula, chosen: Sequence[int]
) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in range(formula.variables + 1)]

    def literal(x: int) -> cp_model.LiteralT:
        return variables[x] if x > 0 else variables[-x].negated()

    for clause in formula.clauses:
        model.add_bool_or([literal(x) for x in clause])
    for x in chosen:
        model.add_bool_or([literal(x)])
    return model, variables


def _aimed(
    model: cp_model.CpModel, variables: Sequence[cp_model.IntVar], aim: Aim
) -> cp_model.IntVar:
    """Return a variable that is what a solution costs, and let it be least."""
    costs = {v: cost for v, cost in aim.cost.items() if cost}
    if aim.latest:
        total = model.new_int_var(0, max(costs.values(), default=0), "")
        for v, cost in costs.items():
            model.add(total >= cost).only_enforce_if(variables[v])
    else:
        low = sum(cost for cost in costs.values() if cost < 0)
        high = sum(cost for cost in costs.values() if cost > 0)
        total = model.new_int_var(low, high, "")
        model.add(total == sum(cost * variables[v] for v, cost in costs.items()))
    model.minimize(total)
    return total
