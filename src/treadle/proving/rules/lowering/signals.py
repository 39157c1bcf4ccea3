"""Traffic signals and their controllers: rows by the names that the scenario uses."""

from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build


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
            build.phases.set(first + k, **_phase(build, phase))
        build.controller_rows[controller.text("name")] = build.signal_controllers.add(
            first_phase=first,
            n_phases=len(phases),
            delay_slot=build.number(controller, "delay", 0.0),
        )
    for controller in controllers:
        _refer(build, controller)


def _phase(build: Build, phase: Element) -> dict[str, int]:
    first = len(build.signal_states)
    # 1.0 and 1.1 have states right inside, 1.2 groups them for each controlled signal group
    groups = phase.all("TrafficSignalGroupState")
    for group in groups:
        group.without_effect("the state of a group is text for whoever draws it")
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
