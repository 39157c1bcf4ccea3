"""What one may ask of design."""
