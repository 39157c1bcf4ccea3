"""Traffic actions: sources, sinks, swarms and areas, and the vehicles that they make."""
