"""The province as a witness: what it remembers of each ward, and what it publishes of all of them."""
