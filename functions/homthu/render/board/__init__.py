"""The public results."""
