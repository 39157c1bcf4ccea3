"""Actions, one file a family: how each begins, and how it goes on by one step."""
