"""The story of a file as a time line, and its clocks as bars."""
