"""The views of files: the list, one file with its story and clocks, and the forms around them."""
