"""What the box is about, as plain values: no I/O, no clock, no environment, no randomness."""
