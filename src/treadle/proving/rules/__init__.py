"""Pure calculations of proving: what a file says, what its numbers are, what runs from it."""
