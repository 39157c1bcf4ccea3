"""What the history of a thing of sales adds up to."""
