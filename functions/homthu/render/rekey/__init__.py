"""The pages for whoever types figures into another system."""
