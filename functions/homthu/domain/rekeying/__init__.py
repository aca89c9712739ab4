"""What is typed again into another system: the rows, their sums, and who typed what."""
