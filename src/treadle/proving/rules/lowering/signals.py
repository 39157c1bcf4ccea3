"""Traffic signals and their controllers: rows by the names that the scenario uses."""

from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build

_NO_GROUP = "the road network has no controller of this id, so no signal shows the state"


def signal_row(build: Build, name: str) -> int:
    """Return a signal's row; it gets one when it is first asked for."""
    if name not in build.signal_rows:
        build.signal_rows[name] = build.signals.add()
    return build.signal_rows[name]


def lower_signals(build: Build) -> None:
    """Lower the controllers of RoadNetwork/TrafficSignals."""
    network = build.scenario.child("RoadNetwork")
    signals = network.child("TrafficSignals") if network else None
    controllers = signals.all("TrafficSignalController") if signals else []
    for controller in controllers:
        phases = controller.all("Phase")
        first = len(build.phases)
        for _ in phases:
            build.phases.add()
        for k, phase in enumerate(phases):
            build.phases.set(first + k, **_phase(build, phase, controller.text("name")))
        build.controller_rows[controller.text("name")] = build.signal_controllers.add(
            first_phase=first,
            n_phases=len(phases),
            delay_slot=build.number(controller, "delay", 0.0),
        )
    for controller in controllers:
        _refer(build, controller)


def _phase(build: Build, phase: Element, controller: str) -> dict[str, int]:
    """Lower a phase: states of single signals, and (1.2) of all of the road network's group."""
    first = len(build.signal_states)
    signals = _group(build, controller)
    groups = phase.all("TrafficSignalGroupState", "TrafficeSignalGroupState")
    for group in groups:
        word = build.word(group.text("state"))
        for signal in signals:
            build.signal_states.add(signal=signal_row(build, signal), word=word)
        if not signals:
            group.not_supported(_NO_GROUP, may_change=_are_asked(build))
    for shown in phase.all("TrafficSignalState"):
        build.signal_states.add(
            signal=signal_row(build, shown.text("trafficSignalId")),
            word=build.word(shown.text("state")),
        )
    return {
        "name": build.word(phase.text("name")),
        "duration_slot": build.number(phase, "duration"),
        "first_signal_state": first,
        "n_signal_states": len(build.signal_states) - first,
    }


def _group(build: Build, controller: str) -> list[str]:
    """Return the signals that the road network's controller of this id has."""
    known = build.network.controllers if build.network else ()
    return [signal for one in known if one.id == controller for signal, _ in one.controls]


def _are_asked(build: Build) -> bool:
    return any(node.tag == "TrafficSignalCondition" for node in build.scenario.node.walk())


def _refer(build: Build, controller: Element) -> None:
    name = controller.text("reference", default="")
    if not name:
        return
    if name not in build.controller_rows:
        text = f"TrafficSignalController refers to {name}, which is not declared"
        controller.ledger.error("semantic.unknown_signal_controller", text, controller.node)
        return
    row = build.controller_rows[controller.text("name")]
    build.signal_controllers.set(row, reference=build.controller_rows[name])
