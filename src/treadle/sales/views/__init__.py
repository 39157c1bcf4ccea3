"""What one may ask of sales."""
