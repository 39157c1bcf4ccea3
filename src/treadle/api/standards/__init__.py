"""Protocols that a standard defines, one file a standard."""
