"""The state of one run: arrays that a worker holds once and every variant fills anew."""

from dataclasses import dataclass

import numpy as np

from treadle.engine.curve.tables import VERTEX as CURVE_VERTEX
from treadle.engine.driving.tables import COMMAND, OTHER, OWN
from treadle.engine.driving.tables import MEMORY as DRIVER_MEMORY
from treadle.engine.measuring.tables import accumulators
from treadle.engine.scenario.memory_tables import (
    ACTION_STATE,
    CONTROLLER_MEMORY,
    ELEMENT_STATE,
    MEMORY,
    PEDAL,
    ROUTE_STATE,
    SIGNAL_MEMORY,
    TRAJECTORY_STATE,
)
from treadle.engine.scenario.tables import PEDALS, Program
from treadle.engine.scenario.traffic_tables import TRAFFIC_STATE
from treadle.engine.tables import Tables

BODY = np.dtype(
    [
        ("x", "f8"),  # reference point, world
        ("y", "f8"),
        ("z", "f8"),
        ("h", "f8"),
        ("p", "f8"),
        ("r", "f8"),
        ("speed", "f8"),  # along its heading, negative backwards
        ("last_x", "f8"),  # one step ago
        ("last_y", "f8"),
        ("last_z", "f8"),
        ("last_h", "f8"),
        ("last_speed", "f8"),
        ("acceleration", "f8"),  # of the step that led here [m/s2]
        ("lateral_acceleration", "f8"),
        ("s", "f8"),
        ("t", "f8"),
        ("offset", "f8"),  # from the centre of its lane, positive to the left of the road
        ("turn", "f8"),  # heading less the direction of the road (of increasing s)
        ("sideways", "f8"),  # lateral displacement of this step [m], taken out of the way along s
        ("aside", "f8"),  # the same of a lane offset: it is not taken out of the way
        ("odometer", "f8"),
        ("standing", "f8"),  # seconds at standstill, -1 moving
        ("at_end", "f8"),  # seconds at the road's end, -1 elsewhere
        ("steering", "f8"),  # of a modelled vehicle: angle of its front wheels
        ("slip", "f8"),  # speed to the left at its centre of gravity [m/s]
        ("yaw_rate", "f8"),
        ("route_s", "f8"),  # way along its route
        ("yaw", "f8"),  # heading less the direction of its lane, which default motion keeps
        ("road", "i4"),  # -1: on no road
        ("lane", "i4"),
        ("facing", "i4"),  # +1: looks along increasing s, -1 against
        ("is_there", "i4"),
        ("is_placed", "i4"),
        ("is_visible", "i4"),
        ("longitudinal", "i4"),  # the action that has this domain, -1 the default
        ("lateral", "i4"),
        ("route", "i4"),
        ("route_at", "i4"),
        ("driven_longitudinal", "i4"),  # another controller is active there
        ("driven_lateral", "i4"),
        ("moved", "i4"),  # 1: an action set its pose in this step already
        ("trailer", "i4"),
        ("tractor", "i4"),
        ("stopped_at_end", "i4"),
        ("half_length", "f8"),  # of its box; 0: it has none and touches nothing
        ("half_width", "f8"),
        ("axle_behind", "f8"),  # so far behind its rear axle is drawn; 0: it is there itself
        ("axle_x", "f8"),  # where that axle is
        ("axle_y", "f8"),
        ("centre_x", "f8"),  # of its box, from the reference point
        ("centre_y", "f8"),
        ("low", "f8"),
        ("high", "f8"),
        ("radius", "f8"),  # of the circle around its box
        ("box_x", "f8"),  # centre of its box in the world
        ("box_y", "f8"),
        ("last_box_x", "f8"),
        ("last_box_y", "f8"),
        ("plain_low", "f8"),  # stretch of its road and lane on which `is_plain` holds
        ("plain_high", "f8"),
        ("plain_x", "f8"),  # of the reference line, gone straight back to s = 0; an arc's centre
        ("plain_y", "f8"),
        ("plain_h", "f8"),
        ("plain_cos", "f8"),
        ("plain_sin", "f8"),
        ("plain_curvature", "f8"),
        ("plain_t", "f8"),  # of the centre of its lane
        ("plain_s", "f8"),  # of a spiral: where x, y, h and curvature are those of the line
        ("plain_rate", "f8"),  # of a spiral [1/m2]
        ("plain_road", "i4"),  # -1: not looked up
        ("plain_lane", "i4"),
        ("is_plain", "i4"),  # WINDING, PLAIN, BENDING (engine/road/plain.py)
        ("model", "i4"),  # tables: KINEMATIC, DYNAMIC; 0: it moves by default
        ("touching", "i4"),  # how many others it touches (State.pairs)
        ("touched", "i4"),  # how many others it ever touched
        ("kind", "i4"),  # as in ENTITY; of a slot that of what is in it
        ("category", "i4"),
        ("mass", "f8"),
        ("traffic", "i4"),  # row of Program.traffic that made it, -1
        ("serial", "i4"),  # its number among those of this traffic's name, from 1
        ("template", "i4"),
    ]
)
PLANNED = (
    "x", "y", "z", "h", "p", "r", "speed", "last_x", "last_y", "last_z", "last_h", "last_speed",
    "acceleration", "s", "t", "offset", "turn", "odometer", "standing", "yaw",
    "road", "lane", "facing", "route_at",
)  # fmt: skip
"""Of a body, what a modelled vehicle has twice: as it is, and as its plan is (plans.py)."""
PLAN = np.dtype(
    [
        *((name, BODY[name]) for name in PLANNED),
        ("direction", "f8"),  # of the plan's path where it is, seen ahead
        ("bend", "f8"),  # its curvature, seen ahead [1/m]
        ("way", "f8"),  # gone along the path [m]
        ("ahead", "f8"),  # how far along the path the vehicle is ahead of its plan [m]
        ("sense", "f8"),  # +1 forwards, -1 in reverse
        ("newest", "i4"),  # number of the last row of its trail; -1 none
        ("at", "i4"),  # of the row beside the vehicle
    ]
)
TRACE = np.dtype([("x", "f8"), ("y", "f8"), ("direction", "f8"), ("bend", "f8"), ("way", "f8")])
"""Where a plan came along: rows of State.trails."""
TRAIL = 512
"""Rows of one trail; it forgets what is older."""
AT_WORK, WORK_DONE = 1, 2
"""What a running action is: still at its work, or only waiting for its step to end."""


POSE = np.dtype(
    [
        ("x", "f8"),
        ("y", "f8"),
        ("z", "f8"),
        ("h", "f8"),
        ("p", "f8"),
        ("r", "f8"),
        ("s", "f8"),
        ("t", "f8"),
        ("offset", "f8"),
        ("road", "i4"),  # -1: on no road, or not known
        ("lane", "i4"),
        ("has_z", "i4"),
        ("has_heading", "i4"),  # 1: the position says the heading; else it looks along its lane
        ("is_valid", "i4"),
    ]
)
"""A position resolved: where it is in the world, and on the road."""
LOG = np.dtype([("step", "i4"), ("element", "i4"), ("state", "i4"), ("transition", "i4")])
CONTACT = np.dtype(
    [
        ("time", "f8"),
        ("x", "f8"),
        ("y", "f8"),
        ("closing", "f8"),
        ("delta_v", "f8"),
        ("other_delta_v", "f8"),
        ("entity", "i4"),
        ("other", "i4"),
        ("serial", "i4"),  # of a vehicle of traffic; 0 of others
        ("other_serial", "i4"),
        ("traffic", "i4"),
        ("other_traffic", "i4"),
    ]
)
POSES, LOGS, DUE = 8, 4096, 128
TIME_NOW, STEP_NOW, CHANGED, OVERFLOWED, TOLD, LOGGED, STEP_S, FAILED, TOUCHED = range(9)
DAY_KNOWN, DAY_S, DAY_SET_S, DAY_RUNS, SHOWN, ENDED_BY = range(9, 15)
"""Places in State.clock: time [s], step, whether elements changed since triggers were gathered,
what there was not enough room for (room.SHORTAGES, a bit set), transitions until the last triggers
were asked, and until now, step width [s],
why the run cannot go on (FAILURES; 0: it can); contacts told; whether the
time of day is known, what it was [s since 1970, UTC], when it was set, whether it goes on; the
step that drivers were shown, and 1; how what a driver did ends the run, 0."""
(
    BY_STOP_TRIGGER, BY_STORYBOARD, BY_TIME, NOT_RUN, BY_FAILURE, BY_CONTACT, BY_STANDSTILL,
) = range(7)  # fmt: skip
"""How a run ended; the last two only where a driver's row asks for it."""
(
    NO_FAILURE, NO_POSITION, LOST_NUMBERS, NO_ROUTE, UNSUPPORTED_STATE, NO_CURVE, DRIVER_FAILED,
) = range(7)  # fmt: skip
FAILURES = (
    "",
    "a position cannot be resolved: it is on no road, lane or route",
    "a state became infinite or no number",
    "there is no way along the roads to a waypoint or position",
    "it needs what is not supported in this state",
    "a trajectory has knots that decrease, or comes to no curve in the world",
    "the driver answered with what is no number",
)


@dataclass(frozen=True, eq=False)
class State(Tables):
    """Everything that changes while a variant runs.

    Attributes
    ----------
    values : (n_slots,)
        The variant's numbers.
    memories, due
        Of conditions, one row a triggering entity; due is (n_memories, 128): when delayed changes
        come.
    variables, words : (n_variables,)
        Numbers, and interned texts (-1 for numbers).
    signals, controllers
        Of traffic lights.
    curve
        Rows of engine.curve.tables.VERTEX: trajectories as this run resolved them.
    legs, ways : (n,) int32
        Roads of routes, in order, and how they are gone along (+1, -1), LEGS for each route.
    routes, trajectories
        Which of them are resolved, and how long they are.
    random : (1,) uint64
        State of the run's random numbers; never 0.
    poses
        Scratch: positions being resolved.
    waiting : (n_elements,) int32
        Elements whose trigger is to be asked, in the document's order, n_waiting[0] of them.
    running : (n_actions,) int32
        Scratch.
    plans
        Of modelled vehicles, one row an entity and one of scratch; trails: where they came along,
        TRAIL for each entity; pedals: what of them is held, PEDALS for each entity.
    pairs : (n_entities, n_entities) uint8
        Of two entities, the lower row first: 1 they touch, 2 they have touched.
    traffic, corners
        Of traffic actions; corners : (n, 2) are the polygons of areas [m].
    log
        Transitions in their order, as many as there is room for.
    contacts
        First touches of pairs, in their order.
    own, commands
        Of drivers, one row each (engine/driving/tables.py); others: n_entities rows each; recalls :
        (n_drivers * MEMORY,) what compiled ones keep for themselves; measures : (n_drivers, WIDTH)
        of their runs (engine/measuring).
    clock : (15,)
        See the places above.
    """

    values: np.ndarray
    bodies: np.ndarray
    elements: np.ndarray
    actions: np.ndarray
    memories: np.ndarray
    due: np.ndarray
    variables: np.ndarray
    words: np.ndarray
    signals: np.ndarray
    controllers: np.ndarray
    curve: np.ndarray
    legs: np.ndarray
    ways: np.ndarray
    routes: np.ndarray
    trajectories: np.ndarray
    random: np.ndarray
    poses: np.ndarray
    waiting: np.ndarray
    n_waiting: np.ndarray
    running: np.ndarray
    plans: np.ndarray
    trails: np.ndarray
    pedals: np.ndarray
    pairs: np.ndarray
    traffic: np.ndarray
    corners: np.ndarray
    log: np.ndarray
    contacts: np.ndarray
    own: np.ndarray
    others: np.ndarray
    commands: np.ndarray
    recalls: np.ndarray
    measures: np.ndarray
    clock: np.ndarray


LEGS = 256
"""Roads of one route at most."""


def new_state(program: Program, n_slots: int) -> State:
    """Return room for one run of a program."""
    n_entities = max(1, program.entities.shape[0])
    n_memories = 1
    for row in program.conditions:
        n_memories = max(n_memories, int(row["first_memory"]) + max(1, int(row["n_members"])))
    n_traffic = max(1, program.traffic.shape[0], *(1 + int(n) for n in program.traffic["name"]))
    n_plans = n_entities if program.motion else 0
    n_drivers = max(1, program.drivers.shape[0])
    n_elements = max(1, program.elements.shape[0])
    n_actions = max(1, program.actions.shape[0])
    n_curve = 1
    for row in program.trajectories:
        n_curve = max(n_curve, int(row["first_workspace"]) + int(row["n_workspace"]))
    return State(
        values=np.zeros(n_slots),
        bodies=np.zeros(n_entities, BODY),
        elements=np.zeros(n_elements, ELEMENT_STATE),
        actions=np.zeros(n_actions, ACTION_STATE),
        memories=np.zeros(n_memories, MEMORY),
        due=np.zeros((n_memories, DUE), np.int32),
        variables=np.zeros(max(1, program.variables.shape[0])),
        words=np.zeros(max(1, program.variables.shape[0]), np.int32),
        signals=np.zeros(max(1, program.signals.shape[0]), SIGNAL_MEMORY),
        controllers=np.zeros(max(1, program.controllers.shape[0]), CONTROLLER_MEMORY),
        curve=np.zeros(n_curve, CURVE_VERTEX),
        legs=np.zeros(LEGS * max(1, program.routes.shape[0]), np.int32),
        ways=np.zeros(LEGS * max(1, program.routes.shape[0]), np.int32),
        routes=np.zeros(max(1, program.routes.shape[0]), ROUTE_STATE),
        random=np.full(1, 0x9E3779B97F4A7C15, np.uint64),
        trajectories=np.zeros(max(1, program.trajectories.shape[0]), TRAJECTORY_STATE),
        poses=np.zeros(POSES, POSE),
        waiting=np.zeros(n_elements, np.int32),
        n_waiting=np.zeros(1, np.int32),
        running=np.zeros(n_actions, np.int32),
        plans=np.zeros(n_plans + 1, PLAN),
        trails=np.zeros(max(1, TRAIL * n_plans), TRACE),
        pedals=np.zeros(max(1, PEDALS * n_plans), PEDAL),
        pairs=np.zeros((n_entities, n_entities), np.uint8),
        traffic=np.zeros(n_traffic, TRAFFIC_STATE),
        corners=np.zeros((max(1, program.corners.shape[0]), 2)),
        log=np.zeros(LOGS, LOG),
        contacts=np.zeros(n_entities * (n_entities - 1) // 2 + 1, CONTACT),
        own=np.zeros(n_drivers, OWN),
        others=np.zeros(n_drivers * n_entities, OTHER),
        commands=np.zeros(n_drivers, COMMAND),
        recalls=np.zeros(n_drivers * DRIVER_MEMORY),
        measures=accumulators(n_drivers),
        clock=np.zeros(15),
    )
