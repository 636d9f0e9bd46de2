"""What an import keeps of a file on disk, makes ready beforehand, and writes at a time."""
