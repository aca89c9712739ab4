"""The province as a witness: what it remembers of each ward, and what it tells of all of them."""
