"""Curves: clothoids, polylines and NURBS, by arc length and by time."""
