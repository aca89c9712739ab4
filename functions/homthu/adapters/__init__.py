"""What implements the ports; named only by bootstrap. Each SDK is imported by one module here."""
