"""The parts of `scripts/deploy`."""
