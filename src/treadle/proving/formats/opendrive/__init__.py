"""OpenDRIVE 1.4-1.8 into a road network: reading.py reads, checking.py finds what is wrong."""
