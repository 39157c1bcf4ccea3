"""A variant as a scene: its roads, boxes, tracks, storyboard, parameters and manifest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from treadle.engine.scenario.tables import ACTION_ELEMENT, MISC_OBJECT, STARTED
from treadle.kernel.scene import (
    Condition,
    Contact,
    Fate,
    Firing,
    Ground,
    Mover,
    Setting,
    Sign,
    Step,
    Track,
)
from treadle.proving.formats.compiled import Compiled
from treadle.proving.formats.opendrive.marks import read_marks
from treadle.proving.formats.scenarios import Scenario
from treadle.proving.formats.triggering import Triggering, steps_of
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.entities import KINDS
from treadle.proving.rules.lowering.slots import Values
from treadle.proving.rules.lowering.traffic_templates import CATEGORIES
from treadle.proving.rules.node import Line, Node
from treadle.proving.rules.parameters import NUMERIC, Bound, Scope, term_of, text_of, written_values
from treadle.proving.rules.result import STATES, TRANSITIONS, Result
from treadle.proving.rules.result import Element as Named
from treadle.proving.rules.roads.drawing import ground_of
from treadle.proving.rules.roads.network import RoadNetwork
from treadle.proving.rules.roads.standing import Shown, fixtures_of, signs_of
from treadle.proving.rules.signal_states import signal_states
from treadle.proving.rules.simulating import Options
from treadle.proving.rules.thinning import thinned

EVERY_S = 0.04
"""How often a trajectory is told before it is thinned [s]."""
_WITHIN = np.array([0.01, 0.01, 0.002, 0.01, 0.02])  # x, y [m], heading [rad], speed [m/s], z [m]
_DIGITS = (3, 3, 4, 3, 3)
_LEVEL_M = 0.05  # heights that differ by less are level
_NUMBERS = ("time_s", "x_m", "y_m", "heading_rad", "speed_mps", "z_m")
_WORDS = {
    "startTransition": "started",
    "endTransition": "ended",
    "stopTransition": "stopped",
    "skipTransition": "skipped",
}
_MOST_LINES = 8  # line numbers that are listed of elements that are alike


def ground(build: Build) -> Ground:
    """Return the roads of a scenario; nothing where it has none."""
    network = build.network
    if not isinstance(network, RoadNetwork):
        return Ground()
    fixtures, n_left_out = fixtures_of(network)
    drawn = ground_of(network, read_marks(network.root))
    return replace(drawn, fixtures=fixtures, n_left_out=n_left_out)


def movers(build: Build, values: Values, result: Result, variant: int) -> tuple[Mover, ...]:
    """Return the entities and their bounding boxes, in the scenario's order, then its traffic."""
    numbers = values.base.copy()
    if len(values.columns):
        numbers[values.varying] = values.columns[0]
    kinds = _kinds(build.scenario)
    rows, templates = build.entities.array(), build.templates.array()
    own = [
        _mover(name, kinds.get(name, ""), rows[row], numbers)
        for name, row in build.entity_rows.items()
    ]
    made = result.guests[result.guests["variant"] == variant]
    for name, template in zip(made["entity"], made["template"], strict=True):
        it = templates[template]
        kind = CATEGORIES[it["category"]] if it["category"] >= 0 else _TAGS[it["kind"]]
        own.append(_mover(result.entities[name], kind, it, numbers))
    return tuple(own)


_TAGS = {number: tag for tag, number in KINDS.items()}


def _mover(name: str, kind: str, row: np.ndarray, numbers: np.ndarray) -> Mover:
    return Mover(
        name=name,
        kind=kind,
        length_m=_size(numbers[row["length_slot"]]),
        width_m=_size(numbers[row["width_slot"]]),
        ahead_m=_size(numbers[row["centre_x_slot"]]),
        left_m=_size(numbers[row["centre_y_slot"]]),
    )


def _size(value: float) -> float:
    return round(float(value), 4) if np.isfinite(value) else 0.0


def _kinds(scenario: Element) -> dict[str, str]:
    """Return what each entity is, in the standard's words."""
    entities = scenario.child("Entities")
    found: dict[str, str] = {}
    for one in entities.all("ScenarioObject") if entities else ():
        it = one.only(*KINDS, "CatalogReference").resolved()
        told = (it.node.attributes.get(f"{kind}Category") for kind in _CATEGORY_OF)
        category = next((word for word in told if word and "$" not in word), "")
        found[one.text("name")] = category or it.tag
    return found


_CATEGORY_OF = ("vehicle", "pedestrian", "miscObject")


def tracks(
    result: Result, variant: int, names: Sequence[str], still: Collection[str] = ()
) -> tuple[Track, ...]:
    """Return how the entities of a variant went, with few moments and within 1 cm of all.

    Parameters
    ----------
    still
        Who does not count where it is asked whether all is level.
    """
    rows = result.samples[result.samples["variant"] == variant]
    rows = rows[np.isfinite(np.stack([rows[name] for name in _NUMBERS])).all(axis=0)]
    found: list[Track] = []
    counted = [n for n, name in enumerate(result.entities) if name in names and name not in still]
    heights = rows["z_m"][np.isin(rows["entity"], counted)]
    is_level = not len(heights) or bool(np.ptp(heights) < _LEVEL_M)
    for entity, name in enumerate(result.entities):
        mine = rows[rows["entity"] == entity]
        if name in names and len(mine):
            mine = mine[np.argsort(mine["time_s"], kind="stable")]
            found += (_track(one, names.index(name), is_level=is_level) for one in _pieces(mine))
    return tuple(found)


def _pieces(rows: np.ndarray) -> list[np.ndarray]:
    """Return samples where one led to the next: cut where it was gone or put elsewhere."""
    steps = np.diff(rows["time_s"])
    moved = np.hypot(np.diff(rows["x_m"]), np.diff(rows["y_m"]))
    fastest = np.maximum(np.abs(rows["speed_mps"][1:]), np.abs(rows["speed_mps"][:-1]))
    usual = np.median(steps) if len(steps) else 0.0
    cut = (steps > 1.5 * usual) | (moved > 2.0 * fastest * steps + 2.0)
    return np.split(rows, np.flatnonzero(cut) + 1)


def _track(rows: np.ndarray, mover: int, *, is_level: bool) -> Track:
    columns = [rows["x_m"], rows["y_m"], np.unwrap(rows["heading_rad"]), rows["speed_mps"]]
    columns.append(rows["z_m"])
    told = len(columns) - int(is_level)
    kept = thinned(rows["time_s"], np.stack(columns[:told], axis=1), _WITHIN[:told])
    x, y, heading, speed, z = (
        tuple(np.round(column[kept], digits).tolist())
        for column, digits in zip(columns, _DIGITS, strict=True)
    )
    return Track(
        mover=mover,
        time_s=tuple(np.round(rows["time_s"][kept], 6).tolist()),
        x_m=x,
        y_m=y,
        heading_rad=heading,
        speed_mps=speed,
        z_m=() if is_level else z,
    )


def contacts(result: Result, variant: int) -> tuple[Contact, ...]:
    """Return the collisions of a variant, as they came."""
    rows = result.contacts[result.contacts["variant"] == variant]
    return tuple(
        Contact(
            mover=result.entities[row["entity"]],
            other=result.entities[row["other"]],
            time_s=float(row["time_s"]),
            x_m=float(row["x_m"]),
            y_m=float(row["y_m"]),
            impact_speed_mps=float(row["impact_speed_mps"]),
            delta_v_mps=_number(row["delta_v_mps"]),
            other_delta_v_mps=_number(row["other_delta_v_mps"]),
        )
        for row in np.sort(rows, order="time_s")
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def steps(build: Build) -> tuple[list[int], tuple[Step, ...]]:
    """Return the storyboard depth first: the rows of its elements, and the elements as steps."""
    table = build.elements.array()
    nodes = _nodes(build.scenario.node)
    rows: list[int] = []
    found: list[Step] = []
    waiting = [(0, 0)] if len(table) else []
    while waiting:
        row, depth = waiting.pop()
        told = build.told[row]
        parent = int(table[row]["parent"])
        above = f"{build.told[parent].path}/" if parent > 0 else ""
        node = nodes.get((told.file, told.line))
        rows.append(row)
        found.append(
            Step(
                depth=depth,
                kind=told.kind,
                name=told.path.removeprefix(above),
                trigger=_trigger(node) if node is not None else "",
                place=f"{told.file}:{told.line}",
            )
        )
        first, n = int(table[row]["first_child"]), int(table[row]["n_children"])
        waiting += [(child, depth + 1) for child in reversed(range(first, first + n))]
    return rows, tuple(found)


def _nodes(root: Node) -> dict[tuple[str, int], Node]:
    return {(node.file, node.line): node for node in root.walk()}


def _trigger(node: Node) -> str:
    """Return the names of a start trigger's conditions: all of one group, or one of several."""
    trigger = node.child("StartTrigger")
    groups = trigger.all("ConditionGroup") if trigger else []
    named = (
        " and ".join(c.attributes.get("name", "") for c in group.all("Condition"))
        for group in groups
    )
    return " or ".join(filter(None, named))


def conditions(
    steps: Sequence[Step],
    rows: Sequence[int],
    of: tuple[Compiled, Build, Result, Options],
    variant: int,
) -> tuple[Condition, ...]:
    """Return the conditions that steps wait for, and which of them came to hold when.

    Parameters
    ----------
    rows
        Of the storyboard's elements, one a step.
    of
        The scenario, the variant's structure, its result, and how it was run.
    """
    compiled, build, result, options = of
    triggering = Triggering(compiled, build, result, _places(build, result), options)
    named = {row: (place, steps[place].name) for place, row in enumerate(rows)}
    return tuple(triggering.conditions(variant, named))


def still(build: Build) -> frozenset[str]:
    """Return the entities that are neither vehicles nor people."""
    kinds = build.entities.array()["kind"]
    return frozenset(n for n, row in build.entity_rows.items() if kinds[row] == MISC_OBJECT)


def _places(build: Build, result: Result) -> Mapping[int, int]:
    """Return the rows of the storyboard's elements by their places in a result."""
    rows = {_known(told): row for row, told in reversed(list(enumerate(build.told)))}
    named = ((place, rows.get(_known(told))) for place, told in enumerate(result.elements))
    return {place: row for place, row in named if row is not None}


def signs(
    build: Build, numbers: np.ndarray, result: Result, variant: int, step_s: float
) -> tuple[Sign, ...]:
    """Return the signs and lights beside the roads, with what they showed when."""
    kinds = build.elements.array()["kind"]
    started: dict[int, list[int]] = {}
    for (row, how), at in steps_of(result, variant, _places(build, result), step_s).items():
        for step in at if how == STARTED and kinds[row] == ACTION_ELEMENT else ():
            started.setdefault(step, []).append(row)
    (place,) = np.flatnonzero(result.variants == variant)[:1]
    end_s = float(np.nan_to_num(result.end_times_s[place]))
    shown = signal_states(build, numbers, started, step_s=step_s, n_steps=round(end_s / step_s))
    network = build.network if isinstance(build.network, RoadNetwork) else None
    return signs_of(
        network,
        {
            name: Shown(
                times_s=tuple(time_s for time_s, _ in told),
                states=tuple(state for _, state in told),
            )
            for name, told in shown.items()
        },
    )


def firings(
    result: Result, variant: int, build: Build, rows: Sequence[int], told: Sequence[Step]
) -> tuple[Firing, ...]:
    """Return what of the storyboard fired when."""
    number = {_known(build.told[row]): place for place, row in reversed(list(enumerate(rows)))}
    mine = result.transitions[result.transitions["variant"] == variant]
    mine = mine[np.argsort(mine["time_s"], kind="stable")]
    found: list[Firing] = []
    for row in mine:
        place = number.get(_known(result.elements[row["element"]]))
        if place is not None:
            found.append(
                Firing(
                    time_s=round(float(row["time_s"]), 6),
                    step=told[place].name,
                    kind=told[place].kind,
                    what=_WORDS[TRANSITIONS[row["how"]]],
                    state=STATES[row["state"]].removesuffix("State"),
                    number=place,
                )
            )
    return tuple(found)


def _known(told: Named) -> tuple[str, str, int]:
    """Return what tells an element from others; its file may have been called otherwise then."""
    return told.kind, told.path, told.line


def settings(scenario: Scenario, variant: int, seed: int) -> tuple[Setting, ...]:
    """Return the scenario's parameters: as they are declared, and as they are in a variant."""
    document = scenario.document
    table = scenario.table([variant], seed)
    names = dict(document.parameters)
    for name, column in table.items():
        bound = names[name]
        (text,) = written_values(column, bound.kind)
        names[name] = Bound(bound.kind, _final(text), bound.place)
    scope = Scope(names)
    varied = set(scenario.varied)
    return tuple(
        Setting(
            name=name,
            declared=declared,
            here=_written(name, names[name], scope),
            is_varied=name in varied and name not in scenario.overrides,
        )
        for name, declared in document.written_defaults().items()
    )


def _final(text: str) -> str:
    """Return a value as one that refers to nothing, whatever it looks like."""
    return f"\\{text}" if text.startswith("$") else text


def _written(name: str, bound: Bound, scope: Scope) -> str:
    """Return a parameter's value, computed: others may be declared by it."""
    if bound.kind in NUMERIC:
        value = term_of(f"${name}", scope, bound.place).constant or 0.0
        return written_values(np.array([value]), bound.kind)[0]
    return text_of(f"${name}", scope, bound.place)


def told(lines: Iterable[Line]) -> tuple[Fate, ...]:
    """Return a manifest with elements that are alike together, what matters first."""
    alike: dict[tuple[str, bool, str, str, str], list[int]] = {}
    for line in lines:
        key = (line.outcome, line.may_change, line.reason, line.tag, line.file)
        alike.setdefault(key, []).append(line.line)
    found = [
        Fate(
            element=tag,
            n=len(numbers),
            place=f"{file}:{_numbers(numbers)}",
            outcome=outcome,
            matters=matters,
            reason=reason,
        )
        for (outcome, matters, reason, tag, file), numbers in alike.items()
    ]
    order = ("not supported", "no effect", "executed")
    return tuple(sorted(found, key=lambda one: (order.index(one.outcome), not one.matters)))


def _numbers(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:_MOST_LINES]))
    more = len(lines) - _MOST_LINES
    return f"{shown} and {more} more" if more > 0 else shown
