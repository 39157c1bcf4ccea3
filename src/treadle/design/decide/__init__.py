"""What may happen next in design, and what is refused."""
