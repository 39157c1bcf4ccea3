"""The storyboard: its elements breadth first, then what they refer to."""

from collections import deque
from dataclasses import dataclass

from treadle.engine.scenario.tables import (
    ACT,
    ACTION_ELEMENT,
    ELEMENT_KINDS,
    EVENT,
    MANEUVER,
    MANEUVER_GROUP,
    OVERWRITE,
    PARALLEL,
    SKIP,
    STORY,
    STORYBOARD,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.actions import lower_action, lower_init_actions
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.slots import ONE
from treadle.proving.rules.lowering.triggers import lower_trigger
from treadle.proving.rules.result import Element as Told

BELOW = {
    STORYBOARD: ("Story",),
    STORY: ("Act",),
    ACT: ("ManeuverGroup",),
    MANEUVER_GROUP: ("Maneuver", "CatalogReference"),
    MANEUVER: ("Event",),
    EVENT: ("Action",),
}
"""What the elements of a kind are made of."""
_PRIORITIES = {
    "override": OVERWRITE,
    "overwrite": OVERWRITE,
    "parallel": PARALLEL,
    "skip": SKIP,
}


@dataclass(frozen=True, slots=True)
class _Placed:
    element: Element
    kind: int
    row: int
    path: str
    group: int  # row of the maneuver group that it is in, -1


def lower_storyboard(build: Build) -> None:
    """Lower Init, the stories and the stop trigger."""
    storyboard = build.scenario.only("Storyboard")
    storyboard.executed()
    placed = _place(build, storyboard)
    lower_init_actions(build, storyboard.only("Init"))
    for it in placed:
        _lower_one(build, it)
    if stop := storyboard.child("StopTrigger"):
        build.stop_trigger = lower_trigger(build, stop)


def _place(build: Build, storyboard: Element) -> list[_Placed]:
    """Give every element its row, breadth first, so that children stand together."""
    placed: list[_Placed] = []
    todo: deque[tuple[Element, int, int, str, int]] = deque([(storyboard, STORYBOARD, -1, "", -1)])
    while todo:
        element, kind, parent, path, group = todo.popleft()
        name = element.text("name", default="") if kind != STORYBOARD else "storyboard"
        path = f"{path}/{name}" if path else name
        row = build.elements.add(kind=kind, parent=parent, maximum_slot=ONE)
        build.told.append(
            Told(
                kind=ELEMENT_KINDS[kind],
                path=path.removeprefix("storyboard/"),
                file=element.node.file,
                line=element.node.line,
            )
        )
        build.element_names.setdefault(name, []).append(row)
        group = row if kind == MANEUVER_GROUP else group
        placed.append(_Placed(element, kind, row, path, group))
        if parent >= 0:
            _count_child(build, parent, row)
        if kind in BELOW:
            for child in element.all(*BELOW[kind]):
                below = child.resolved()
                below.executed()
                todo.append((below, kind + 1, row, path, group))
    return placed


def _count_child(build: Build, parent: int, row: int) -> None:
    told = build.elements.get(parent)
    first = told["first_child"] if told["n_children"] else row
    build.elements.set(parent, first_child=first, n_children=told["n_children"] + 1)


def _lower_one(build: Build, it: _Placed) -> None:
    element, row = it.element, it.row
    if it.kind in (ACT, EVENT):
        if start := element.child("StartTrigger"):
            build.elements.set(row, start_trigger=_start_trigger(build, start))
        if stop := element.child("StopTrigger"):
            build.elements.set(row, stop_trigger=lower_trigger(build, stop))
    if it.kind in (MANEUVER_GROUP, EVENT):
        build.elements.set(row, maximum_slot=build.number(element, "maximumExecutionCount", 1.0))
    if it.kind == EVENT:
        words = tuple(_PRIORITIES)
        build.elements.set(row, priority=_PRIORITIES[element.word("priority", words)])
    if it.kind == MANEUVER_GROUP:
        _lower_actors(build, it)
    if it.kind == ACTION_ELEMENT:
        _lower_actions(build, it)


def _start_trigger(build: Build, start: Element) -> int:
    """Return the row of a start trigger; -1 for one that names no condition.

    Acts had to have the element until 1.3 made it optional, so a file that wants its act to begin
    with the storyboard says `<StartTrigger/>`: nothing to wait for, as if it were left out.
    """
    row = lower_trigger(build, start)
    return row if start.all("ConditionGroup") else -1


def _lower_actors(build: Build, it: _Placed) -> None:
    """Set a group's actors; with selectTriggeringEntities everybody may be one."""
    if it.element.node.child("Actors") is None:
        text = "ManeuverGroup has no Actors; it is read as one with nobody in it"
        it.element.ledger.warning("semantic.left_out", text, it.element.node)
        build.elements.set(it.row, by_trigger=0, first_actor=len(build.members), n_actors=0)
        return
    actors = it.element.only("Actors")
    actors.executed()
    by_trigger = actors.flag("selectTriggeringEntities", default=False)
    rows = [row for ref in actors.all("EntityRef") for row in build.entities_of(ref)]
    rows = list(dict.fromkeys(rows))
    named = len(rows)
    if by_trigger:
        rows += [row for row in build.entity_rows.values() if row not in rows]
    build.elements.set(
        it.row,
        by_trigger=int(by_trigger),
        first_actor=len(build.members),
        n_actors=len(rows),
        n_named=named,
    )
    build.members.extend(rows)


def _lower_actions(build: Build, it: _Placed) -> None:
    group = build.elements.get(it.group)
    actors = build.members[group["first_actor"] : group["first_actor"] + group["n_actors"]]
    first = len(build.actions)
    lower_action(build, it.element, it.row, actors)
    build.elements.set(
        it.row,
        first_action=first,
        n_actions=len(build.actions) - first,
    )
