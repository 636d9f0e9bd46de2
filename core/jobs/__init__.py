"""What is done in the background: its kinds, its states, and when it counts as stopped."""
