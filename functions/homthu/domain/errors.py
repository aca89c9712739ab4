"""The root of every error that this program raises on purpose."""


class HomThuError(Exception):
    """Something the box can explain; subclasses carry data, the edge finds the words."""
