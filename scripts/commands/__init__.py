"""What each script does: its options, its run, and what it says. `environment` starts them."""
