"""Searches for failures, and for the frontier between what fails and what does not."""
