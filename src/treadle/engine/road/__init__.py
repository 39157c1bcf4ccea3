"""Roads as arrays, after ASAM OpenDRIVE: where a road is, what its lanes are, what follows it."""
