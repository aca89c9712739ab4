"""A server of the ward's own: installing, updating, backing up, checking, and alarms."""
