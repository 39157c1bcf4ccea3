"""Vehicles that move by a model: single-track, kinematic or dynamic, and the driver that steers."""
