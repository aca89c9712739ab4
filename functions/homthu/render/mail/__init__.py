"""Mails as bytes, and the short ones."""
