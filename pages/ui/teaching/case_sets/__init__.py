"""Case sets on the page: the list, one set with its lessons, and collecting cases into sets."""
