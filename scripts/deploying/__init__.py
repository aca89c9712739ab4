"""What `scripts/deploy` is made of."""
