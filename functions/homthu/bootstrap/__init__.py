"""Puts the program together from its settings: the only module that names an adapter."""
