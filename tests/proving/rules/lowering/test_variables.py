"""Variables and parameters that actions change: each name means what is declared around it."""

from proving.rules.lowering.lowered import Lowered, lowered
from proving.scenarios.document import at_time

NUMBERS = """<ParameterDeclarations><ParameterDeclaration name="P" parameterType="double"
value="{}"/></ParameterDeclarations>"""
VARIABLE = """<VariableDeclarations><VariableDeclaration name="P" variableType="string"
value="text"/></VariableDeclarations>"""
SET = """<GlobalAction><ParameterAction parameterRef="P"><SetAction value="9"/></ParameterAction>
</GlobalAction>"""
ADD = """<GlobalAction><VariableAction variableRef="P"><ModifyAction><Rule><AddValue value="1"/>
</Rule></ModifyAction></VariableAction></GlobalAction>"""


def story(name: str, value: int) -> str:
    return f"""<Story name="{name}">{NUMBERS.format(value)}<Act name="{name}">
<ManeuverGroup name="g" maximumExecutionCount="1"><Actors selectTriggeringEntities="false"/>
<Maneuver name="m"><Event name="e" priority="parallel"><Action name="a">{SET}</Action></Event>
</Maneuver></ManeuverGroup>{at_time(0)}</Act></Story>"""


def initial(it: Lowered) -> list[float]:
    base = it.build.slots.evaluate({}, 1).base
    return [float(base[row["value_slot"]]) for row in it.build.variables.array()]


def test_parameters_of_one_name_in_two_stories_are_two() -> None:
    it = lowered(story=story("one", 1) + story("two", 2), revision=1)
    assert initial(it) == [1.0, 2.0]
    assert it.build.actions.array()["variable"].tolist() == [0, 1]


def test_a_variable_and_a_parameter_of_one_name_are_two() -> None:
    it = lowered(head=NUMBERS.format(5) + VARIABLE, init=SET)
    assert it.build.variables.array()["is_text"].tolist() == [1, 0]
    assert it.build.actions.array()["variable"].tolist() == [1]


def test_to_add_to_a_text_is_an_error() -> None:
    it = lowered(head=VARIABLE, init=ADD)
    assert it.rules() == ["semantic.text_is_no_number"]
