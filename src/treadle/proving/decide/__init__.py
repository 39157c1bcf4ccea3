"""What may be asked of proving, what is refused, and how it is computed."""
