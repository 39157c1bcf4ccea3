"""What a scenario says that cannot be meant: names that nothing has, entries of the wrong kind.

Source: ASAM OpenSCENARIO XML, Annex C (checker rules) and the classes' own texts. Found before a
run and told with file and line; an error where the run could not do what is written.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from treadle.kernel import InvalidInputError
from treadle.proving.formats.openscenario.reading import ScenarioDocument
from treadle.proving.formats.openscenario.schema import check_schema
from treadle.proving.rules.binding import Around, Element
from treadle.proving.rules.node import Ledger, Node
from treadle.proving.rules.parameters import VariesError, term_of, text_of

STORYBOARD = ("Story", "Act", "ManeuverGroup", "Maneuver", "Event", "Action")
_OBJECTS = ("Vehicle", "Pedestrian", "MiscObject", "ExternalObjectReference")
_KINDS = {
    "ScenarioObject": _OBJECTS,
    "ScenarioObjectTemplate": _OBJECTS,
    "ObjectController": ("Controller",),
    "AssignControllerAction": ("Controller",),
    "ControllerDistributionEntry": ("Controller",),
    "TrajectoryRef": ("Trajectory",),
    "FollowTrajectoryAction": ("Trajectory",),
    "AssignRouteAction": ("Route",),
    "RouteRef": ("Route",),
    "EnvironmentAction": ("Environment",),
    "ManeuverGroup": ("Maneuver",),
}
"""What a CatalogReference inside an element may refer to."""
_ENTITIES = frozenset({"entityRef", "masterEntityRef", "trailerRef"})
_NOT_NEGATIVE = frozenset(
    {
        ("Condition", "delay"),
        ("TrafficSignalController", "delay"),
        ("Phase", "duration"),
        ("StandStillCondition", "duration"),
        ("EndOfRoadCondition", "duration"),
        ("OffroadCondition", "duration"),
        ("ReachPositionCondition", "tolerance"),
        ("Dimensions", "length"),
        ("Dimensions", "width"),
        ("Dimensions", "height"),
        ("Performance", "maxSpeed"),
        ("Performance", "maxAcceleration"),
        ("Performance", "maxDeceleration"),
        ("TransitionDynamics", "value"),
        ("SpeedActionDynamics", "value"),
        ("LaneChangeActionDynamics", "value"),
    }
)


@dataclass(slots=True)
class _Names:
    """What a scenario's elements are called."""

    entities: set[str] = field(default_factory=set)
    controllers: set[str] = field(default_factory=set)
    signal_controllers: dict[str, set[str]] = field(default_factory=dict)
    storyboard: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def check(document: ScenarioDocument) -> None:
    """Tell the document's ledger what its schema does not allow and what cannot be meant.

    Findings of the schema are warnings (`schema.*`). Catalogs are checked as far as they are used.
    """
    check_schema(document.root, document.revision, document.ledger)
    if document.kind == "scenario":
        _Checker(document).check()
    for root in {id(c.root): c.root for c in document.library.used.values()}.values():
        header = root.child("FileHeader")
        written = {} if header is None else header.attributes
        minor = {"0": 0, "1": 1, "2": 2, "3": 3}.get(written.get("revMinor", ""))
        if written.get("revMajor") == "1" and minor is not None:
            check_schema(root, (1, minor), document.ledger)


class _Checker:
    def __init__(self, document: ScenarioDocument) -> None:
        self._document, self._ledger = document, document.ledger
        self._names = _Names()
        bound = document.bind()
        # Looking is not executing: reads are told to a ledger of its own.
        self._root = Element(bound.node, bound.outer, Around(Ledger(), bound.around.entries))

    def check(self) -> None:
        elements = list(self._elements(self._root))
        for element, _ in elements:
            self._name(element)
        self._duplicates()
        for element, parent in elements:
            self._references(element)
            self._amounts(element)
            if element.tag == "CatalogReference" and parent is not None:
                self._entry(element, parent)

    def _elements(self, root: Element) -> Iterator[tuple[Element, Element | None]]:
        """Yield all elements with their parents, catalog entries in their references' places."""
        stack: list[tuple[Element, Element | None]] = [(root, None)]
        met: set[tuple[Node, Node]] = set()  # an entry may be referred to from within many
        while stack:
            element, parent = stack.pop()
            yield element, parent
            if element.tag == "CatalogReference":
                with suppress(InvalidInputError):  # told in _entry
                    entry = element.resolved()
                    if (entry.node, element.node) not in met:
                        met.add((entry.node, element.node))
                        stack.append((entry, parent))
            try:
                scope = element.scope
            except InvalidInputError as error:
                self._ledger.error("semantic.parameters", str(error), element.node)
                continue
            below = [Element(n, scope, element.around) for n in element.node.children]
            stack.extend((child, element) for child in reversed(below))

    def _text(self, element: Element, name: str) -> str | None:
        """Return an attribute's text; None where it is absent or cannot be said beforehand."""
        written = element.node.attributes.get(name)
        if written is None:
            return None
        try:
            return text_of(written, element.scope, element.place)
        except VariesError:
            return None
        except InvalidInputError as error:
            self._ledger.error("semantic.unknown_parameter", str(error), element.node)
            return None

    # -- what there is ----------------------------------------------------------------------

    def _name(self, element: Element) -> None:
        name = self._text(element, "name")
        if name is None:
            return
        if element.tag in {"ScenarioObject", "EntitySelection"}:
            self._names.entities.add(name)
        elif element.tag in {"Controller", "ObjectController"}:
            self._names.controllers.add(name)
        elif element.tag == "TrafficSignalController":
            phases = {p.attributes.get("name", "") for p in element.node.all("Phase")}
            self._names.signal_controllers[name] = phases
        elif element.tag in STORYBOARD:
            kind = element.tag[0].lower() + element.tag[1:]
            self._names.storyboard[kind].add(name)

    def _duplicates(self) -> None:
        entities = self._root.node.child("Entities")
        if entities is not None:
            self._twice(entities.all("ScenarioObject", "EntitySelection"), error=True)
        storyboard = self._root.node.child("Storyboard")
        for node in [] if storyboard is None else storyboard.walk():
            for tag in STORYBOARD:
                self._twice(node.all(tag), error=False)

    def _twice(self, nodes: list[Node], *, error: bool) -> None:
        seen: dict[str, Node] = {}
        for node in nodes:
            name = node.attributes.get("name")
            if name is not None and name in seen:
                said = f"{node.tag} {name} has the name of another one ({seen[name].place})"
                tell = self._ledger.error if error else self._ledger.warning
                tell("semantic.duplicate_name", said, node)
            elif name is not None:
                seen[name] = node

    # -- what is referred to ----------------------------------------------------------------

    def _references(self, element: Element) -> None:
        for name in element.node.attributes:
            if name in _ENTITIES:
                self._known(element, name, self._names.entities, "entity")
        names, document = self._names, self._document
        if element.tag not in {"ParameterAssignment", "CatalogReference"}:
            self._parameter(element)
        self._known(element, "variableRef", set(document.variables), "variable")
        self._known(element, "monitorRef", set(document.monitors), "monitor")
        for attribute in ("controllerRef", "objectControllerRef"):
            self._known(element, attribute, names.controllers, "controller")
        self._signals(element)
        if element.tag == "StoryboardElementStateCondition":
            self._storyboard(element)

    def _known(self, element: Element, attribute: str, known: set[str], what: str) -> None:
        name = self._text(element, attribute)
        if name == "":
            said = f"{attribute} of {element.tag} is empty; it refers to nothing"
            self._ledger.warning("semantic.empty_reference", said, element.node)
        elif name is not None and name.removeprefix("$") not in known:
            said = f"{attribute} of {element.tag}: there is no {what} {name}"
            self._ledger.error(f"semantic.unknown_{what}", said, element.node)

    def _parameter(self, element: Element) -> None:
        name = self._text(element, "parameterRef")
        if name is not None and element.scope.find(name.removeprefix("$")) is None:
            said = f"parameterRef of {element.tag}: no parameter {name} is declared"
            self._ledger.error("semantic.unknown_parameter", said, element.node)

    def _signals(self, element: Element) -> None:
        known = self._names.signal_controllers
        self._known(element, "trafficSignalControllerRef", set(known), "signal_controller")
        name = self._text(element, "trafficSignalControllerRef")
        phase = self._text(element, "phase")
        if name in known and phase is not None and phase not in known[name]:
            said = f"phase of {element.tag}: the signal controller {name} has no phase {phase}"
            self._ledger.error("semantic.unknown_phase", said, element.node)

    def _storyboard(self, element: Element) -> None:
        kind = self._text(element, "storyboardElementType")
        name = self._text(element, "storyboardElementRef")
        if kind is None or name is None:
            return
        known = self._names.storyboard.get(kind, set())
        last = name.rpartition("::")[2]  # a name may carry those of the elements around it
        if last not in known:
            said = f"storyboardElementRef of {element.tag}: there is no {kind} {name}"
            self._ledger.error("semantic.unknown_storyboard_element", said, element.node)

    def _entry(self, reference: Element, parent: Element) -> None:
        try:
            entry = reference.resolved()
        except VariesError:
            return
        except InvalidInputError as error:
            self._ledger.error("semantic.unknown_entry", str(error), reference.node)
            return
        wanted = _KINDS.get(parent.tag)
        if wanted is not None and entry.tag not in wanted:
            said = f"{parent.tag} needs {' or '.join(wanted)}; this refers to a {entry.tag}"
            self._ledger.error("semantic.wrong_entry", said, reference.node)

    # -- amounts ----------------------------------------------------------------------------

    def _amounts(self, element: Element) -> None:
        if element.node.attributes.get("maximumExecutionCount", "").strip() == "0":
            said = f"maximumExecutionCount of {element.tag} is 0; it never runs"
            self._ledger.warning("semantic.never_runs", said, element.node)
        for attribute, written in element.node.attributes.items():
            if (element.tag, attribute) not in _NOT_NEGATIVE:
                continue
            try:
                value = term_of(written, element.scope, element.place, infinite=True).constant
            except InvalidInputError:
                continue  # told where it is read
            if value is not None and value < 0.0:
                said = f"{attribute} of {element.tag} is {value:g}; it is 0 or more"
                # Many published files give a rate with the sign of the change.
                usual = element.tag.endswith("Dynamics")
                tell = self._ledger.warning if usual else self._ledger.error
                tell("semantic.negative", said, element.node)
