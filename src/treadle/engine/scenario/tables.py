"""The arrays of a compiled scenario: its structure, shared by all variants of one group.

A number that a parameter can change is a slot: an index into the variant's `values`. So all
variants of a group run on one Program, each with its own vector of values. Fields named `*_slot`
are slots; other fields are structure. Rows that belong together stand together: `first_x`, `n_x`.
-1 says none. Lengths in m, angles in rad, speeds in m/s.
"""

from dataclasses import dataclass

import numpy as np

from treadle.engine.measuring.tables import settings_of
from treadle.engine.road.tables import Roads, no_roads
from treadle.engine.scenario.traffic_tables import SHARE, STRETCH, TRAFFIC
from treadle.engine.tables import Tables

# -- words of the standard, as numbers --------------------------------------------------------

STORYBOARD, STORY, ACT, MANEUVER_GROUP, MANEUVER, EVENT, ACTION_ELEMENT, INIT = range(8)
ELEMENT_KINDS = (
    "storyboard", "story", "act", "maneuverGroup", "maneuver", "event", "action", "init",
)  # fmt: skip
STANDBY, RUNNING, COMPLETE = range(3)
STARTED, ENDED, STOPPED, SKIPPED = range(4)
"""Transitions; with the states they are what StoryboardElementStateCondition asks for."""
OVERWRITE, PARALLEL, SKIP = range(3)
NO_EDGE, RISING, FALLING, RISING_OR_FALLING = range(4)
LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL = range(6)
RULES = (
    "lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual", "equalTo", "notEqualTo",
)  # fmt: skip
LINEAR, CUBIC_SHAPE, SINUSOIDAL, STEP = range(4)
SHAPES = ("linear", "cubic", "sinusoidal", "step")
TIME, DISTANCE, RATE = range(3)
DIMENSIONS = ("time", "distance", "rate")
ENTITY_SYSTEM, LANE_SYSTEM, ROAD_SYSTEM, TRAJECTORY_SYSTEM, WORLD_SYSTEM = range(5)
SYSTEMS = ("entity", "lane", "road", "trajectory", "world")
ROUTINGS = (
    "undefined", "assignedRoute", "fastest", "leastIntersections", "shortest", "random",
)  # fmt: skip
UNDEFINED, ASSIGNED_ROUTE, BY_FASTEST, BY_FEWEST, BY_SHORTEST, BY_CHANCE = range(6)
LONGITUDINAL, LATERAL, EUCLIDEAN = range(3)
DISTANCE_TYPES = ("longitudinal", "lateral", "euclidianDistance")
ALONG, ACROSS, UP, ALL_DIRECTIONS = range(4)
"""DirectionalDimension: longitudinal, lateral, vertical; all of them where it is not given."""
FOLLOW, POSITION_MODE = range(2)
FOLLOWING_MODES = ("follow", "position")
ANY_DISPLACEMENT, TRAILING, LEADING = range(3)
"""LongitudinalDisplacement: any, trailingReferencedEntity, leadingReferencedEntity."""
ANY_SIDE, LEFT_TO, RIGHT_TO = range(3)
"""LateralDisplacement: any, leftToReferencedEntity, rightToReferencedEntity."""
NO_FINAL, ABSOLUTE_FINAL, RELATIVE_FINAL = range(3)
NO_STEADY, STEADY_DISTANCE, STEADY_TIME = range(3)
"""SynchronizeAction: its final speed, and the steady state before arrival."""
ANY, ALL = range(2)
NO_Z, IN_WORLD, ABOVE_ROAD = range(3)
NOT_TURNED, TURNED_ABSOLUTE, TURNED_RELATIVE = range(3)
"""Orientation of a position: not given, absolute, relative."""
REACHED_RAD = 0.05
"""An orientation is reached when each angle that is told is this near: as esmini has it."""

(
    SIMULATION_TIME, TIME_OF_DAY, STORYBOARD_STATE, PARAMETER_CONDITION, VARIABLE_CONDITION,
    USER_DEFINED_VALUE, TRAFFIC_SIGNAL, TRAFFIC_SIGNAL_CONTROLLER,
    END_OF_ROAD, COLLISION, OFFROAD, TIME_HEADWAY, TIME_TO_COLLISION, ACCELERATION, STAND_STILL,
    SPEED_CONDITION, RELATIVE_SPEED, TRAVELED_DISTANCE, REACH_POSITION, DISTANCE_CONDITION,
    RELATIVE_DISTANCE, RELATIVE_CLEARANCE, ANGLE, RELATIVE_ANGLE, ROAD_CONDITION, NEVER,
) = range(26)  # fmt: skip
"""Conditions; NEVER stands for one that is not supported."""

(
    NOTHING, SPEED, SPEED_PROFILE, LONGITUDINAL_DISTANCE, LANE_CHANGE, LANE_OFFSET,
    LATERAL_DISTANCE, SYNCHRONIZE, TELEPORT, ASSIGN_ROUTE, FOLLOW_TRAJECTORY, ACQUIRE_POSITION,
    RANDOM_ROUTE, ACTIVATE_CONTROLLER, VISIBILITY, CONNECT_TRAILER, DISCONNECT_TRAILER,
    ADD_ENTITY, DELETE_ENTITY, SET_VARIABLE, ADD_TO_VARIABLE, MULTIPLY_VARIABLE,
    SIGNAL_STATE, SIGNAL_CONTROLLER_PHASE, ENVIRONMENT, TRAFFIC_SOURCE, TRAFFIC_SINK,
    TRAFFIC_SWARM, TRAFFIC_STOP, OVERRIDE_PEDALS, TRAFFIC_AREA,
) = range(31)  # fmt: skip
"""Actions; NOTHING completes at once and moves nothing."""

(
    WORLD, RELATIVE_WORLD, RELATIVE_OBJECT, ROAD_POSITION, RELATIVE_ROAD, LANE_POSITION,
    RELATIVE_LANE, ROUTE_POSITION, TRAJECTORY_POSITION,
) = range(9)  # fmt: skip
IN_ROUTE_OF_ENTITY, IN_ROUTE_BY_ROAD, IN_ROUTE_BY_LANE = range(3)
VEHICLE, PEDESTRIAN, MISC_OBJECT, EXTERNAL_OBJECT = range(4)
POLYLINE, CLOTHOID, CLOTHOID_SPLINE, NURBS = range(4)
NO_TIMING, ABSOLUTE_TIMING, RELATIVE_TIMING = range(3)
DEFAULT_MOTION, KINEMATIC, DYNAMIC = range(3)
PEDALS = 6
THROTTLE, BRAKE, PARKING_BRAKE, CLUTCH, GEAR, STEERING_WHEEL = range(PEDALS)
FORWARD, NEUTRAL, REVERSE, IN_PARK = 1.0, 0.0, -1.0, 2.0

# -- structure --------------------------------------------------------------------------------

ENTITY = np.dtype(
    [
        ("kind", "i4"),
        ("category", "i4"),  # index in the list of the compiler's own words
        ("centre_x_slot", "i4"),  # bounding box: its centre from the reference point
        ("centre_y_slot", "i4"),
        ("centre_z_slot", "i4"),
        ("length_slot", "i4"),
        ("width_slot", "i4"),
        ("height_slot", "i4"),
        ("mass_slot", "i4"),  # [kg]; NaN where not told
        ("max_speed_slot", "i4"),  # inf where not told
        ("max_acceleration_slot", "i4"),
        ("max_deceleration_slot", "i4"),
        ("max_acceleration_rate_slot", "i4"),
        ("max_deceleration_rate_slot", "i4"),
        ("front_axle_slot", "i4"),  # its x from the reference point (the rear axle)
        ("axle_behind_slot", "i4"),  # how far behind the reference point the rear axle is drawn
        ("max_steering_slot", "i4"),
        ("trailer", "i4"),  # entity that is coupled behind it from the start
        ("hitch_slot", "i4"),  # x of the hitch from the reference point
        ("coupler_slot", "i4"),  # x of a trailer's coupler from its reference point
        ("has_hitch", "i4"),
        ("has_coupler", "i4"),
        ("is_driven", "i4"),  # a controller other than the default one may move it
    ]
)
ELEMENT = np.dtype(
    [
        ("kind", "i4"),
        ("parent", "i4"),
        ("first_child", "i4"),  # children stand together
        ("n_children", "i4"),
        ("start_trigger", "i4"),  # -1: starts with its parent
        ("stop_trigger", "i4"),
        ("maximum_slot", "i4"),  # executions
        ("priority", "i4"),
        ("first_action", "i4"),  # rows of Program.actions, one an actor; of action elements
        ("n_actions", "i4"),
        ("by_trigger", "i4"),  # of a maneuver group: 1: selectTriggeringEntities
        ("first_actor", "i4"),  # of a maneuver group: rows of Program.members
        ("n_actors", "i4"),  # with selectTriggeringEntities everybody may be one
        ("n_named", "i4"),  # the first of them: those that it names
    ]
)
"""Storyboard elements, breadth first: the storyboard is row 0; Init's actions have no row."""
TRIGGER = np.dtype([("first_group", "i4"), ("n_groups", "i4")])
GROUP = np.dtype([("first_condition", "i4"), ("n_conditions", "i4")])
CONDITION = np.dtype(
    [
        ("kind", "i4"),
        ("edge", "i4"),
        ("delay_slot", "i4"),
        ("rule", "i4"),
        ("value_slot", "i4"),
        ("first_member", "i4"),  # triggering entities: rows of Program.members
        ("n_members", "i4"),
        ("members_rule", "i4"),  # ANY, ALL
        ("first_memory", "i4"),  # rows of State.memories: one a triggering entity, at least one
        ("entity", "i4"),  # the referenced entity
        ("position", "i4"),
        ("freespace", "i4"),
        ("system", "i4"),  # coordinate system
        ("distance_type", "i4"),
        ("routing", "i4"),  # routing algorithm: 0 undefined, 1 assigned route, 2 fastest, ...
        ("direction", "i4"),  # DirectionalDimension
        ("tolerance_slot", "i4"),
        ("duration_slot", "i4"),
        ("element", "i4"),  # storyboard element
        ("state", "i4"),  # its state, or 3 + transition
        ("variable", "i4"),
        ("word", "i4"),  # an interned text: the value to compare with, a signal's state
        ("signal", "i4"),
        ("first_entity", "i4"),  # referenced entities: rows of Program.members
        ("n_entities", "i4"),
        ("back_slot", "i4"),  # RelativeClearance: distanceBackward
        ("front_slot", "i4"),
        ("opposite", "i4"),
        ("first_range", "i4"),  # RelativeLaneRange: rows of Program.ranges
        ("n_ranges", "i4"),
        ("object_kind", "i4"),  # CollisionCondition ByType: kind of entity, -1
        ("angle_type", "i4"),  # 0 heading, 1 pitch, 2 roll
    ]
)
RANGE = np.dtype([("from_slot", "i4"), ("to_slot", "i4")])
ACTION = np.dtype(
    [
        ("kind", "i4"),
        ("element", "i4"),  # of the storyboard; -1 in Init
        ("entity", "i4"),  # the actor; -1 of global actions
        ("is_longitudinal", "i4"),  # the domains that it takes over from running actions
        ("is_lateral", "i4"),
        ("shape", "i4"),
        ("dimension", "i4"),
        ("following", "i4"),
        ("value_slot", "i4"),  # of the dynamics: time, distance or rate
        ("target_slot", "i4"),  # speed, lane, offset, distance, variable's value ...
        ("reference", "i4"),  # the referenced entity
        ("is_factor", "i4"),  # RelativeTargetSpeed: factor instead of delta
        ("is_continuous", "i4"),
        ("is_relative", "i4"),
        ("offset_slot", "i4"),  # targetLaneOffset; maximum lateral acceleration of a lane offset
        ("freespace", "i4"),
        ("system", "i4"),
        ("displacement", "i4"),
        ("by_time_gap", "i4"),
        ("has_limits", "i4"),  # 1: there are DynamicConstraints
        ("max_acceleration_slot", "i4"),  # DynamicConstraints; inf where not told
        ("max_deceleration_slot", "i4"),
        ("max_speed_slot", "i4"),
        ("max_acceleration_rate_slot", "i4"),
        ("max_deceleration_rate_slot", "i4"),
        ("position", "i4"),
        ("master_position", "i4"),
        ("tolerance_slot", "i4"),
        ("master_tolerance_slot", "i4"),
        ("final_kind", "i4"),  # Synchronize: 0 none, 1 absolute, 2 relative to master
        ("final_slot", "i4"),
        ("steady_kind", "i4"),  # 0 none, 1 distance, 2 time
        ("steady_slot", "i4"),
        ("route", "i4"),
        ("trajectory", "i4"),
        ("along_curve", "i4"),  # 1: its speed is along the trajectory, whichever way it faces
        ("timing", "i4"),  # NO_TIMING, ABSOLUTE_TIMING, RELATIVE_TIMING
        ("scale_slot", "i4"),
        ("time_offset_slot", "i4"),
        ("distance_offset_slot", "i4"),
        ("first_entry", "i4"),  # SpeedProfile: rows of Program.entries
        ("n_entries", "i4"),
        ("longitudinal", "i4"),  # ActivateController: 1 on, 0 off, -1 as it is; Visibility: sensors
        ("lateral", "i4"),
        ("variable", "i4"),
        ("signal", "i4"),
        ("word", "i4"),
        ("duration_slot", "i4"),
        ("traffic", "i4"),  # row of Program.traffic; of a stop the number of a name, -1 all
    ]
)
ENTRY = np.dtype([("speed_slot", "i4"), ("time_slot", "i4")])  # time: -1 where not given
POSITION = np.dtype(
    [
        ("kind", "i4"),
        ("road", "i4"),
        ("entity", "i4"),
        ("route", "i4"),
        ("trajectory", "i4"),
        ("in_route", "i4"),
        ("by_road", "i4"),  # 1: lane and t on a route are those of the road, not of the route
        ("a_slot", "i4"),  # x, dx, s, ds, path s
        ("b_slot", "i4"),  # y, dy, t, dt, lane id, dLane, path t
        ("c_slot", "i4"),  # z, dz, offset
        ("along_lane", "i4"),  # 1: ds is measured along the lane (dsLane), not the reference line
        ("orientation", "i4"),
        ("h_slot", "i4"),
        ("p_slot", "i4"),
        ("r_slot", "i4"),
        ("has_z", "i4"),  # NO_Z, IN_WORLD, ABOVE_ROAD: where c counts from
        ("level", "i4"),  # of roads one above another: how many are above it; -1: any of them
        ("has_tilt", "i4"),  # 1: pitch and roll are told; else they are the road's
    ]
)
ROUTE = np.dtype(
    [
        ("first_waypoint", "i4"),
        ("n_waypoints", "i4"),
        ("is_closed", "i4"),
        ("is_fixed", "i4"),  # 1: no waypoint depends on an entity: its roads are found once a run
        ("from_actor", "i4"),  # 1: it begins where its actor is; the waypoints follow
        ("is_random", "i4"),
    ]
)
WAYPOINT = np.dtype([("position", "i4"), ("strategy", "i4")])  # shortest 0, fastest, least, random
TRAJECTORY = np.dtype(
    [
        ("shape", "i4"),
        ("is_closed", "i4"),
        ("first_vertex", "i4"),  # rows of Program.vertices
        ("n_vertices", "i4"),
        ("order", "i4"),
        ("first_knot", "i4"),  # rows of Program.knots: slots
        ("n_knots", "i4"),
        ("first_workspace", "i4"),  # rows of State.curve
        ("n_workspace", "i4"),
        ("has_times", "i4"),
        ("is_fixed", "i4"),  # 1: no vertex depends on an entity: it is made once a run
        ("n_inner", "i4"),  # trajectories right before this one that its vertices lie on
        ("blend", "i4"),  # engine.curve.tables: AT_CORNERS, EVENLY, AT_VERTICES
    ]
)
VERTEX = np.dtype(
    [
        ("position", "i4"),
        ("time_slot", "i4"),
        ("weight_slot", "i4"),
        ("curvature_slot", "i4"),  # of a clothoid (segment): at its start
        ("end_curvature_slot", "i4"),
        ("length_slot", "i4"),
        ("heading_slot", "i4"),  # hOffset of a segment
    ]
)
SIGNAL = np.dtype([("controller", "i4"), ("word", "i4")])  # word: the state at the start
PHASE = np.dtype([("controller", "i4"), ("name", "i4"), ("duration_slot", "i4"),
                  ("first_signal_state", "i4"), ("n_signal_states", "i4")])  # fmt: skip
SIGNAL_STATE_ROW = np.dtype([("signal", "i4"), ("word", "i4")])
CONTROLLER = np.dtype([("first_phase", "i4"), ("n_phases", "i4"), ("delay_slot", "i4"),
                       ("reference", "i4")])  # fmt: skip
VARIABLE = np.dtype([("value_slot", "i4"), ("word", "i4"), ("is_text", "i4")])

DRIVER = np.dtype(
    [
        ("kind", "i4"),  # which driver: routines.DRIVERS
        ("entity", "i4"),
        ("from_start", "i4"),  # 1: it drives from the start; 0: once a controller is activated
        ("first_setting", "i4"),  # rows of Program.settings
        ("n_settings", "i4"),
        ("period", "f8"),  # how often it is asked [s]; every step where that is less
        ("ends_by_contact", "i4"),  # 1: the run ends where it touches anything
        ("standstill", "f8"),  # it ends when it has stood still for so long [s]; inf: never
    ]
)
"""Drivers under test (engine/driving): whom they drive."""
WATCHES, ANSWERS_OUTSIDE = range(2)
"""Kinds that compiled code does not call: one only watches, one is answered for in lockstep.py."""

ROUTINES = 320
"""Room in the table of addresses."""


@dataclass(frozen=True, eq=False)
class Program(Tables):
    """A scenario's structure as arrays; see the rows' own tables."""

    entities: np.ndarray
    elements: np.ndarray
    triggers: np.ndarray
    groups: np.ndarray
    conditions: np.ndarray
    members: np.ndarray
    ranges: np.ndarray
    actions: np.ndarray
    entries: np.ndarray
    positions: np.ndarray
    routes: np.ndarray
    waypoints: np.ndarray
    trajectories: np.ndarray
    vertices: np.ndarray
    knots: np.ndarray
    signals: np.ndarray
    phases: np.ndarray
    signal_states: np.ndarray
    controllers: np.ndarray
    variables: np.ndarray
    drivers: np.ndarray
    settings: np.ndarray
    """(n,) numbers that drivers were set to."""
    measuring: np.ndarray
    """(1,) engine.measuring.tables.SETTINGS: what the measures of drivers' runs assume."""
    traffic: np.ndarray
    shares: np.ndarray
    templates: np.ndarray
    """Rows of ENTITY: what vehicles of traffic are like."""
    corners: np.ndarray
    """(n,) rows of positions: polygons of traffic areas."""
    stretches: np.ndarray
    stretch_lanes: np.ndarray
    init: np.ndarray
    """(n,) rows of actions that Init starts, in its order."""
    stop_trigger: int
    """Of the storyboard; -1 none."""
    roads: Roads
    routines: np.ndarray
    """(ROUTINES,) int64: addresses of what it needs of the engine (scenario/preparing.py)."""
    motion: int = DEFAULT_MOTION
    """How vehicles move: DEFAULT_MOTION, or KINEMATIC or DYNAMIC after it."""
    n_slots: int = 0
    """The last rows of entities: slots of traffic, empty at first."""


def no_program() -> Program:
    """Return a program of nothing."""
    rows = {
        "entities": ENTITY, "elements": ELEMENT, "triggers": TRIGGER, "groups": GROUP,
        "conditions": CONDITION, "ranges": RANGE, "actions": ACTION, "entries": ENTRY,
        "positions": POSITION, "routes": ROUTE, "waypoints": WAYPOINT,
        "trajectories": TRAJECTORY, "vertices": VERTEX, "signals": SIGNAL, "phases": PHASE,
        "signal_states": SIGNAL_STATE_ROW, "controllers": CONTROLLER, "variables": VARIABLE,
        "drivers": DRIVER,
        "traffic": TRAFFIC, "shares": SHARE, "templates": ENTITY, "stretches": STRETCH,
    }  # fmt: skip
    names = ("members", "knots", "init", "corners", "stretch_lanes")
    lists = {name: np.zeros(0, np.int32) for name in names}
    tables = {name: np.zeros(0, dtype) for name, dtype in rows.items()}
    routines = np.zeros(ROUTINES, np.int64)
    return Program(
        **tables,
        **lists,
        settings=np.zeros(0),
        measuring=settings_of(),
        stop_trigger=-1,
        roads=no_roads(),
        routines=routines,
        motion=DEFAULT_MOTION,
        n_slots=0,
    )
