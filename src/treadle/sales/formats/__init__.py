"""Foreign files of sales in and out, one file a format."""
