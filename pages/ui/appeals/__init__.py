"""Appeals: raising one, deciding it, and what they come to."""
