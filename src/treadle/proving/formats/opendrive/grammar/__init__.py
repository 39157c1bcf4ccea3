"""The elements of OpenDRIVE, read by elements.py."""
