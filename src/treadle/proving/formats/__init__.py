"""Foreign files of proving: OpenSCENARIO, OpenDRIVE, trajectories."""
