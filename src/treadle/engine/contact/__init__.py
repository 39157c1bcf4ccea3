"""Boxes that meet: overlap, distance, the first contact within a step, and what the impact does.

Reading order: `boxes` (two boxes that stand), `sweep` (two boxes that move), `impact`.
"""
