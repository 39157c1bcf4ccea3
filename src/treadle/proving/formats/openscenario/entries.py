"""A catalog by itself: each of its entries lowered in a small scenario that uses nothing else.

So a catalog's manifest says the same of an element as that of a scenario that uses the entry. What
only a scenario can tell (its entities, variables, roads) is not asked.
"""

from functools import partial

from treadle.kernel import InvalidInputError
from treadle.proving.formats.openscenario.reading import ScenarioDocument
from treadle.proving.formats.openscenario.semantics import check
from treadle.proving.rules.binding import Around, Element
from treadle.proving.rules.lowering.lower import lower
from treadle.proving.rules.node import Finding, Line, Node
from treadle.proving.rules.parameters import Scope

ACTOR = "(who uses the entry)"
_OF_A_SCENARIO = ("semantic.unknown_", "semantic.no_geo_reference", "semantic.no_controller")
_OBJECTS = ("Vehicle", "Pedestrian", "MiscObject")


def manifest_of_catalog(document: ScenarioDocument) -> tuple[list[Line], list[Finding]]:
    """Return what becomes of each element of a catalog, and what is wrong in it."""
    check(document)
    catalog = document.root.child("Catalog") or document.root
    document.ledger.read(document.root)
    document.ledger.noted(catalog, "what references call it", "name")
    around = Around(document.ledger, partial(_beside, catalog))
    for entry in catalog.children:
        if entry.tag != "ParameterDeclarations":
            _lower(entry, around)
    findings = [
        found for found in document.ledger.findings if not found.rule.startswith(_OF_A_SCENARIO)
    ]
    return document.ledger.lines(document.root), findings


def _beside(catalog: Node, name: str, entry: str, _: Scope, reference: Node) -> Node:
    """Return the entry of this same catalog that one of its entries refers to."""
    found = (node for node in catalog.children if node.attributes.get("name") == entry)
    node = next(found, None) if name == catalog.attributes.get("name") else None
    if node is None:
        text = f"{reference.place}: the catalog by itself has no entry {entry} of {name}"
        raise InvalidInputError(f"{text}; check a scenario that uses it")
    return node


def _lower(entry: Node, around: Around) -> None:
    try:
        lower(Element(_scenario(entry), Scope({}), around), None, controllers_on=True)
    except InvalidInputError as error:
        around.ledger.error("semantic.entry", str(error), entry)


def _scenario(entry: Node) -> Node:
    """Return a scenario that uses an entry."""

    def made(tag: str, *inside: Node, **attributes: str) -> Node:
        return Node(tag, attributes, entry.file, entry.line, list(inside))

    held: list[Node] = []
    inits: list[Node] = []
    stories: list[Node] = []
    actor = made("ExternalObjectReference", name=ACTOR)
    if entry.tag in _OBJECTS:
        actor = entry
    elif entry.tag == "Controller":
        held = [made("ObjectController", entry)]
    elif entry.tag == "Environment":
        inits = [made("GlobalAction", made("EnvironmentAction", entry))]
    elif entry.tag in {"Route", "Trajectory"}:
        action = made("AssignRouteAction", entry)
        if entry.tag == "Trajectory":
            mode = made("TrajectoryFollowingMode", followingMode="position")
            action = made("FollowTrajectoryAction", made("TrajectoryRef", entry), mode)
        private = made("PrivateAction", made("RoutingAction", action))
        inits = [made("Private", private, entityRef=ACTOR)]
    elif entry.tag == "Maneuver":
        actors = made("Actors", made("EntityRef", entityRef=ACTOR), selectTriggeringEntities="0")
        group = made("ManeuverGroup", actors, entry, name="", maximumExecutionCount="1")
        stories = [made("Story", made("Act", group, name=""), name="")]
    return made(
        "OpenSCENARIO",
        made("Entities", made("ScenarioObject", actor, *held, name=ACTOR)),
        made("Storyboard", made("Init", made("Actions", *inits)), *stories),
    )
