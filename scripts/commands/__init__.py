"""One module per command: its options, what it does, and what it prints. `environment` starts them."""
