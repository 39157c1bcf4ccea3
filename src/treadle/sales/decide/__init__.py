"""What may happen next in sales, and what is refused."""
