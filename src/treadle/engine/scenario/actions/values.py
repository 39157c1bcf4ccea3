"""Variables: set, added to, multiplied (VariableAction, and ParameterAction of older revisions)."""

from treadle.engine.compiled import compiled
from treadle.engine.scenario.state import State
from treadle.engine.scenario.tables import ADD_TO_VARIABLE, SET_VARIABLE, Program


@compiled
def change_variable(program: Program, state: State, a: int) -> bool:
    """Change a variable at once."""
    action = program.actions[a]
    value = state.values[action.target_slot]
    if action.kind == SET_VARIABLE:
        state.variables[action.variable] = value
        state.words[action.variable] = action.word
    elif action.kind == ADD_TO_VARIABLE:
        state.variables[action.variable] += value
    else:
        state.variables[action.variable] *= value
    return True


@compiled
def do_nothing(program: Program, state: State, a: int) -> bool:
    """Be done at once: what the compiler of scenarios said that it does not execute."""
    return True
