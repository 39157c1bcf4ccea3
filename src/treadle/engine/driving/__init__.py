"""Drivers under test: what they see, what they may say, and those that Treadle brings along."""
