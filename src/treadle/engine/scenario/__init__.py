"""Scenarios as arrays, and what runs them: storyboard, motion, conditions, collisions."""
