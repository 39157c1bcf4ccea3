"""Measures of a run, kept while it runs: how near it came, how hard it was, what rules it broke."""
