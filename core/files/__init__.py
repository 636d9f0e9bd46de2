"""Files: what happens after service fails, step by step, each with its clocks."""
