"""A server of the ward's own: installed, updated, backed up, looked at, and heard when something fails."""
