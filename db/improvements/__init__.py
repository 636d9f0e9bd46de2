"""Actions: what was found, what is done about it, and what the figures say afterwards."""
