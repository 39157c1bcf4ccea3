"""Entities as rows: what they are and can do, who is selected, what is only a name or a picture."""

import numpy as np
import pytest

from proving.rules.lowering.lowered import PEDESTRIAN, Lowered, lowered, private, story
from proving.scenarios.small import CAR, entity
from treadle.engine.scenario.tables import PEDESTRIAN as ON_FOOT

WALKER = f'<ScenarioObject name="Walker">{PEDESTRIAN}</ScenarioObject>'
SPEED = """<LongitudinalAction><SpeedAction><SpeedActionDynamics dynamicsShape="step"
dynamicsDimension="time" value="0"/><SpeedActionTarget><AbsoluteTargetSpeed value="1"/>
</SpeedActionTarget></SpeedAction></LongitudinalAction>"""


def number(it: Lowered, name: str, field: str) -> float:
    row = it.build.entities.get(it.build.entity_rows[name])
    return float(it.build.slots.evaluate({}, 1).base[row[field]])


def selection(name: str, inside: str) -> str:
    return f'<EntitySelection name="{name}"><Members>{inside}</Members></EntitySelection>'


def test_what_an_entity_is_and_can_do_is_in_its_row() -> None:
    rates = 'maxDeceleration="10" maxAccelerationRate="3" maxDecelerationRate="4"'
    able = CAR.replace('maxDeceleration="10"', rates)
    able = able.replace("<Vehicle ", '<Vehicle mass="1500" ')
    it = lowered(entities=f'<ScenarioObject name="Able">{able.format("")}</ScenarioObject>{WALKER}')
    assert number(it, "Able", "mass_slot") == 1500.0
    assert number(it, "Able", "max_acceleration_rate_slot") == 3.0
    assert number(it, "Able", "max_deceleration_rate_slot") == 4.0
    assert number(it, "Able", "front_axle_slot") == 2.98
    assert np.isinf(number(it, "Ego", "max_acceleration_rate_slot"))
    assert np.isnan(number(it, "Ego", "mass_slot"))
    assert it.build.entities.get(it.build.entity_rows["Walker"])["kind"] == ON_FOOT
    assert number(it, "Walker", "mass_slot") == 80.0


def test_the_distance_of_axles_counts_from_the_rear_one() -> None:
    moved = CAR.replace('positionX="0"', 'positionX="-0.02"')
    it = lowered(entities=f'<ScenarioObject name="Moved">{moved.format("")}</ScenarioObject>')
    assert number(it, "Moved", "front_axle_slot") == pytest.approx(3.0)


def test_names_and_looks_are_told_and_move_nothing() -> None:
    it = lowered(entities=WALKER)
    line = it.line("Pedestrian")
    assert line.outcome == "executed"
    assert line.reason.startswith("name, pedestrianCategory: ")


def test_an_object_that_is_described_elsewhere_may_change_all() -> None:
    external = '<ScenarioObject name="X"><ExternalObjectReference name="x"/></ScenarioObject>'
    assert lowered(entities=external).line("ExternalObjectReference").may_change


def test_a_selection_acts_as_all_of_its_entities() -> None:
    everybody = selection("All", '<EntityRef entityRef="Cars"/><EntityRef entityRef="Walker"/>')
    cars = selection("Cars", '<ByType objectType="vehicle"/>')
    faster = f"<PrivateAction>{SPEED}</PrivateAction>"
    it = lowered(
        entities=entity("Other") + WALKER + everybody + cars,
        init=private(SPEED, "All"),
        story=story(faster, actors='<EntityRef entityRef="Cars"/>'),
    )
    rows = it.build.entity_rows
    actions = it.build.actions.array()
    assert actions["entity"][actions["element"] < 0].tolist() == [
        rows["Walker"], rows["Ego"], rows["Other"]
    ]  # fmt: skip
    assert actions["entity"][actions["element"] >= 0].tolist() == [rows["Ego"], rows["Other"]]
    assert {line.outcome for line in it.lines if line.file} == {"executed"}
    assert it.findings == []


def test_selections_that_name_each_other_are_no_endless_circle() -> None:
    one = selection("A", '<EntityRef entityRef="B"/><EntityRef entityRef="Ego"/>')
    other = selection("B", '<EntityRef entityRef="A"/>')
    it = lowered(entities=one + other)
    assert it.build.selections == {"A": (0,), "B": (0,)}


def test_where_one_entity_is_wanted_a_selection_of_several_is_an_error() -> None:
    beside = """<TeleportAction><Position><RelativeObjectPosition entityRef="All" dx="1" dy="0"/>
</Position></TeleportAction>"""
    both = selection("All", '<ByType objectType="vehicle"/>')
    it = lowered(entities=entity("Other") + both, init=private(beside))
    assert it.rules() == ["semantic.selection"]


def test_a_group_without_actors_does_nothing_and_says_so() -> None:
    it = lowered(story=story(f"<PrivateAction>{SPEED}</PrivateAction>", actors=""))
    assert it.line("PrivateAction").outcome == "no effect"
    assert len(it.build.actions) == 0
