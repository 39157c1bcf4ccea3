"""The ways in which a driver plugs in from outside: Python, FMU, OSI, Gymnasium.

Read naming.py first: it finds a driver by its name.
"""
