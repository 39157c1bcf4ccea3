"""Compiled numerics: plain arrays in, plain arrays out; knows no fact, no store, no clock.

Empty until proving moves in; the walls around it stand from the first day.
"""
