"""Proving: test and validation of automated driving; scenarios in, verdicts and evidence out."""
