"""Evidence: what was required, run, found and claimed, as a graph that nobody can change unseen."""
