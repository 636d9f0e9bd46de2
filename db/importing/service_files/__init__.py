"""Importing files of what happens after service fails, and their events."""
