"""Sets up a ward in a browser, on this machine alone; no function loads any of it."""
