"""What one may ask of proving."""
