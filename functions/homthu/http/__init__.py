"""The HTTP edge: one module per function, beside the request checks, headers and pages they share."""
