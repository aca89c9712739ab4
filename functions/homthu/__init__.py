"""Hòm thư góp ý điện tử: an anonymous suggestion box for a ward."""
