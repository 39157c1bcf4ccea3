"""A road network in the words of OpenDRIVE, and its lowering to the engine's arrays.

Read in this order: network.py, road.py, lanes.py, geometry.py, junction.py, lowering.py.
"""
