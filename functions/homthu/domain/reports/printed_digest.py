"""A report's digest as people see it."""

#: Hexadecimal digits printed: 64 bits, for which nobody finds a second report in time.
_PRINTED = 16


def printed(digest: str) -> str:
    """A digest as mails, letters and the board print it."""
    return digest[:_PRINTED]
