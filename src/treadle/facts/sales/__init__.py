"""What happens in sales, one file a topic."""
