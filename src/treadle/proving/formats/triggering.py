"""What each step of a storyboard waits for, in words, and which of it came to hold when.

The log of a run says when a step started, not by which of several groups of conditions. That is
found out by asking again: the variant is run once more for each group, with that group alone in the
trigger. Until the trigger fires nothing can differ, so a group that fires it at the same step is
one that fired it then.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from treadle.engine.scenario.tables import STARTED, STOPPED, STORYBOARD, Program
from treadle.kernel.scene import Condition
from treadle.proving.formats.compiled import Compiled
from treadle.proving.rules.binding import Element
from treadle.proving.rules.conditions_in_words import told
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.storyboard import BELOW
from treadle.proving.rules.result import ENDINGS, Result
from treadle.proving.rules.simulating import Options

_MOST = 48
"""Runs that are made to find out by which group."""
_BY_STOP_TRIGGER = ENDINGS.index("stop trigger")
Steps = Mapping[tuple[int, int], Sequence[int]]
"""At which steps an element (its row) made a transition (STARTED, ...)."""


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A trigger that fired, or did not.

    Attributes
    ----------
    element, row
        Rows of the element that it starts or ends, and its own.
    steps
        When it fired.
    """

    element: int
    row: int
    ends: bool
    groups: list[Element]
    steps: Sequence[int]


class Triggering:
    """The triggers of one variant that ran.

    Parameters
    ----------
    compiled, build
        The scenario, and the variant's structure of it.
    result
        Of the variant, with its transitions.
    rows
        Rows of the structure by the places of `result.elements`.
    options
        As of its run.
    """

    def __init__(
        self,
        compiled: Compiled,
        build: Build,
        result: Result,
        rows: Mapping[int, int],
        options: Options,
    ) -> None:
        self._compiled, self._build, self._result = compiled, build, result
        self._options = options
        self._left = 0 if compiled.has_outside else _MOST
        self._rows = rows

    def conditions(
        self, variant: int, steps_by_row: Mapping[int, tuple[int, str]]
    ) -> list[Condition]:
        """Return the conditions of all triggers, step by step.

        Parameters
        ----------
        steps_by_row
            The place and the name of the step that each element is.
        """
        steps = steps_of(self._result, variant, self._rows, self._options.step_s)
        elements = _elements(self._compiled.written(variant, self._options.seed))
        found = [
            one
            for trigger in self._triggers(elements, steps, variant)
            for one in self._worded(trigger, variant, steps_by_row[trigger.element])
        ]
        return sorted(found, key=lambda one: one.number)

    def _triggers(
        self, elements: Sequence[Element], steps: Steps, variant: int
    ) -> Iterator[_Trigger]:
        table = self._build.elements.array()
        for row, element in enumerate(elements):
            for tag, ends in (("StartTrigger", False), ("StopTrigger", True)):
                node = element.node.child(tag)
                if node is None:
                    continue
                groups = element.only(tag).all("ConditionGroup")
                if table[row]["kind"] == STORYBOARD:
                    fired = self._ended(variant) if ends else []
                    yield _Trigger(row, self._build.stop_trigger, ends, groups, fired)
                else:
                    name = "stop_trigger" if ends else "start_trigger"
                    fired = list(steps.get((row, STOPPED if ends else STARTED), ()))
                    yield _Trigger(row, int(table[row][name]), ends, groups, fired)

    def _ended(self, variant: int) -> list[int]:
        """Return the step at which the stop trigger ended the run."""
        result = self._result
        (row,) = np.flatnonzero(result.variants == variant)[:1]
        if result.endings[row] != _BY_STOP_TRIGGER:
            return []
        return [round(float(result.end_times_s[row]) / self._options.step_s)]

    def _worded(self, it: _Trigger, variant: int, step: tuple[int, str]) -> Iterator[Condition]:
        place, name = step
        by_group, unknown = self._fired(it, variant)
        for number, group in enumerate(it.groups):
            for one in group.all("Condition"):
                times = tuple(round(s * self._options.step_s, 6) for s in by_group.get(number, ()))
                yield Condition(
                    step=name,
                    number=place,
                    name=one.node.attributes.get("name", ""),
                    words=told(one),
                    place=one.place,
                    group=number,
                    ends=it.ends,
                    fired_s=times,
                    is_known=not unknown,
                )

    def _fired(self, it: _Trigger, variant: int) -> tuple[dict[int, list[int]], bool]:
        """Return at which steps each group fired a trigger, and whether that is unknown of some."""
        if not it.steps or it.row < 0:
            return {}, False
        if len(it.groups) == 1 and not it.ends:
            return {0: list(it.steps)}, False
        first, *later = it.steps
        needed = len(it.groups) + int(it.ends)
        if needed > self._left:
            return {}, True
        self._left -= needed
        if it.ends and self._fires(it, -1, first, variant):
            return {}, False  # what is around it ended, and it with it
        held = [n for n in range(len(it.groups)) if self._fires(it, n, first, variant)]
        return {n: [first] for n in held}, bool(later) or not held

    def _fires(self, it: _Trigger, group: int, step: int, variant: int) -> bool:
        """Return whether a trigger fires at a step by one group alone; -1: by none."""
        until_s = (step + 0.5) * self._options.step_s
        change = partial(_alone, trigger=it.row, group=group)
        ran = self._compiled.run_changed(variant, change, self._options, until_s)
        if self._build.elements.get(it.element)["kind"] == STORYBOARD:
            return bool(
                len(ran.ends) and ran.ends[0, 0] == _BY_STOP_TRIGGER and ran.ends[0, 1] == step
            )
        logs = ran.logs
        how = STOPPED if it.ends else STARTED
        same = (logs["element"] == it.element) & (logs["transition"] == how)
        return bool((same & (logs["step"] == step)).any())


def _alone(program: Program, *, trigger: int, group: int) -> Program:
    """Return a program in which one trigger has one of its groups alone, or none."""
    triggers = program.triggers.copy()
    triggers[trigger]["first_group"] += max(0, group)
    triggers[trigger]["n_groups"] = int(group >= 0)
    return replace(program, triggers=triggers)


def steps_of(result: Result, variant: int, rows: Mapping[int, int], step_s: float) -> Steps:
    """Return at which steps which element made which transition."""
    mine = result.transitions[result.transitions["variant"] == variant]
    found: dict[tuple[int, int], list[int]] = {}
    for one in mine[np.argsort(mine["time_s"], kind="stable")]:
        row = rows.get(int(one["element"]))
        if row is not None:
            step = round(float(one["time_s"]) / step_s)
            found.setdefault((row, int(one["how"])), []).append(step)
    return found


def _elements(scenario: Element) -> list[Element]:
    """Return the storyboard's elements in the order of the engine's rows: breadth first."""
    found: list[Element] = []
    waiting: deque[tuple[Element, int]] = deque([(scenario.only("Storyboard"), STORYBOARD)])
    while waiting:
        element, kind = waiting.popleft()
        found.append(element)
        for child in element.all(*BELOW.get(kind, ())) if kind in BELOW else ():
            waiting.append((child.resolved(), kind + 1))
    return found
