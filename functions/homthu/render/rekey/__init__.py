"""The pages for those who type figures into another system."""
