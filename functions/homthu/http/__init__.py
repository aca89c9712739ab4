"""The HTTP edge: one module a function, beside the gate, headers and pages they share."""
