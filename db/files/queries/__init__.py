"""What people read of files: which they see, the list, one file whole."""
