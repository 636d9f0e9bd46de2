"""What people do to files: enter them, take their steps, hand them over, merge them."""
