"""A file on this machine behind every side of the store."""
