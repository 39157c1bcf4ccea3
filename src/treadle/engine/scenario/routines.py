"""Which functions of the scenario's engine are routines, and where in the table each stands.

A scenario needs those of its own actions, conditions and positions (scenario/preparing.py).
"""

from treadle.engine.driving.drivers import DRIVERS as COMPILED
from treadle.engine.scenario import tables as of

SINGLE = (
    "contacts.find_contacts",
    "place.find_on_road",
    "triggers.fires",
    "signals.step_controllers",
    "positions.routes.make_route",
    "positions.curves.make_trajectory",
    "conditions.ways.find_way",
    "conditions.distances.distance_of",
    "motion.move",
    "leaping.leap",
)
"""Functions that stand alone."""
BEGINS = {
    of.SPEED: "actions.longitudinal.begin_speed",
    of.SPEED_PROFILE: "actions.longitudinal_profile.begin_profile",
    of.LONGITUDINAL_DISTANCE: "actions.distance.begin_longitudinal_distance",
    of.LANE_CHANGE: "actions.lateral.begin_lane_change",
    of.LANE_OFFSET: "actions.lateral_offset.begin_lane_offset",
    of.LATERAL_DISTANCE: "actions.distance_lateral.begin_lateral_distance",
    of.SYNCHRONIZE: "actions.synchronize.begin_synchronize",
    of.TELEPORT: "actions.placing.teleport",
    of.FOLLOW_TRAJECTORY: "actions.trajectory.begin_trajectory",
    of.ASSIGN_ROUTE: "actions.route.begin_route",
    of.ACQUIRE_POSITION: "actions.route.begin_route",
    of.RANDOM_ROUTE: "actions.route.begin_route",
    of.CONNECT_TRAILER: "actions.entities.connect",
    of.DISCONNECT_TRAILER: "actions.entities.disconnect",
    of.ADD_ENTITY: "actions.entities.come",
    of.DELETE_ENTITY: "actions.entities.go",
    of.SET_VARIABLE: "actions.values.change_variable",
    of.ADD_TO_VARIABLE: "actions.values.change_variable",
    of.MULTIPLY_VARIABLE: "actions.values.change_variable",
    of.SIGNAL_STATE: "signals.change_signal",
    of.SIGNAL_CONTROLLER_PHASE: "signals.change_signal",
    of.ENVIRONMENT: "actions.day.set_day",
    of.ACTIVATE_CONTROLLER: "driven.activate",
    of.VISIBILITY: "actions.values.do_nothing",
    of.TRAFFIC_SOURCE: "traffic.flow.begin_traffic",
    of.TRAFFIC_SINK: "traffic.flow.begin_traffic",
    of.TRAFFIC_SWARM: "traffic.flow.begin_traffic",
    of.TRAFFIC_AREA: "traffic.flow.begin_traffic",
    of.TRAFFIC_STOP: "traffic.flow.stop_traffic",
    of.OVERRIDE_PEDALS: "actions.pedals.hold_pedal",
}
"""How actions begin, by kind: (program, state, action) -> is it done already."""
PROCEEDS = {
    of.SPEED: "actions.longitudinal.proceed_speed",
    of.SPEED_PROFILE: "actions.longitudinal_profile.proceed_profile",
    of.LONGITUDINAL_DISTANCE: "actions.distance.proceed_longitudinal_distance",
    of.LANE_CHANGE: "actions.lateral.proceed_lane_change",
    of.LANE_OFFSET: "actions.lateral_offset.proceed_lane_offset",
    of.LATERAL_DISTANCE: "actions.distance_lateral.proceed_lateral_distance",
    of.SYNCHRONIZE: "actions.synchronize.proceed_synchronize",
    of.FOLLOW_TRAJECTORY: "actions.trajectory.proceed_trajectory",
    of.ACQUIRE_POSITION: "actions.route.proceed_acquire",
    of.RANDOM_ROUTE: "actions.route.proceed_random",
}
"""How running actions take a step: (program, state, action, dt) -> is it done."""
HOLDS = {
    of.TIME_OF_DAY: "conditions.values.day_holds",
    of.PARAMETER_CONDITION: "conditions.values.variable_holds",
    of.VARIABLE_CONDITION: "conditions.values.variable_holds",
    of.TRAFFIC_SIGNAL: "conditions.values.signal_holds",
    of.TRAFFIC_SIGNAL_CONTROLLER: "conditions.values.phase_holds",
    of.END_OF_ROAD: "conditions.motion.end_of_road_holds",
    of.COLLISION: "conditions.reaching.collides",
    of.OFFROAD: "conditions.reaching.off_road_holds",
    of.TIME_HEADWAY: "conditions.timing.headway_holds",
    of.TIME_TO_COLLISION: "conditions.timing.collision_time_holds",
    of.ACCELERATION: "conditions.motion.acceleration_holds",
    of.STAND_STILL: "conditions.motion.stand_still_holds",
    of.SPEED_CONDITION: "conditions.motion.speed_holds",
    of.RELATIVE_SPEED: "conditions.motion.relative_speed_holds",
    of.TRAVELED_DISTANCE: "conditions.motion.traveled_holds",
    of.REACH_POSITION: "conditions.reaching.reaches",
    of.DISTANCE_CONDITION: "conditions.distances.distance_holds",
    of.RELATIVE_DISTANCE: "conditions.distances.distance_holds",
    of.RELATIVE_CLEARANCE: "conditions.clearance.is_clear",
    of.ANGLE: "conditions.angles.angle_holds",
    of.RELATIVE_ANGLE: "conditions.angles.angle_holds",
}
"""Whether conditions hold: (program, state, row, member, memory, dt). Time and states of the
storyboard are asked in triggers.py itself; others never hold."""
RESOLVES = {
    **dict.fromkeys(
        (of.WORLD, of.RELATIVE_WORLD, of.RELATIVE_OBJECT), "positions.on_road.in_world"
    ),
    of.ROAD_POSITION: "positions.on_road.on_road",
    of.RELATIVE_ROAD: "positions.on_road.beside_road",
    of.LANE_POSITION: "positions.on_road.on_lane",
    of.RELATIVE_LANE: "positions.on_road.beside_lane",
    of.ROUTE_POSITION: "positions.on_route.resolve_on_route",
    of.TRAJECTORY_POSITION: "positions.curves.resolve_on_trajectory",
}
"""Where positions are: (program, state, row, entity, into)."""
DRAW_ON, LINE_UP = range(2)
DRAWS = {DRAW_ON: "trailers.draw_on", LINE_UP: "trailers.line_up"}
"""How trailers follow a vehicle: (program, state, entity, dt); needed where there are some."""
EXCHANGE, BEGUN, SET_DOWN = range(of.DYNAMIC + 1, of.DYNAMIC + 4)
DRIVES = {
    of.KINEMATIC: "modelled.drive_vehicle",
    of.DYNAMIC: "modelled.drive_vehicle",
    EXCHANGE: "plans.exchange",
    BEGUN: "plans.begun",
    SET_DOWN: "modelled.set_down",
}
"""How vehicles move by a model: (program, state, entity, dt); needed where that is asked for."""
STEP_TRAFFIC = 0
FLOWS = {STEP_TRAFFIC: "traffic.flow.step_traffic"}
"""How traffic comes and goes: (program, state, dt); needed where there is some."""

CALMS = {
    of.TIME_OF_DAY: "calm.day_calm",
    of.PARAMETER_CONDITION: "calm.constant",
    of.VARIABLE_CONDITION: "calm.constant",
    of.TRAFFIC_SIGNAL: "calm.signals_calm",
    of.TRAFFIC_SIGNAL_CONTROLLER: "calm.signals_calm",
    of.END_OF_ROAD: "calm.constant",
    of.COLLISION: "calm.constant",
    of.TIME_HEADWAY: "calm_relations.headway_calm",
    of.TIME_TO_COLLISION: "calm_relations.collision_time_calm",
    of.STAND_STILL: "calm.standing_calm",
    of.SPEED_CONDITION: "calm.straight_calm",
    of.RELATIVE_SPEED: "calm.straight_calm",
    of.TRAVELED_DISTANCE: "calm.traveled_calm",
    of.REACH_POSITION: "calm_relations.reach_calm",
    of.DISTANCE_CONDITION: "calm_relations.distance_calm",
    of.RELATIVE_DISTANCE: "calm_relations.distance_calm",
    of.ANGLE: "calm.straight_calm",
    of.RELATIVE_ANGLE: "calm.straight_calm",
}
"""How many steps conditions stay as they are while nothing happens (leaping.py): (program, state,
row, member, memory, dt). Of others it is not known."""

GUEST = 25
"""Number of a compiled driver that comes from outside; who runs it fills in its address."""
HOSTS = tuple(range(GUEST + 1, GUEST + 7))
BEGIN_DRIVERS, SHOW_DRIVERS, ASK_DRIVERS, OBEY, NOTE_END, MEASURE = HOSTS
DRIVERS = {
    **{one.number: f"hosting.ask_{name}" for name, one in COMPILED.items()},
    BEGIN_DRIVERS: "driven.begin_drivers",
    SHOW_DRIVERS: "driven.show_drivers",
    ASK_DRIVERS: "driven.ask_drivers",
    OBEY: "driven.obey",
    NOTE_END: "driven.note_end",
    MEASURE: "driven.measure_driver",
}
"""Drivers, and what deals with them: (program, state, driver, dt); needed where there are some."""

_FIRST, _ROOM = 32, 32  # functions that stand alone, kinds of one family
BEGIN, PROCEED, HOLD, RESOLVE, CALM, DRAW, DRIVE, ASK, FLOW = (_FIRST + k * _ROOM for k in range(9))
FAMILIES = {
    BEGIN: BEGINS,
    PROCEED: PROCEEDS,
    HOLD: HOLDS,
    RESOLVE: RESOLVES,
    CALM: CALMS,
    DRAW: DRAWS,
    DRIVE: DRIVES,
    ASK: DRIVERS,
    FLOW: FLOWS,
}


def place_of(name: str) -> int:
    """Return where in the table a function that stands alone has its place."""
    return SINGLE.index(name)
