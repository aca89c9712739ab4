"""What the box is made of that others wrote: the bill of materials, and known vulnerabilities."""
