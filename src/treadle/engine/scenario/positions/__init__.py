"""Positions of the standard, and what they lie on: resolved to places in the world."""
