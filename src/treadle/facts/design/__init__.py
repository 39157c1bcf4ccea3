"""What happens in design, one file a topic."""
