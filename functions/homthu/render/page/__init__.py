"""The citizen's pages, and the frame that every page has."""
