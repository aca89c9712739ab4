"""What an office configures for a ward: places, rounds, questions."""
