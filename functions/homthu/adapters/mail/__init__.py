"""The ways to send a mail."""
