"""Where a value stands in a file of tables."""

#: Keys, and positions in arrays counted from zero.
KeyPath = tuple[str | int, ...]


def format_path(path: KeyPath) -> str:
    """As people write and count it: `places[2].code` is the second place's code."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
