"""A report's digest as people see it."""

#: So much of a digest is printed: 64 bits, which nobody finds a second report for in time.
_PRINTED = 16


def printed(digest: str) -> str:
    """A digest as mails, letters and the board print it."""
    return digest[:_PRINTED]
