"""What may be said of a run in numbers: the catalogue, recorded trajectories, KPIs."""
