"""The language of the thread: everything that can happen, one file a domain."""
