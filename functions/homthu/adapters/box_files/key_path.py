"""Key paths: how a value of a TOML file is named while it is read, and in a problem."""

#: Keys, and positions in arrays counted from zero.
KeyPath = tuple[str | int, ...]


def format_path(path: KeyPath) -> str:
    """A path as people count: `places[2].code` is the second place's code."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
