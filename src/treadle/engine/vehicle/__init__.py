"""Vehicles that move by a model: single-track, kinematic or dynamic, and the driver that steers.

Reading order: `kinematic`, `single_track`, `driver`. The reference point is the middle of the rear
axle (OpenSCENARIO XML 1.3, section 6.3.5), axes are those of ISO 8855: x forward, y left.
"""
