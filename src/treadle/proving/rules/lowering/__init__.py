"""A scenario as the engine's arrays: structure once, numbers as slots for every variant."""
