"""A bound scenario and its roads as a Program."""

from treadle.proving.rules.binding import Around, Element
from treadle.proving.rules.constraints import constraints_of
from treadle.proving.rules.driver import Driver
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.control import seat_drivers, settle_controllers
from treadle.proving.rules.lowering.entities import lower_entities
from treadle.proving.rules.lowering.network import Network
from treadle.proving.rules.lowering.signals import lower_signals
from treadle.proving.rules.lowering.storyboard import lower_storyboard
from treadle.proving.rules.lowering.traffic import settle_traffic
from treadle.proving.rules.lowering.variables import lower_variables


def lower(
    scenario: Element,
    network: Network | None,
    *,
    controllers_on: bool,
    drivers: tuple[Driver, ...] = (),
) -> Build:
    """Lower a scenario of one structure; its ledger then says what became of each element."""
    around = Around(scenario.ledger, scenario.around.entries)
    scenario = Element(scenario.node, scenario.outer, around)
    build = Build(
        scenario=scenario, network=network, controllers_on=controllers_on, drivers=drivers
    )
    scenario.executed()
    lower_variables(build)
    lower_signals(build)
    lower_entities(build)
    seat_drivers(build)
    lower_storyboard(build)
    settle_controllers(build)
    settle_traffic(build)
    for declarations, scope in around.limited.values():
        kinds = {name: bound.kind for name, bound in scope.names.items()}
        build.limits.append((constraints_of(declarations, kinds, around.ledger), scope))
    return build
