"""What published files leave out or write otherwise is run where it can mean but one thing.

All of this breaks the schemas of 1.0 to 1.3; a finding says what it is read as.
"""

import math

import pytest

from proving.rules.lowering.lowered import Lowered, lowered, private, story
from treadle.engine.scenario.tables import MANEUVER_GROUP, TIME
from treadle.kernel import InvalidInputError

SPEED = (
    "<LongitudinalAction><SpeedAction><SpeedActionDynamics {}/><SpeedActionTarget>"
    '<AbsoluteTargetSpeed value="5"/></SpeedActionTarget></SpeedAction></LongitudinalAction>'
)
OFFSET = (
    "<LateralAction><LaneOffsetAction{}>"
    '<LaneOffsetActionDynamics dynamicsShape="linear" maxLateralAcc="2"/><LaneOffsetTarget>'
    '<AbsoluteTargetLaneOffset value="1"/></LaneOffsetTarget></LaneOffsetAction></LateralAction>'
)
BESIDE = '<TeleportAction><Position><{} entityRef="Ego"{}/></Position></TeleportAction>'
CAR = """<ScenarioObject name="Other"><Vehicle name="v" vehicleCategory="car"><BoundingBox>
<Center x="1" y="0" z="1"/><Dimensions length="4" width="2" height="1"/></BoundingBox>
<Performance maxSpeed="70" {}/></Vehicle></ScenarioObject>"""
ACTORS = '<Actors selectTriggeringEntities="false"><EntityRef entityRef="Ego"/></Actors>'


def told(it: Lowered, row: dict[str, int]) -> dict[str, float]:
    """Return the fields of a row, of a slot what stands in it."""
    base = it.build.slots.evaluate({}, 1).base
    return {name: base[at] if name.endswith("_slot") else at for name, at in row.items()}


def only_action(it: Lowered) -> dict[str, float]:
    return told(it, it.build.actions.get(0))


def test_a_step_needs_neither_dimension_nor_value() -> None:
    it = lowered(init=private(SPEED.format('dynamicsShape="step"')))
    action = only_action(it)
    assert (action["dimension"], action["value_slot"], action["target_slot"]) == (TIME, 0.0, 5.0)


@pytest.mark.parametrize("shape", ["linear", "cubic", "sinusoidal"])
def test_every_other_shape_needs_them(shape: str) -> None:
    with pytest.raises(InvalidInputError, match="needs the attribute dynamicsDimension"):
        lowered(init=private(SPEED.format(f'dynamicsShape="{shape}"')))


def test_an_action_that_does_not_say_continuous_is_not() -> None:
    it = lowered(init=private(OFFSET.format("")))
    assert only_action(it)["is_continuous"] == 0
    assert "semantic.left_out" in it.rules()
    assert only_action(lowered(init=private(OFFSET.format(' continuous="true"'))))["is_continuous"]


@pytest.mark.parametrize(("word", "value"), [("True", 1), ("False", 0), ("TRUE", 1)])
def test_true_and_false_may_have_capitals(word: str, value: int) -> None:
    it = lowered(init=private(OFFSET.format(f' continuous="{word}"')))
    assert only_action(it)["is_continuous"] == value
    (found,) = it.findings
    assert found.rule == "semantic.capitals"
    assert found.text == f"continuous of LaneOffsetAction is {word}; it is read as {word.lower()}"


@pytest.mark.parametrize("word", ["yes", "", "T", "0.0"])
def test_other_words_are_no_truths(word: str) -> None:
    with pytest.raises(InvalidInputError, match="it is true or false"):
        lowered(init=private(OFFSET.format(f' continuous="{word}"')))


@pytest.mark.parametrize("tag", ["RelativeObjectPosition", "RelativeWorldPosition"])
def test_a_place_beside_an_entity_that_tells_no_distance_is_at_it(tag: str) -> None:
    it = lowered(init=private(BESIDE.format(tag, ' dy="2"')))
    place = told(it, it.build.positions.get(0))
    assert [place[slot] for slot in ("a_slot", "b_slot", "c_slot")] == [0.0, 2.0, 0.0]
    (found,) = [one for one in it.findings if one.rule == "semantic.left_out"]
    assert found.text == f"{tag} has no dx; it is read as 0"


def test_an_acceleration_that_is_not_told_has_no_limit() -> None:
    it = lowered(entities=CAR.format('maxDeceleration="9"'))
    body = told(it, it.build.entities.get(1))
    assert body["max_acceleration_slot"] == math.inf
    assert body["max_deceleration_slot"] == 9.0
    assert "semantic.left_out" in it.rules()


def test_a_group_without_actors_has_nobody_in_it() -> None:
    speed = SPEED.format('dynamicsShape="step"')
    whole = story(f"<PrivateAction>{speed}</PrivateAction>")
    it = lowered(story=whole.replace(ACTORS, ""))
    elements = it.build.elements
    rows = [elements.get(row) for row in range(len(elements))]
    assert [row["n_actors"] for row in rows if row["kind"] == MANEUVER_GROUP] == [0]
    assert "semantic.left_out" in it.rules()
