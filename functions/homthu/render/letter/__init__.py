"""The report as a draft in the official form."""
