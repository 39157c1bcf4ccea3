"""What a driver sees and what it may say: one interface for compiled, batched and foreign drivers.

Everything is told in the frame of the driver's own lane: x along the way that the lane is driven, y
to the left of it. A driver is asked at the start of a step; what it says holds until it is asked
again. Lengths in m, speeds in m/s, accelerations in m/s2, angles in rad, times in s.
"""

from typing import Protocol

import numpy as np

OWN = np.dtype(
    [
        ("time", "f8"),
        ("period", "f8"),  # since it was asked last, and until it will be asked again
        ("speed", "f8"),  # along its heading, negative backwards
        ("acceleration", "f8"),  # of the step that led here
        ("lateral_speed", "f8"),  # across its lane
        ("lane_offset", "f8"),  # its box's centre from the centre of its lane
        ("lane_heading", "f8"),  # heading less the direction of its lane
        ("lane_width", "f8"),
        ("curvature", "f8"),  # of its lane where it is, positive to the left [1/m]
        ("set_speed", "f8"),  # the speed that it was told to keep
        ("speed_limit", "f8"),  # inf where not told
        ("length", "f8"),
        ("width", "f8"),
        ("wheelbase", "f8"),
        ("max_acceleration", "f8"),  # what the vehicle can do; inf where not told
        ("max_deceleration", "f8"),
        ("lanes_left", "i4"),  # lanes driven the same way beside its own
        ("lanes_right", "i4"),
        ("is_on_road", "i4"),  # 0: the frame is its own heading, and lanes are not known
        ("row", "i4"),  # of the variant, for drivers that serve many
    ]
)
"""The driver's own vehicle."""
OTHER = np.dtype(
    [
        ("entity", "i4"),
        ("serial", "i4"),  # of a vehicle of traffic: another number, another vehicle in this row
        ("kind", "i4"),  # engine.scenario.tables: VEHICLE, PEDESTRIAN, MISC_OBJECT
        ("is_there", "i4"),  # 0: the rest of the row says nothing
        ("lane", "i4"),  # lanes to the left of the own one (right: negative); UNKNOWN_LANE
        ("dx", "f8"),  # from the own box's centre to that of the other, along the lane
        ("dy", "f8"),
        ("gap_x", "f8"),  # free way between the outlines, negative where they overlap that way
        ("gap_y", "f8"),
        ("speed", "f8"),  # along the lane's x
        ("lateral_speed", "f8"),  # along the lane's y
        ("lateral_acceleration", "f8"),  # how its lateral speed changed in the step that led here
        ("acceleration", "f8"),  # along its own heading
        ("heading", "f8"),  # less the direction of the own lane
        ("length", "f8"),  # along the lane's x, of the turned box
        ("width", "f8"),  # along the lane's y
        ("lane_offset", "f8"),  # its centre from the centre of the lane that it is in
    ]
)
"""Another road user: a row of `others`, one an entity, always the same row."""
UNKNOWN_LANE = 99
WANDERING = 0.375
"""Within so much of its lane's middle [m] a vehicle is taken to wander, not to leave it: UN R157
Annex 4 Appendix 3 (01 series Annex 3)."""
COMMAND = np.dtype(
    [
        ("acceleration", "f8"),
        ("curvature", "f8"),  # of the way to go [1/m]; taken where `steers` is not 0
        ("steers", "i4"),  # 0: the vehicle keeps its lane and its offset in it
        ("risk", "i4"),  # 1: the driver holds the situation for unsafe; shown, not acted on
    ]
)
"""What a driver says; an acceleration or a curvature that is no number ends the run."""
MEMORY = 64
"""Numbers that a compiled driver may keep from call to call; all 0 when a run begins."""


class Drive(Protocol):
    """A compiled driver.

    Parameters
    ----------
    own : record of OWN
    others : (n_entities,) OTHER
        The own row says `is_there` 0.
    settings : (n_settings,)
        The driver's parameters.
    memory : (MEMORY,)
        Its own; all 0 in the first call of a run.
    command : record of COMMAND
        To be filled; it comes with what was said last, all 0 at first.
    """

    def __call__(
        self,
        own: np.void,
        others: np.ndarray,
        settings: np.ndarray,
        memory: np.ndarray,
        command: np.void,
    ) -> None:
        """Say what the vehicle shall do until the next call."""
