"""The commands that only developers of the program run."""
