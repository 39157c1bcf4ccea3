"""Rows of a run's state: what elements, actions, conditions, routes and pedals remember."""

import numpy as np

ELEMENT_STATE = np.dtype(
    [
        ("state", "i4"),
        ("started", "i4"),  # number of its last start transition among all transitions, -1 none
        ("ended", "i4"),
        ("stopped", "i4"),
        ("skipped", "i4"),
        ("executions", "i4"),
        ("asked", "i4"),  # step at which its trigger was asked last
        ("triggered", "i8"),  # bit set of the entities that triggered it
    ]
)
ACTION_STATE = np.dtype(
    [
        ("is_running", "i4"),  # AT_WORK, WORK_DONE; 0: not
        ("phase", "i4"),
        ("begun", "i4"),  # step
        ("at", "i4"),  # where in a list: speed profile entry, curve piece
        ("shape", "i4"),
        ("elapsed", "f8"),  # in the unit of its dynamics: s or m
        ("duration", "f8"),
        ("from_value", "f8"),
        ("to_value", "f8"),
        ("from_rate", "f8"),
        ("a", "f8"),  # what the action itself needs to remember
        ("b", "f8"),
        ("c", "f8"),
        ("d", "f8"),
        ("own_key", "f8"),  # ways along several roads, found once (actions/distance_way.py)
        ("own_start", "f8"),
        ("own_sign", "f8"),
        ("other_key", "f8"),
        ("other_start", "f8"),
        ("other_sign", "f8"),
    ]
)
MEMORY = np.dtype(
    [
        ("was", "i4"),  # truth at the last evaluation; -1 never evaluated
        ("seen", "i4"),  # step of the last evaluation
        ("before", "i4"),  # truth at the evaluation before that
        ("level", "i4"),  # truth after the delay
        ("first_due", "i4"),  # delay: ring of the steps at which it changes
        ("n_due", "i4"),
        ("told", "i4"),  # step of the last evaluation of `who_now`
        ("sprung", "i4"),  # 1: what is delayed became true in this step
        ("who", "i8"),  # entities that made it true when it became so, a bit set
        ("who_now", "i8"),  # entities for whom it is true, and was one step before
        ("who_before", "i8"),
        ("value", "f8"),  # the condition's own accumulator
        ("since", "f8"),
        ("x", "f8"),
        ("y", "f8"),
    ]
)
SIGNAL_MEMORY = np.dtype([("word", "i4")])
CONTROLLER_MEMORY = np.dtype([("phase", "i4"), ("since", "f8"), ("is_set", "i4")])
ROUTE_STATE = np.dtype(
    [
        ("is_made", "i4"),
        ("n_legs", "i4"),
        ("start_s", "f8"),  # on the first road
        ("end_s", "f8"),  # on the last one
        ("length", "f8"),
    ]
)
"""A route as this run resolved it; its roads are State.legs[LEGS * route :], in order."""
TRAJECTORY_STATE = np.dtype(
    [
        ("is_made", "i4"),
        ("n_rows", "i4"),
        ("has_times", "i4"),
        ("has_turned", "i4"),  # 1: some vertex tells an orientation
        ("length", "f8"),
    ]
)
"""A trajectory as this run resolved it; its pieces are rows of State.curve."""
PEDAL = np.dtype(
    [
        ("is_held", "i4"),
        ("at", "f8"),  # what it does now [m/s2]; of a clutch how far it is pressed
        ("wanted", "f8"),  # of a gear what it does; of a steering wheel the wheels' angle [rad]
        ("rate", "f8"),  # how fast that changes at most, each second
    ]
)
"""A pedal, gear or steering wheel that a scenario holds (actions/pedals.py)."""
