"""The root of every error that this program raises on purpose."""


class HomThuError(Exception):
    """An error that the box can explain; subclasses carry data, and the edge finds the words."""
