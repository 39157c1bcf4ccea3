"""Rows of traffic actions (OpenSCENARIO XML 1.3, section 6.10): what they make, where, how fast.

A vehicle of traffic has a slot: a row of bodies after those of the scenario's own entities, free
again when it is gone. What it is like says a template, a row of Program.templates.
"""

import numpy as np

TRAFFIC = np.dtype(
    [
        ("kind", "i4"),  # that of the action: TRAFFIC_SOURCE, ...
        ("name", "i4"),  # number of its trafficName
        ("entity", "i4"),  # the central object of a swarm
        ("position", "i4"),
        ("first_share", "i4"),  # rows of Program.shares
        ("n_shares", "i4"),
        ("radius_slot", "i4"),
        ("rate_slot", "i4"),
        ("speed_slot", "i4"),  # lowest starting speed; NaN where not told
        ("top_speed_slot", "i4"),
        ("number_slot", "i4"),  # of vehicles or entities
        ("major_slot", "i4"),
        ("minor_slot", "i4"),
        ("inner_slot", "i4"),
        ("offset_slot", "i4"),
        ("same_slot", "i4"),  # weight of traffic that goes the way of the central object
        ("opposite_slot", "i4"),
        ("has_directions", "i4"),
        ("is_continuous", "i4"),
        ("first_corner", "i4"),  # rows of Program.corners: positions
        ("n_corners", "i4"),
        ("first_stretch", "i4"),  # rows of Program.stretches
        ("n_stretches", "i4"),
        ("only", "i4"),  # a sink takes only vehicles of the traffic of this name; -1 all
        ("categories", "i4"),  # bit set of the categories that a sink takes; -1 all
    ]
)
SHARE = np.dtype([("template", "i4"), ("share_slot", "i4")])
"""How often a template is drawn: shares of one traffic add up to 1."""
STRETCH = np.dtype(
    [
        ("road", "i4"),
        ("from_slot", "i4"),  # s where the range enters, and where it leaves
        ("to_slot", "i4"),
        ("range", "i4"),  # number of the RoadRange among those of its area
        ("length_slot", "i4"),  # of the range at most; inf where not told
        ("first_lane", "i4"),  # rows of Program.stretch_lanes: slots; none: all lanes
        ("n_lanes", "i4"),
    ]
)
TRAFFIC_STATE = np.dtype(
    [
        ("is_running", "i4"),
        ("made", "i4"),  # vehicles so far; of the name that is the row's number
        ("due", "f8"),  # when the next one comes or goes [s]
    ]
)
FEWEST_TRIES, MOST_TRIES = 8, 256
"""Places that are drawn for one vehicle: in each step, and where a traffic begins."""
MOST_SLOTS = 256
"""Vehicles of traffic that one run has at once at most."""
USUAL_SPEED = 50.0 / 3.6
"""Of a vehicle where neither the action nor the lane tells any [m/s]."""
WALKING_SPEED = 1.4
ROOM_M, ROOM_BESIDE_M = 2.0, 0.2
"""What has to be free before and behind, and beside, a vehicle that is made [m]."""
