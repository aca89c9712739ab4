"""The report as a mail."""
