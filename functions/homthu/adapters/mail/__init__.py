"""The ways out for a mail."""
