"""Conditions of triggers, one file a family."""
