"""Controllers: assigned and activated; and what only shows (visibility, lights).

Source: ASAM OpenSCENARIO XML 1.3, section 7.4 and the classes named. An entity is under the default
controller until another one that is assigned to it is activated for its lateral or longitudinal
domain. Such a controller is a program of its own: a driver under test takes its place, where there
is one for that entity. Without one the entity's motion is not ours to tell, and the run is
INCONCLUSIVE, unless controllers are switched off for it.
"""

from collections.abc import Sequence

from treadle.engine.scenario.tables import ACTIVATE_CONTROLLER, NOTHING
from treadle.kernel import InvalidInputError
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Activation, Build

NO_CONTROLLERS = "controllers are switched off for this run, as it was asked for"
_FOREIGN = (
    "Treadle has no controller {name}, and how it moves {entity} is not known; "
    "--no-controllers runs by the default motion instead"
)
_SETTINGS = "a controller's own settings; what comes of them is said where it is activated"
_SHOWS = "it acts on how an entity looks, not on how it moves"


def assigned(build: Build, holder: Element, entities: Sequence[int]) -> None:
    """Note the controller that an element assigns to entities."""
    controller = holder.child("Controller", "CatalogReference")
    if controller is None:
        return
    controller = controller.resolved()
    name = controller.text("name")
    controller.noted("which domains a controller is made for", "controllerType")
    for child in controller.children:
        if child.tag == "ParameterDeclarations":
            _ = controller.scope
        else:
            child.without_effect(_SETTINGS)
    alias = holder.text("name", default="") if holder.tag == "ObjectController" else ""
    for entity in entities:
        build.assigned.setdefault(entity, {})[name] = alias or name


def assign(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower an AssignControllerAction; it may activate the controller too."""
    holder = action.child("ObjectController") or action
    assigned(build, holder, [entity])
    flags = ("activateLateral", "activateLongitudinal")
    on = [action.flag(name, default=False) for name in flags]
    action.noted(_SHOWS, "activateAnimation", "activateLighting")
    if any(on):
        given = holder.child("Controller", "CatalogReference")
        name = "" if given is None else given.resolved().text("name")
        build.activations.append(Activation(action=action, entity=entity, name=name))
    return _switching(build, action, entity, ("activateLongitudinal", "activateLateral"))


def activate(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower an ActivateControllerAction."""
    on = [action.flag(name, default=False) for name in ("lateral", "longitudinal")]
    action.noted(_SHOWS, "animation", "lighting")
    names = [action.text(n, default="") for n in ("objectControllerRef", "controllerRef")]
    if any(on):
        name = names[0] or names[1]
        build.activations.append(Activation(action=action, entity=entity, name=name))
    return _switching(build, action, entity, ("longitudinal", "lateral"))


def _switching(
    build: Build, action: Element, entity: int, flags: tuple[str, str]
) -> dict[str, int]:
    """Return the row of an action that may switch a driver under test on or off."""
    if entity not in build.driven:
        return {"kind": NOTHING}
    given = action.node.attributes
    along, across = (int(action.flag(f, default=False)) if f in given else -1 for f in flags)
    return {"kind": ACTIVATE_CONTROLLER, "longitudinal": along, "lateral": across}


def seat_drivers(build: Build) -> None:
    """Find whom the drivers under test drive.

    Raises
    ------
    InvalidInputError
        The scenario has no such entity, or two drivers want the same one.
    """
    for driver in build.drivers:
        if driver.entity not in build.entity_rows:
            known = ", ".join(build.entity_rows) or "nobody"
            text = f"{driver.name} drives {driver.entity}, who is not in this scenario"
            raise InvalidInputError(f"{text} (there are: {known}); name another entity")
        row = build.entity_rows[driver.entity]
        if row in build.driven:
            text = f"{driver.name} and {build.driven[row].name} both drive {driver.entity}"
            raise InvalidInputError(f"{text}; give one of them another entity")
        build.driven[row] = driver


def settle_controllers(build: Build) -> None:
    """Say what each activation means, once all assignments are known."""
    entities = {row: name for name, row in build.entity_rows.items()}
    for one in build.activations:
        driver = build.driven.get(one.entity)
        if driver is not None:
            one.action.noted(f"{driver.name} {driver.version} drives instead, as was asked for")
            continue
        there = build.assigned.get(one.entity, {})
        names = [name for name, alias in there.items() if one.name in ("", name, alias)]
        _settle(build, one, names, entities.get(one.entity, ""))


def _settle(build: Build, one: Activation, names: Sequence[str], entity: str) -> None:
    ledger, node = one.action.ledger, one.action.node
    if not names:
        said = f"no controller {one.name}".rstrip() + f" is assigned to {entity}; it keeps its own"
        ledger.warning("semantic.no_controller", said, node)
        return
    name = " and ".join(names)
    if build.controllers_on:
        one.action.not_supported(_FOREIGN.format(name=name, entity=entity))
    else:
        one.action.without_effect(f"{name}: {NO_CONTROLLERS}")


def shown(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower what only shows or is only sensed."""
    del build, entity
    action.without_effect("it changes how an entity looks or is sensed, not how it moves")
    return {"kind": NOTHING}
