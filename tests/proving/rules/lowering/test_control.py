"""Controllers: what Treadle cannot know is said, whatever the order in which the file says it."""

import pytest

from proving.rules.lowering.lowered import lowered, private, story
from proving.scenarios.small import CAR

SETTINGS = '<Properties><Property name="a" value="1"/></Properties>'
CONTROLLER = f'<Controller name="driver">{SETTINGS}</Controller>'
ASSIGN = (
    f"<ControllerAction><AssignControllerAction{{}}>{CONTROLLER}</AssignControllerAction>"
    "</ControllerAction>"
)
ACTIVATE = "<ControllerAction><ActivateControllerAction {}/></ControllerAction>"
BOTH = 'lateral="true" longitudinal="true"'
OVERRIDE = (
    '<ControllerAction><OverrideControllerValueAction><Throttle active="{}" value="0.5"/>'
    "</OverrideControllerValueAction></ControllerAction>"
)


def held(name: str = "driver", alias: str = "") -> str:
    named = f' name="{alias}"' if alias else ""
    inside = f'<ObjectController{named}><Controller name="{name}"/></ObjectController>'
    return f'<ScenarioObject name="Other">{CAR.format("")}{inside}</ScenarioObject>'


def test_a_controller_that_is_activated_is_not_known_and_may_change_motion() -> None:
    it = lowered(entities=held(), init=private(ACTIVATE.format(BOTH), "Other"))
    line = it.line("ActivateControllerAction")
    assert (line.outcome, line.may_change) == ("not supported", True)
    assert "no controller driver" in line.reason
    assert "how it moves Other" in line.reason


def test_one_that_is_assigned_and_never_activated_moves_nothing() -> None:
    it = lowered(entities=held(), init=private(ASSIGN.format("")))
    assert it.line("AssignControllerAction").outcome == "executed"
    assert it.line("Properties").outcome == "no effect"
    assert {line.outcome for line in it.lines} == {"executed", "no effect"}


def test_an_assignment_may_activate_by_itself() -> None:
    it = lowered(init=private(ASSIGN.format(' activateLateral="true"')))
    assert it.line("AssignControllerAction").may_change


def test_an_activation_that_stands_before_the_assignment_is_seen() -> None:
    both = (ACTIVATE.format(BOTH), ASSIGN.format(""))
    acts = [f"<PrivateAction>{one}</PrivateAction>" for one in both]
    it = lowered(story=story(*acts))
    assert it.line("ActivateControllerAction").outcome == "not supported"


@pytest.mark.parametrize("words", ['lateral="false" longitudinal="false"', 'animation="true"', ""])
def test_to_activate_for_no_domain_of_motion_moves_nothing(words: str) -> None:
    it = lowered(entities=held(), init=private(ACTIVATE.format(words), "Other"))
    assert it.line("ActivateControllerAction").outcome == "executed"


def test_without_a_controller_the_default_one_goes_on_and_a_warning_says_so() -> None:
    it = lowered(init=private(ACTIVATE.format(BOTH)))
    assert it.line("ActivateControllerAction").outcome == "executed"
    assert it.rules() == ["semantic.no_controller"]


@pytest.mark.parametrize(("name", "is_known"), [("driver", True), ("one", True), ("two", False)])
def test_a_controller_is_called_by_its_own_or_its_holders_name(name: str, is_known: bool) -> None:
    action = ACTIVATE.format(f'{BOTH} objectControllerRef="{name}"')
    it = lowered(entities=held(alias="one"), init=private(action, "Other"))
    assert (it.line("ActivateControllerAction").outcome == "not supported") == is_known


def test_controllers_switched_off_are_without_effect_each_by_name() -> None:
    action = private(ACTIVATE.format(BOTH), "Other")
    it = lowered(entities=held(), init=action, controllers_on=False)
    line = it.line("ActivateControllerAction")
    assert (line.outcome, line.may_change) == ("no effect", False)
    assert line.reason.startswith("driver: ")


@pytest.mark.parametrize(
    ("active", "controllers_on", "outcome"),
    [("true", True, "not supported"), ("false", True, "no effect"), ("true", False, "no effect")],
)
def test_a_pedal_that_is_held_is_not_known_and_one_let_go_is_nothing(
    active: str, controllers_on: bool, outcome: str
) -> None:
    it = lowered(init=private(OVERRIDE.format(active)), controllers_on=controllers_on)
    assert it.line("Throttle").outcome == outcome


def test_what_only_shows_has_no_effect() -> None:
    seen = '<VisibilityAction graphics="false" sensors="false" traffic="false"/>'
    light = (
        '<AppearanceAction><LightStateAction><LightType><VehicleLight vehicleLightType="lowBeam"/>'
        '</LightType><LightState mode="on"/></LightStateAction></AppearanceAction>'
    )
    it = lowered(init=private(seen) + private(light))
    assert it.line("VisibilityAction").outcome == "no effect"
    assert it.line("LightState").outcome == "no effect"


def test_a_user_defined_action_may_change_everything() -> None:
    own = '<CustomCommandAction type="x">jump</CustomCommandAction>'
    it = lowered(story=story(f"<UserDefinedAction>{own}</UserDefinedAction>"))
    assert it.line("CustomCommandAction").may_change
