"""Warnings: what became worse by more than chance explains, who has it, and why it was closed."""
