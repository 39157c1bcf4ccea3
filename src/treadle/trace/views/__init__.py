"""What one may ask of the trace: what is in what, which cars hold a suspect, what happened."""
