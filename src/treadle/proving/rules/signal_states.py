"""What traffic signals showed when, from the storyboard's log and the controllers' phases.

The engine sets signals step by step (engine/scenario/signals.py) and keeps no record of them; here
the same is worked out afterwards, in the same order: phases first, then what the storyboard does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, isfinite

import numpy as np

from treadle.engine.scenario.tables import SIGNAL_CONTROLLER_PHASE, SIGNAL_STATE
from treadle.proving.rules.lowering.build import Build

_NEAR = 1e-9  # [s]


@dataclass(slots=True)
class _Controller:
    """A controller: its phases' names, durations and states, and where it is."""

    names: list[int]
    durations: list[float]
    states: list[list[tuple[int, int]]]
    since: float = 0.0
    phase: int = -1

    @property
    def cycle(self) -> float:
        """How long all phases take together [s]."""
        return sum(self.durations)


@dataclass(slots=True)
class _Showing:
    """The signals while time goes on, and what they showed so far."""

    words: dict[int, int] = field(default_factory=dict)
    told: dict[int, list[tuple[float, int]]] = field(default_factory=dict)

    def show(self, states: Iterable[tuple[int, int]], time_s: float) -> None:
        """Let signals show states from now on."""
        for signal, word in states:
            if self.words.get(signal) == word:
                continue
            self.words[signal] = word
            told = self.told.setdefault(signal, [])
            if told and told[-1][0] == time_s:
                told.pop()
            told.append((time_s, word))


def signal_states(
    build: Build,
    numbers: np.ndarray,
    started: Mapping[int, Sequence[int]],
    *,
    step_s: float,
    n_steps: int,
) -> dict[str, list[tuple[float, str]]]:
    """Return what each signal showed from when on [s], by its id.

    Parameters
    ----------
    numbers : (n_slots,)
        The variant's.
    started
        Rows of action elements that started, in their order, by the step.
    """
    if not build.signal_rows:
        return {}
    controllers = _controllers(build, numbers)
    showing = _Showing()
    _begin(build, controllers, numbers)
    actions = build.actions.array()
    elements = build.elements.array()
    for step in range(n_steps + 1):
        time_s = step * step_s
        for one in controllers:
            _go_on(one, showing, time_s)
        rows = list(build.init) if step == 0 else []
        for element in started.get(step, ()):
            first = int(elements[element]["first_action"])
            rows += range(first, first + int(elements[element]["n_actions"]))
        for row in rows:
            _act(actions[row], controllers, showing, time_s)
    texts = {number: text for text, number in build.interned.items()}
    names = {row: name for name, row in build.signal_rows.items()}
    return {
        names[row]: [(round(time_s, 6), texts.get(word, "")) for time_s, word in told]
        for row, told in sorted(showing.told.items())
    }


def _controllers(build: Build, numbers: np.ndarray) -> list[_Controller]:
    phases, states = build.phases.array(), build.signal_states.array()
    found = []
    for row in build.signal_controllers.array():
        mine = phases[row["first_phase"] : row["first_phase"] + row["n_phases"]]
        shown = [
            states[p["first_signal_state"] : p["first_signal_state"] + p["n_signal_states"]]
            for p in mine
        ]
        found.append(
            _Controller(
                names=[int(p["name"]) for p in mine],
                durations=[float(numbers[p["duration_slot"]]) for p in mine],
                states=[[(int(s["signal"]), int(s["word"])) for s in some] for some in shown],
            )
        )
    return found


def _begin(build: Build, controllers: Sequence[_Controller], numbers: np.ndarray) -> None:
    """Start every controller, with its delay after the one that it refers to."""
    table = build.signal_controllers.array()
    for row, one in enumerate(controllers):
        start, at = 0.0, row
        for _ in controllers:
            start += float(numbers[table[at]["delay_slot"]])
            if table[at]["reference"] < 0:
                break
            at = int(table[at]["reference"])
        cycle = one.cycle
        one.since = start - (ceil(start / cycle) * cycle if cycle else 0.0)


def _go_on(it: _Controller, showing: _Showing, time_s: float) -> None:
    """Set a controller's phase by the time, and the signals where it is another one."""
    if not it.names:
        return
    into, cycle = time_s - it.since, it.cycle
    if isfinite(cycle) and cycle > 0.0:
        into -= floor((into + _NEAR) / cycle) * cycle
    phase = len(it.names) - 1
    for k, duration in enumerate(it.durations):
        into -= duration
        if into < -_NEAR:
            phase = k
            break
    if phase != it.phase:
        it.phase = phase
        showing.show(it.states[phase], time_s)


def _act(
    action: np.void, controllers: Sequence[_Controller], showing: _Showing, time_s: float
) -> None:
    """Do what an action does to signals, if anything."""
    if action["kind"] == SIGNAL_STATE:
        showing.show([(int(action["signal"]), int(action["word"]))], time_s)
    elif action["kind"] == SIGNAL_CONTROLLER_PHASE:
        it, before = controllers[int(action["signal"])], 0.0
        for k, name in enumerate(it.names):
            if name == action["word"]:
                it.since, it.phase = time_s - before, k
                showing.show(it.states[k], time_s)
                return
            before += it.durations[k]
