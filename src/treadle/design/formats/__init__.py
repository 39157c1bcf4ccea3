"""Foreign files of design in and out, one file a format."""
