"""What the history of a thing of design adds up to."""
