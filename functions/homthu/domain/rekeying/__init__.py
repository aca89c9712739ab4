"""Figures to be typed again into another system: the rows, their sums, and who has typed what."""
