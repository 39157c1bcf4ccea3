"""Compiled numerics: plain arrays in, plain arrays out; knows no fact, no store, no clock.

`tables` modules hold the arrays (numpy alone); everything else is compiled (numba) and imported
only by what runs it.
"""
