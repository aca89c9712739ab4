"""A box on one machine: its data folder, what serves it, its schedule and its backup file."""
