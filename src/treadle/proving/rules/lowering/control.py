"""Controllers: assigned, activated, overridden; and what only shows (visibility, lights)."""

from treadle.engine.scenario.tables import CONNECT_TRAILER, DISCONNECT_TRAILER, NOTHING
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build

NO_CONTROLLERS = "controllers are switched off for this run"
_FOREIGN = "Treadle has no controller {name}; the entity goes on by the standard's default motion"


def assigned(build: Build, holder: Element, entity: int) -> None:
    """Note the controller that an element assigns to an entity."""
    controller = holder.child("Controller", "CatalogReference")
    if controller is None:
        return
    controller = controller.resolved()
    name = controller.text("name")
    for child in controller.children:
        child.without_effect("a controller's own settings")
    build.assigned[entity] = name


def assign(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower an AssignControllerAction; it may activate the controller too."""
    assigned(build, action, entity)
    flags = ("activateLateral", "activateLongitudinal")
    on = [action.flag(name, default=False) for name in flags]
    for name in ("activateAnimation", "activateLighting"):
        action.flag(name, default=False)
    if any(on):
        _activated(build, action, entity)
    return {"kind": NOTHING}


def activate(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower an ActivateControllerAction."""
    on = [action.flag(name, default=False) for name in ("lateral", "longitudinal")]
    for name in ("animation", "lighting"):
        action.flag(name, default=False)
    reference = action.text("controllerRef", default="")
    action.text("objectControllerRef", default="")
    if any(on):
        _activated(build, action, entity, reference)
    return {"kind": NOTHING}


def _activated(build: Build, action: Element, entity: int, reference: str = "") -> None:
    """Say what activation means: nothing without a controller, or what Treadle cannot do."""
    name = reference or build.assigned.get(entity, "")
    if not name:
        return
    if build.controllers_on:
        action.not_supported(_FOREIGN.format(name=name))
    else:
        action.without_effect(NO_CONTROLLERS)


def override(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower an OverrideControllerValueAction: the default motion has no pedals to override."""
    del build, entity
    for child in action.children:
        if child.flag("active", default=True):
            child.not_supported("the default motion has no pedals, gears or steering wheel")
    return {"kind": NOTHING}


def shown(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower what only shows or is only sensed."""
    del build, entity
    action.without_effect("it changes how an entity looks or is sensed, not how it moves")
    return {"kind": NOTHING}


def trailer(build: Build, action: Element, entity: int) -> dict[str, int]:
    """Lower a TrailerAction."""
    del entity
    if connect := action.child("ConnectTrailerAction"):
        return {"kind": CONNECT_TRAILER, "reference": build.entity(connect, "trailerRef")}
    action.only("DisconnectTrailerAction").executed()
    return {"kind": DISCONNECT_TRAILER}
