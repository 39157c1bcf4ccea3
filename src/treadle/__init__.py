"""Treadle: the open digital thread of the intelligent, low-carbon car."""

__version__ = "0.1.0"
