"""Routes of training."""
