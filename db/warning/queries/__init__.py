"""Reading warnings: lists, one with its history, what was told of them, the rules."""
