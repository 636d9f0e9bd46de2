"""Taking in recordings: which files there are, whose they are, where they are kept."""
