"""Randomness: the only place that asks the machine for unpredictable bytes."""

import secrets


def random_bytes(count: int) -> bytes:
    """This many bytes from the operating system."""
    return secrets.token_bytes(count)
