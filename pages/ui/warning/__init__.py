"""Warnings: lists, one with its chart and story, what people do with it, how the rules are set."""
